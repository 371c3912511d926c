"""The one table that everything is counted from, and what is done to it whole."""

from chatlab.door import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)

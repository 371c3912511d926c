"""A chat's own folder: its settings, and the files that an analyst keeps there."""

from chatlab.door import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)

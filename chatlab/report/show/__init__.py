"""Tables and lists, by the page they stand on."""

from chatlab.door import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)

"""Who they are, whom they reach, what their host remembers of them."""

from chatlab.door import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)

"""Files in, files out: every format that a post comes in."""

from chatlab.door import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)

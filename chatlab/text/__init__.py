"""What a text says: words, phrases, questions, numbers, links."""

from chatlab.door import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)

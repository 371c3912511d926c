"""What a reader sees: sentences, tables, figures, pages."""

from chatlab.door import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)

"""What leaves chatlab for a team: a workbook, a document, slides, a recap, cards, a calendar."""

from chatlab.door import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)

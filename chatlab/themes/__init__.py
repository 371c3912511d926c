"""Sub-themes that keep coming back, and market research: frictions, solutions, cases."""

from chatlab.door import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)

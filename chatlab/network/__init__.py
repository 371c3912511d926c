"""Who answers whom: graphs, communities, influence, roles, files for other programs."""

from chatlab.door import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)

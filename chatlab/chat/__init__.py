"""The moderated chat: editions, hosts, questions, answers, who comes back."""

from chatlab.door import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)

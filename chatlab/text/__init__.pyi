from .asking import asks_something as asks_something
from .patterns import clean_text as clean_text
from .words import stop_words as stop_words
from .words import tokenize as tokenize

"""When two spans give the same answer."""

import re
import unicodedata

from corpus.article import Article
from service.answering.values.reading import value_of
from service.answering.values.value import Value

__all__ = ["answer_key", "same_answer_key"]

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_NOT_WORD = re.compile(r"[^\w%$€£]+")
_TITLES = re.compile(
    r"^(?:(?:former|then|ex|acting|deputy|vice|prime minister|president|chancellor|minister|premier"
    r"|secretary|governor|gov|senator|sen|representative|rep|mayor|judge|justice|king|queen|prince"
    r"|princess|pope|dr|mr|mrs|ms|miss|sir|dame|lord|lady|professor|prof|captain|capt|colonel|col"
    r"|lieutenant|lt|general|gen|sergeant|sgt|major|maj|chief|executive|coach|manager|director"
    r"|chairman|chairwoman|spokesman|spokeswoman) )+(?=\w)"
)
# In more words than this a value is only a part of what is said.
_MAX_VALUE_WORDS = 6


def answer_key(text: str) -> str:
    """Return what two answers have in common when they say the same in the same words.

    >>> answer_key("the “Blue Whale”") == answer_key("Blue whale,")
    True
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    words = _NOT_WORD.sub(" ", text)
    return " ".join(_ARTICLES.sub(" ", words).split()) or " ".join(text.split())


def same_answer_key(article: Article, start: int, end: int) -> str:
    """Return what two spans have in common when they give the same answer.

    Equal values are, however they are written; so is a name with a title before it.
    """
    text = article.text[start:end]
    if len(text.split()) <= _MAX_VALUE_WORDS and (value := value_of(article, start, end)):
        return _value_key(value)
    key = answer_key(text)
    return _TITLES.sub("", key) or key


def _value_key(value: Value) -> str:
    # "#" stands in no other key.
    return "#" + " ".join(f"{name}={fact}" for name, fact in value.as_dict().items())

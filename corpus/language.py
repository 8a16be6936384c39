"""The only door to py3langid: the language of a text that does not state it."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["detect_language"]

# A few sentences tell as much as all of them.
_MAX_CHARS = 400
_MIN_LETTERS = 15
_MIN_CONFIDENCE = 0.7
# Words that English has and no other language writes so, and how many there are in any news.
_ENGLISH = frozenset(
    "the of and that with from were have has had their which would been this are not but they said"
    " after than about when who will its his her you could into".split()
)
_MIN_WORDS = 12
_MIN_ENGLISH = 0.1
_MIN_DISTINCT = 3
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    # Here, not at the top: most runs need no more than a look at the commonest words.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect_language(text: str) -> str | None:
    """Return the code of the language (ISO 639-1) that a text is in, or None when that is unsure.

    >>> detect_language("Die Brücke wurde am Dienstag gesperrt, sagte der Bürgermeister.")
    'de'
    >>> detect_language("Tram 4") is None
    True
    """
    text = text[:_MAX_CHARS]
    words = _WORD.findall(text)
    if sum(map(len, words)) < _MIN_LETTERS:
        return None
    # Most news that states no language is in English, and this is a tenth of the work.
    english = [word for word in words if word in _ENGLISH]
    is_enough = len(english) >= _MIN_ENGLISH * len(words) and len(words) >= _MIN_WORDS
    if is_enough and "the" in english and len(set(english)) >= _MIN_DISTINCT:
        return "en"
    code, confidence = _identifier().classify(text)
    return str(code) if confidence >= _MIN_CONFIDENCE else None

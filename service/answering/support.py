"""Who else says it, and how many sources say something independently of each other."""

import re
from collections.abc import Sequence

from index.hit import Hit

__all__ = ["n_independent", "says"]

_WORD = re.compile(r"[^\W_]+")


def says(text: str, answer: str) -> bool:
    """Whether a span's text gives an answer in a few words more, or a name by its last part.

    Words that go on with a name or number make another one of it.

    >>> says("barman Lorcan Shay", "Lorcan Shay"), says("Shay", "Lorcan Shay")
    (True, True)
    >>> says("Georgia Tech", "Georgia"), says("New York", "New York City")
    (False, False)
    """
    if match := re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text):
        before = _WORD.findall(text[: match.start()])[-1:]
        after = _WORD.findall(text[match.end() :])[:1]
        return all(word[0].islower() for word in before + after)
    return text[:1].isupper() and answer.endswith(f" {text}")


def n_independent(hits: Sequence[Hit]) -> int:
    """Return how many independent sources there are among the articles of these hits.

    Articles of one story (near-duplicates: copies of a wire report, updates) are one source, and
    so are articles of one outlet. An outlet that is not named counts by itself.
    """
    groups: list[set[str]] = []
    for hit in hits:
        marks = {f"article {hit.article.id}"}
        if hit.story is not None:
            marks.add(f"story {hit.story}")
        if hit.article.source:
            marks.add(f"outlet {hit.article.source}")
        touched = [group for group in groups if group & marks]
        groups = [group for group in groups if not group & marks]
        groups.append(marks.union(*touched))
    return len(groups)

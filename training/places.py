"""Where an answer's words stand in a text."""

import re
from collections.abc import Sequence

from index.search.hit import Hit
from training.example import Context

__all__ = ["answer_places", "headed", "parted"]


def answer_places(text: str, answers: Sequence[str]) -> tuple[tuple[int, int], ...]:
    r"""Return where the words of an answer stand, `[start, end)` in code points, in order.

    Whole words, whatever the case and the marks between them. Where one place holds another, the
    longer one counts.

    >>> answer_places("In New-York? new york!", ["New York"])
    ((3, 11), (13, 21))
    """
    places: set[tuple[int, int]] = set()
    for answer in answers:
        if words := re.findall(r"\w+", answer):
            between = r"[^\w]{1,3}".join(map(re.escape, words))
            pattern = rf"(?<!\w){between}(?!\w)"
            places.update(match.span() for match in re.finditer(pattern, text, re.IGNORECASE))
    longest = sorted(places, key=lambda place: (place[0] - place[1], place))
    kept: list[tuple[int, int]] = []
    for place in longest:
        if all(place[1] <= other[0] or other[1] <= place[0] for other in kept):
            kept.append(place)
    return tuple(sorted(kept))


def headed(title: str, text: str) -> str:
    """Return a passage with its headline before it, as `service.reader.span_reader` reads it.

    >>> headed("Ferry sinks.", "Nine were saved."), headed("", "Nine were saved.")
    ('Ferry sinks. Nine were saved.', 'Nine were saved.')
    """
    title = title.rstrip(" .")
    return f"{title}. {text}" if title else text


def parted(
    hits: Sequence[Hit], answers: Sequence[str], *, with_headline: bool = False
) -> tuple[list[Context], list[Context]]:
    """Return the passages of hits that hold an answer's words, with the places, and the others."""
    texts = [headed(hit.article.title, hit.text) if with_headline else hit.text for hit in hits]
    contexts = [Context(text=text, answers=answer_places(text, answers)) for text in texts]
    return [one for one in contexts if one.answers], [one for one in contexts if not one.answers]

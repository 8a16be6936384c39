"""Where an answer's words stand in a text."""

import re
from collections.abc import Sequence

from index.hit import Hit
from training.example import Context

__all__ = ["answer_places", "parted"]


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


def parted(hits: Sequence[Hit], answers: Sequence[str]) -> tuple[list[Context], list[Context]]:
    """Return the passages of hits that hold an answer's words, with the places, and the others."""
    contexts = [Context(text=hit.text, answers=answer_places(hit.text, answers)) for hit in hits]
    return [one for one in contexts if one.answers], [one for one in contexts if not one.answers]

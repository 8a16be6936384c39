"""Questions that several answers are right for: the items, each in the archive's own words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from service.answering.answer import AskResult, CitedText
from service.answering.forming import Scored
from service.answering.mentions import Mention
from service.answering.scoring import shown

__all__ = ["joined", "list_items"]

# A group that is so much less likely than the best one, or that the reader does not half believe
# in, is no item.
_MIN_SHARE = 0.05
_MIN_MARGIN = -3.0
_BETWEEN = re.compile(
    # "names and, for some, numbers"
    r"(?:\s+(?:and|or))?[;,]\s+(?:(?:and|or)\b[,\s]\s*)?|\s+(?:and|or|as well as)\s+"
)
_OPENS = re.compile(
    r"(?:for|in|on|at|by|from|with|of|who|which|that|whose|where|when|while|but|as|to whom)\b",
    re.IGNORECASE,
)
_NAMES = re.compile(r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)+")
_MAX_WORDS = 6
_DATELINE = re.compile(r"[^a-z]*[A-Z]{3}[^a-z]*")


def list_items(scored: Sequence[Scored]) -> tuple[list[Mention], float]:
    """Return the items, the best group's first, and the probability that they are the answer.

    A span that enumerates ("fever and sore arms") becomes its parts, and a name that stands in an
    enumeration brings the other names of it. Each of several items has a probability of its own
    as *the* answer: together they have the sum. Fewer than two items are no list.
    """
    best = scored[0]
    items: dict[str, Mention] = {}
    probability = 0.0
    for one in scored:
        first = shown(one.group)
        is_item = one is best or (
            first.margin >= _MIN_MARGIN and one.probability >= _MIN_SHARE * best.probability
        )
        if not is_item:
            continue
        probability += one.probability
        for item in _parts(first):
            if not _DATELINE.fullmatch(item.text) or item.value:
                items.setdefault(item.key, item)
    kept = _without_parts_of_others(list(items.values()))
    return (kept, probability) if len(kept) > 1 else ([], best.probability)


def _parts(mention: Mention) -> Iterator[Mention]:
    """Yield the parts of a mention that enumerates, and the other names of its enumeration."""
    if mention.value:
        yield mention
        return
    text, end = mention.field_text, mention.end
    if _NAMES.fullmatch(mention.text) and _BETWEEN.match(text, mention.end):
        end = mention.quote_end
    for start, stop in _segments(text, mention.start, end):
        part = text[start:stop]
        if start >= mention.end:
            # What the reader left out must be as plainly a name as what it chose.
            name = _NAMES.match(part)
            if not name or _OPENS.match(part):
                continue
            stop = start + name.end()
        elif _OPENS.match(part) or len(part.split()) > _MAX_WORDS:
            continue
        yield replace(mention, start=start, end=stop, text=text[start:stop])


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of what stands between commas, semicolons and conjunctions."""
    for match in _BETWEEN.finditer(text, start, end):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    while end > start and text[end - 1] in " .,;:!?":
        end -= 1
    if end > start:
        yield start, end


def _without_parts_of_others(items: Sequence[Mention]) -> list[Mention]:
    """Drop an item whose words stand in another's ("Lund" beside "Katya Lund")."""

    def words(item: Mention) -> str:
        return f" {item.text.casefold()} "

    return [
        item
        for item in items
        if not any(item is not other and words(item) in words(other) for other in items)
    ]


def joined(results: Sequence[AskResult]) -> AskResult:
    """Return the results of the parts of one question as one: each answer is an item of it."""
    answered = [one for one in results if one.answer]
    first = answered[0] if answered else results[0]
    note = None
    answer = first.answer
    if answer and len(answered) == len(results):
        given = [one.answer for one in answered if one.answer]
        items = tuple(CitedText(one.text, one.value, one.citations[0]) for one in given)
        surest = min(one.confidence for one in given)
        answer = replace(answer, items=items, confidence=surest, timeline=(), conflict=False)
    elif answer:
        note = f"Only this part was answered: {first.question}"
    return replace(
        first,
        answer=answer,
        alternatives=() if answer else first.alternatives,
        note=note,
    )

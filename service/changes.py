"""What is different between two wordings of an article, sentence by sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from corpus.sentences import sentence_spans

__all__ = ["Change", "changes", "quote_now"]

# More are not compared: a page of them would be of no use.
_MAX_SENTENCES = 5000


@dataclass(frozen=True, slots=True)
class Change:
    """A run of sentences in both wordings; `is_same` tells that nothing was changed in it.

    One of `old` and `new` is empty where sentences were only added or only dropped.
    """

    old: str
    new: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class _Sentences:
    text: str
    bounds: Sequence[tuple[int, int]]
    words: Sequence[str]

    @classmethod
    def of(cls, text: str) -> "_Sentences":
        bounds = sentence_spans(text)[:_MAX_SENTENCES]
        return cls(text, bounds, [" ".join(text[start:end].split()) for start, end in bounds])

    def run(self, first: int, last: int) -> str:
        """Return the text of the sentences `[first, last)`."""
        if first == last:
            return ""
        return self.text[self.bounds[first][0] : self.bounds[last - 1][1]]


def changes(old: str, new: str) -> Iterator[Change]:
    """Yield two texts in their order, as runs of sentences that are the same or were changed."""
    before, after = _Sentences.of(old), _Sentences.of(new)
    for kind, first, last, first_now, last_now in _operations(before, after):
        told, told_now = before.run(first, last), after.run(first_now, last_now)
        yield Change(told, told_now, kind == "equal")


def quote_now(old: str, new: str, start: int, end: int) -> str | None:
    """Return what stands now in place of `[start, end)` of an old text.

    None where its sentences are unchanged, and an empty text where nothing took their place.
    """
    before, after = _Sentences.of(old), _Sentences.of(new)
    touched = {
        place for place, bounds in enumerate(before.bounds) if bounds[0] < end and start < bounds[1]
    }
    now: list[str] = []
    is_changed = False
    for kind, first, last, first_now, last_now in _operations(before, after):
        of_it = touched.intersection(range(first, last))
        if not of_it:
            continue
        if kind == "equal":
            now += [after.words[first_now + place - first] for place in sorted(of_it)]
            continue
        is_changed = True
        now.append(_closest(before, after, of_it, range(first, last), range(first_now, last_now)))
    return " ".join(filter(None, now)) if is_changed else None


def _closest(
    before: _Sentences, after: _Sentences, touched: set[int], old: range, new: range
) -> str:
    """Return the sentences of a changed run that stand where those that are touched stood."""
    if len(old) == len(new):
        return " ".join(after.words[new[place - old[0]]] for place in sorted(touched))
    if len(new) <= len(touched):
        return " ".join(after.words[place] for place in new)
    asked = {word for place in touched for word in before.words[place].casefold().split()}

    def alike(place: int) -> float:
        words = set(after.words[place].casefold().split())
        return len(words & asked) / max(1, len(words | asked))

    best = sorted(sorted(new, key=lambda place: -alike(place))[: len(touched)])
    return " ".join(after.words[place] for place in best)


def _operations(before: _Sentences, after: _Sentences) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before.words, after.words).get_opcodes()

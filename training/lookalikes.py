"""Questions that a passage seems to answer and does not: it tells the same of another.

"Who is the president of Colombia?" has no answer in a passage about the president of Ecuador. Such
passages are made from real ones: a name, year or number that question and passage share is replaced
in the passage, wherever it stands there, or changes places with another of the same passage. The
question is changed in the same way, which gives two questions and two passages in which each
question has its answer in one passage only: so nothing can be learnt from a name that seems out of
place. As contrast sets are written by hand (Gardner et al. 2020, section 2), here by rule.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from training.cropping import cropped
from training.datasets import reading_set
from training.example import Context, Example
from training.names import NameBook, names_in
from training.reading import drawn

__all__ = ["lookalike_examples", "lookalikes"]

_SOURCE = "lookalike"
_SETS = ("squad", "squadshifts", "nq_open_oracle", "newsqa", "tydiqa_en", "timeqa_human")
# Made twice of each: news, and questions with a date.
_TWICE = ("newsqa", "timeqa_human")
_UNLIKE_NEWS = ("squadshifts_reddit", "squadshifts_amazon_reviews")
_CROPPED = 0.6
_MAX_LENGTH = 1400  # code points of a passage that is not cropped
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d(?!\d)")
_NUMBER = re.compile(r"(?<![\d.,$£€])\d{1,3}(?![\d,.]*\d)")
_SHIFTS = (-4, -3, -2, -1, -1, 1, 1, 2, 3, 4)
_LAST_YEAR = 2029
# As often as there is another name of the kind in the passage, it is the one that is taken.
_FROM_PASSAGE = 0.6
_MIN_STEM = 4


@dataclass(frozen=True, slots=True)
class _Change:
    """Words to be replaced, each by another, at once."""

    words: Mapping[str, str]

    def of(self, text: str) -> str:
        return self.context(Context(text=text)).text

    def context(self, context: Context) -> Context:
        """Return the passage changed, with its places moved; those that a change cuts are lost."""
        pattern = "|".join(rf"(?<!\w){re.escape(w)}(?!\w)" for w in _longest_first(self.words))
        parts: list[str] = []
        edits: list[tuple[int, int, int]] = []  # start, end, new length
        done = 0
        for match in re.finditer(pattern, context.text):
            other = self.words[match[0]]
            parts += [context.text[done : match.start()], other]
            edits.append((*match.span(), len(other)))
            done = match.end()
        text = "".join([*parts, context.text[done:]])
        moved = (_moved(place, edits) for place in context.answers)
        return Context(text=text, answers=tuple(place for place in moved if place))


def lookalike_examples(rng: random.Random, limit: int | None = None) -> Iterator[Example]:
    """Yield look-alikes of the public sets' questions, and TimeQA's questions as they are.

    With `limit`, those of only so many questions, drawn from all sets.
    """
    every = [
        (name, example)
        for name in _SETS
        for example in reading_set(name)
        if example.source not in _UNLIKE_NEWS
    ]
    book = NameBook({example.contexts[0].text for _, example in every})
    for name, example in drawn(every, limit, rng):
        if name == "timeqa_human":
            yield _short(example, rng).model_copy(update={"source": _SOURCE})
        for _ in range(2 if name in _TWICE else 1):
            yield from lookalikes(_short(example, rng), book, rng)


def lookalikes(example: Example, book: NameBook, rng: random.Random) -> list[Example]:
    """Return the two questions with the two passages, or nothing where nothing can be exchanged.

    The first example asks the question as it was. In each, the first passage answers it and the
    second does not.
    """
    first = example.contexts[0]
    if not first.answers:
        return []
    for change in _changes(example, book, rng):
        second = change.context(first)
        question = change.of(example.question)
        if second.answers and second.text != first.text and question != example.question:
            return [
                _example(example.question, first, second.text),
                _example(question, second, first.text),
            ]
    return []


def _short(example: Example, rng: random.Random) -> Example:
    is_long = len(example.contexts[0].text) > _MAX_LENGTH
    return cropped(example, rng) if is_long or rng.random() < _CROPPED else example


def _example(question: str, context: Context, lookalike: str) -> Example:
    contexts = (context, Context(text=lookalike))
    return Example(source=_SOURCE, question=question, contexts=contexts)


def _changes(example: Example, book: NameBook, rng: random.Random) -> Iterator[_Change]:
    text, question = example.contexts[0].text, example.question
    answers = [text[start:end] for start, end in example.contexts[0].answers]
    ways = [_other_years(text, question, rng), _other_numbers(text, question, answers, rng)]
    ways += [
        _other_name(name, text, question, book, rng)
        for name in _shared_names(text, question)
        if not any(name in answer or answer in name for answer in answers)
    ]
    found = [change for change in ways if change]
    rng.shuffle(found)
    yield from found


def _other_years(text: str, question: str, rng: random.Random) -> _Change | None:
    """Move all years by the same number of years, so that what is told stays in order."""
    asked = set(_YEAR.findall(question))
    told = set(_YEAR.findall(text))
    if not asked or not asked <= told:
        return None
    shift = rng.choice(_SHIFTS)
    if max(map(int, told)) + shift > _LAST_YEAR:
        shift = -abs(shift)
    words = {year: str(int(year) + shift) for year in told}
    return _Change(words | {f"{year}s": f"{other}s" for year, other in words.items()})


def _other_numbers(
    text: str, question: str, answers: Sequence[str], rng: random.Random
) -> _Change | None:
    told = set(_NUMBER.findall(text))
    asked = [number for number in _NUMBER.findall(question) if number in told]
    taken = "".join(answers)
    asked = [number for number in asked if number not in taken and number != "0"]
    if not asked:
        return None
    number = rng.choice(sorted(asked))
    alike = [one for one in told if len(one) == len(number) and one not in (*asked, taken)]
    other = rng.choice(sorted(alike)) if alike else str(int(number) + rng.randint(1, 9))
    if other in taken:
        return None
    return _Change({number: other, other: number})


def _shared_names(text: str, question: str) -> list[str]:
    """Return the names of question or passage that stand in both as whole words."""
    names = {match[0] for match in (*names_in(question), *names_in(text))}
    shared = [name for name in names if _holds(question, name) and _holds(text, name)]
    # Only whole names: "York" is no name of "New York".
    whole = [one for one in shared if not any(one != other and one in other for other in shared)]
    return sorted(whole)


def _other_name(
    name: str, text: str, question: str, book: NameBook, rng: random.Random
) -> _Change | None:
    if _has_derived(text, name):
        return None
    inside = {match[0] for match in names_in(text)} - {name}
    near = [one for one in sorted(inside) if book.kind(one) == book.kind(name)]
    # A name of no known kind is only like the names beside it.
    far = [] if book.kind(name).isdigit() else book.others(name, rng)
    some = near if near and (not far or rng.random() < _FROM_PASSAGE) else far
    fitting = [
        other
        for other in some
        if other not in question
        and not set(other.split()) & set(name.split())
        and (other in near or other not in text)
        and not _has_derived(text, other)
    ]
    if not fitting:
        return None
    other = rng.choice(fitting)
    words = {name: other, other: name}
    if book.kind(name) == "person":
        # Persons are called by either name alone once they were named in full.
        for mine, its in ((0, 0), (-1, -1)):
            words.setdefault(name.split()[mine], other.split()[its])
            words.setdefault(other.split()[its], name.split()[mine])
    return _Change(words)


def _has_derived(text: str, name: str) -> bool:
    """Tell whether a text holds words made from a name, which would give it away ("Ecuadorian")."""
    if " " in name or len(name) <= _MIN_STEM:
        return False
    stem = name[: max(_MIN_STEM, len(name) - 2)]
    return any(word != name for word in re.findall(rf"(?<!\w){re.escape(stem)}\w*", text))


def _holds(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _longest_first(words: Mapping[str, str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _moved(place: tuple[int, int], edits: Sequence[tuple[int, int, int]]) -> tuple[int, int] | None:
    """Return where `[start, end)` is after the edits; None when one cuts it."""
    start, end = place
    before = within = 0
    for first, last, length in edits:
        if last <= start:
            before += length - (last - first)
        elif start <= first and last <= end:
            within += length - (last - first)
        elif first < end:
            return None
    return start + before, end + before + within

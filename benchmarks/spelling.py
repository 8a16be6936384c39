"""How well misspelt questions are put right: `python -m benchmarks.spelling --index DIR QUESTIONS`.

A word of each question is misspelt, as fingers and ears do it: a letter left out, doubled, swapped
with the next, taken from the next key, or another vowel, never the first letter. Then it is counted
how often the question comes back as it was, stays misspelt, or becomes another; and how many of the
questions are changed as they are, though nothing in them is misspelt on purpose.
"""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import rich_click as click

from index.lexical.bm25 import query_terms
from service.answering.spelling import corrected
from service.evaluation.questions import read_questions
from service.settings import Settings
from service.wiring import open_answerer

__all__ = ["misspelt", "with_typo"]

_SEED = 3
_WORD = re.compile(r"[^\W\d_]{5,}")
_VOWELS = "aeiou"
# The keys beside each on an English keyboard.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    key: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in _ROWS
    for place, key in enumerate(row)
}


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--until", help="Only questions asked before this day, such as 2023-01-01.")
@click.argument("questions", type=click.Path(exists=True, path_type=Path))
def main(index_dir: Path, until: str | None, questions: Path) -> None:
    """Print how many misspelt questions are put right, left as they are, and made worse."""
    answerer, archive = open_answerer(Settings(index_dir=index_dir))
    snapshot, knows = archive.current(), answerer.reader.knows
    asked = [
        one.question.text
        for one in read_questions(questions)
        if until is None or (one.question.as_of and one.question.as_of.isoformat() < until)
    ]
    counts = {"right": 0, "as they were": 0, "other": 0}
    for wrong, right in misspelt(asked, random.Random(_SEED)):  # noqa: S311 - not for secrets
        found = corrected(wrong, snapshot, knows)
        is_right = found.casefold() == right.casefold()
        counts["right" if is_right else "as they were" if found == wrong else "other"] += 1
    changed = sum(corrected(text, snapshot, knows) != text for text in asked)
    print(f"misspelt: {sum(counts.values())}, " + ", ".join(f"{k} {n}" for k, n in counts.items()))
    print(f"as they are: {len(asked)}, changed {changed}")


def misspelt(questions: Sequence[str], rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield each question with a word misspelt, and as it was; without such a word none."""
    for question in questions:
        words = [one for one in _WORD.finditer(question) if query_terms(one[0])]
        if not words:
            continue
        word = rng.choice(words)
        yield question[: word.start()] + with_typo(word[0], rng) + question[word.end() :], question


def with_typo(word: str, rng: random.Random) -> str:
    """Return a word of at least three letters with one mistake, after its first letter."""
    place = rng.randrange(1, len(word))
    kind = rng.choice(("left out", "doubled", "swapped", "beside", "vowel"))
    vowels = [i for i in range(1, len(word)) if word[i] in _VOWELS]
    if kind == "left out":
        typed = word[:place] + word[place + 1 :]
    elif kind == "doubled":
        typed = word[:place] + word[place] + word[place:]
    elif kind == "swapped":
        place = rng.randrange(1, len(word) - 1)
        typed = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    elif kind == "vowel" and vowels:
        place = rng.choice(vowels)
        other = rng.choice([one for one in _VOWELS if one != word[place]])
        typed = word[:place] + other + word[place + 1 :]
    else:
        beside = _BESIDE.get(word[place].lower(), "e")
        typed = word[:place] + rng.choice(beside) + word[place + 1 :]
    # Two letters alike can be swapped.
    return typed if typed != word else with_typo(word, rng)


if __name__ == "__main__":
    main()

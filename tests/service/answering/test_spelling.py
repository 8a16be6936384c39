"""Misspelt words of a question."""

from collections.abc import Callable

import pytest

from service.answering.spelling import corrected
from tests.service.answering.fakes import FakeArchive, news

ARCHIVE = FakeArchive(
    [news("a", "The governor opened a bridge in Norhavn. Marta Ølsen came.")],
    spellings={"govenor": "governor", "Norhaven": "Norhavn", "kidney": "kitchen", "Olsen": "Ølsen"},
)


def knowing(*words: str) -> Callable[[str], bool]:
    return lambda word: word in words


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("Who is the govenor?", "Who is the governor?"),
        ("Who is the govenor of Norhaven?", "Who is the governor of Norhavn?"),
        # The archive has it, however it is inflected.
        ("Who opened the bridges?", "Who opened the bridges?"),
        # Nothing is like it: it may be a name that no article mentions.
        ("Who is Kestrel?", "Who is Kestrel?"),
        ("govenor, govenor!", "governor, governor!"),
        # Function words, numbers and short words are never taken for misspelt.
        ("What were they? 20244 abc", "What were they? 20244 abc"),
        ("", ""),
    ],
)
def test_a_misspelt_word_is_written_as_the_archive_does(question: str, written: str) -> None:
    assert corrected(question, ARCHIVE, knowing()) == written


def test_a_word_that_is_known_stays() -> None:
    assert corrected("Who gave a kidney?", ARCHIVE, knowing("kidney", "gave")) == (
        "Who gave a kidney?"
    )
    assert corrected("Who gave a kidney?", ARCHIVE, knowing("gave")) == "Who gave a kitchen?"


def test_accents_make_no_misspelling() -> None:
    # The archive is searched without them: "Olsen" is found.
    assert corrected("Who is Olsen?", ARCHIVE, knowing()) == "Who is Olsen?"

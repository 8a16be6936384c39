"""Misspelt words of a question."""

from collections.abc import Callable

import pytest

from service.answering.spelling import corrected
from tests.service.answering.fakes import FakeArchive, news

ARCHIVE = FakeArchive(
    [
        news("a", "The governor opened a bridge in Norhavn. Marta Ølsen came to police the cost."),
        news("b", "The museum of the coast, cheif among them, must pay the chief."),
    ],
    spellings={
        "govenor": "governor",
        "Norhaven": "Norhavn",
        "norhaven": "Norhavn",
        "kidney": "kitchen",
        "Olsen": "Ølsen",
        "polio": "police",
        "Musk": "must",
        "Comcast": "coast",
        "Corwain": "coast",
        "SpaceX": "space",
        "DMCA": "DMC",
        "cryptozoa": "cost",
    },
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
        ("norhaven", "Norhavn"),
        # The archive's own index finds nothing like it, but it is one letter from English.
        ("Who keeps the musuem?", "Who keeps the museum?"),
        ("Msueum?", "museum?"),
        # Function words, numbers and short words are never taken for misspelt.
        ("What were they? 20244 abc", "What were they? 20244 abc"),
        ("", ""),
    ],
)
def test_a_misspelt_word_is_written_as_the_archive_does(question: str, written: str) -> None:
    assert corrected(question, ARCHIVE, knowing()) == written


@pytest.mark.parametrize(
    "question",
    [
        # English words that no article has, American or British.
        "Who had polio?",
        "Who gave a kidney?",
        "Who analysed the privatisation?",
        # Names of others: something like them is in the archive, but it is no name.
        "What did Elon Musk say?",
        "Who runs Comcast?",
        "Who wrote about Corwain?",
        # Whoever writes so, means it.
        "Where is SpaceX?",
        "What is the DMCA?",
        # Too far from what the archive has.
        "What is cryptozoa?",
    ],
)
def test_a_right_word_stays_although_the_archive_has_one_like_it(question: str) -> None:
    assert corrected(question, ARCHIVE, knowing()) == question


def test_a_name_of_common_words_may_be_less_like() -> None:
    bank = FakeArchive(
        [news("a", "The Reserve Bank and the town of Salina.")],
        spellings={"Resrve": "Reserve", "Sarina": "Salina"},
    )
    knows = knowing("Reserve")
    assert corrected("Who runs the Resrve Bank?", bank, knows) == "Who runs the Reserve Bank?"
    assert corrected("Who is Sarina?", bank, knows) == "Who is Sarina?"


def test_a_word_that_the_reader_knows_stays() -> None:
    assert corrected("Who is the govenor?", ARCHIVE, knowing("govenor")) == "Who is the govenor?"


def test_a_word_that_articles_misspell_too_is_misspelt() -> None:
    often = FakeArchive([news(str(n), f"The chief {n} spoke.") for n in range(100)])
    assert corrected("Who is the cheif?", often, knowing()) == "Who is the chief?"
    rarely = FakeArchive([news("a", "The chief spoke to the cheif.")])
    assert corrected("Who is the cheif?", rarely, knowing()) == "Who is the cheif?"
    once = FakeArchive([*often.hits, news("b", "The cheif spoke.")])
    assert corrected("Who is the cheif?", once, knowing()) == "Who is the chief?"


def test_accents_make_no_misspelling() -> None:
    # The archive is searched without them: "Olsen" is found.
    assert corrected("Who is Olsen?", ARCHIVE, knowing()) == "Who is Olsen?"

import pytest

from index.lexical import stems
from service.answering.naming import full_names, naming_key, naming_rank

PARK = "Which national park was closed?"
MISSION = "What was the name of the mission?"


@pytest.mark.parametrize(
    ("key", "question", "named"),
    [
        ("yellowstone national park", PARK, "yellowstone"),
        ("yellowstone", PARK, "yellowstone"),
        ("national park", PARK, "national park"),
        ("park of nations", PARK, "park of"),
        ("dart mission", MISSION, "dart"),
        ("#number number=3", "What number is it?", "#number number=3"),
        ("", PARK, ""),
    ],
)
def test_words_of_the_question_name_nothing(key: str, question: str, named: str) -> None:
    assert naming_key(key, stems(question)) == named


def test_a_last_name_goes_to_its_only_owner() -> None:
    assert full_names({"harris": "Harris", "joanne harris": "Joanne Harris"}) == {
        "harris": "joanne harris"
    }
    two = {"cheney": "Cheney", "liz cheney": "Liz Cheney", "dick cheney": "Dick Cheney"}
    assert full_names(two) == {}
    assert full_names({"ship": "ship", "sister ship": "Sister ship"}) == {}
    assert full_names({"harris": "Harris", "far too many words for harris": "Far too many"}) == {}


@pytest.mark.parametrize(
    ("text", "key", "group_key", "rank"),
    [
        ("Yellowstone National Park", "yellowstone national park", "yellowstone", 0),
        ("Yellowstone", "yellowstone", "yellowstone", 1),
        ("DART mission", "dart mission", "dart", 2),
        ("Harris", "harris", "joanne harris", 2),
    ],
)
def test_the_best_naming_goes_first(text: str, key: str, group_key: str, rank: int) -> None:
    assert naming_rank(text, key, group_key) == rank

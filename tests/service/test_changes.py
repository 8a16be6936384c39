"""Two wordings are compared sentence by sentence."""

from hypothesis import given
from hypothesis import strategies as st

from service.changes import changes, quote_now

OLD = (
    "It sank. Eleven people died. The water was cold on Monday. The search goes on. Two boats came."
)
NEW = (
    "It sank. Nine people died. The water was cold on Monday. Three boats came. The captain lives."
)


def now(quote: str, old: str = OLD, new: str = NEW) -> str | None:
    start = old.index(quote)
    return quote_now(old, new, start, start + len(quote))


def test_what_stands_in_place_of_a_quote() -> None:
    assert now("Eleven people died.") == "Nine people died."
    assert now("The water was cold on Monday.") is None
    assert (
        now("Eleven people died. The water was cold on Monday.")
        == "Nine people died. The water was cold on Monday."
    )
    assert now("Two boats came.") == "The captain lives."
    assert now("Two", "One came. Two came.", "One came.") == ""
    # Of several new sentences the one that is most like it.
    longer = "It sank on Monday. The toll is nine people. Nobody knows why."
    assert now("The toll is 11 people.", "The toll is 11 people.", longer) == (
        "The toll is nine people."
    )


def test_runs_of_sentences_are_the_same_or_changed() -> None:
    found = [(one.is_same, one.old, one.new) for one in changes(OLD, NEW)]
    assert found == [
        (True, "It sank.", "It sank."),
        (False, "Eleven people died.", "Nine people died."),
        (True, "The water was cold on Monday.", "The water was cold on Monday."),
        (
            False,
            "The search goes on. Two boats came.",
            "Three boats came. The captain lives.",
        ),
    ]
    assert [one.is_same for one in changes(OLD, OLD)] == [True]


@given(st.lists(st.sampled_from(["It rained. ", "It froze. ", "Nine died.\n\n"])), st.data())
def test_all_words_of_both_are_in_the_comparison(parts: list[str], data: st.DataObject) -> None:
    old, new = "".join(parts), "".join(data.draw(st.permutations(parts)))
    runs = list(changes(old, new))
    assert " ".join(one.old for one in runs).split() == old.split()
    assert " ".join(one.new for one in runs).split() == new.split()

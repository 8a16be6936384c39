from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click import ClickException

from index.search.hit import Hit
from service.reader.reader import Span
from training.validate import Scored, at_best_threshold, main, refused, score_examples

CONTEXT = "It rained. Nine people were rescued by the crew."


class FirstWordReader:
    """Answers with the first word; finds no span for a question that is empty."""

    def knows(self, word: str) -> bool:
        return True

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        max_spans: int = 5,
        raise_if_cancelled: Callable[[], None] | None = None,
    ) -> list[Span]:
        end = hits[0].text.index(" ")
        return [Span(0, 0, end, 3.0, 1.0)] if question else []


def example(question: str, *answers: str) -> dict[str, object]:
    return {
        "question": question,
        "context": CONTEXT,
        "answers": list(answers),
        "impossible": not answers,
    }


def test_the_best_span_is_scored_and_its_margin_kept() -> None:
    right, wrong, silent = score_examples(
        FirstWordReader(), [example("a", "It", "it rained"), example("a", "Nine"), example("")]
    )
    assert right == Scored(answerable=True, em=1.0, f1=1.0, margin=2.0)
    assert (wrong.em, wrong.f1) == (0.0, 0.0)
    assert not silent.answerable
    assert silent.margin == float("-inf")


def test_an_example_may_have_a_single_answer() -> None:
    single = {"question": "a", "context": CONTEXT, "answer": "It", "impossible": False}
    (scored,) = score_examples(FirstWordReader(), [single])
    assert scored == Scored(answerable=True, em=1.0, f1=1.0, margin=2.0)


def test_what_scores_below_no_answer_is_refused() -> None:
    assert refused([Scored(True, 0, 0, margin) for margin in (-1.0, 0.0, 2.0, 3.0)]) == 0.25
    assert refused([]) == 0.0


def test_the_best_threshold_answers_the_sure_and_refuses_the_rest() -> None:
    scored = [
        Scored(answerable=True, em=1, f1=1, margin=3),
        Scored(answerable=True, em=0, f1=0.5, margin=2),
        Scored(answerable=False, em=0, f1=0, margin=1),
        Scored(answerable=True, em=1, f1=1, margin=0),
    ]
    em, f1 = at_best_threshold(scored)
    # Answering one, two or all four is equally exact; answering two has the best F1.
    assert em == 50.0
    assert f1 == 62.5


def test_where_every_answer_is_wrong_it_is_best_to_refuse_all() -> None:
    scored = [Scored(False, 0, 0, 9.0), Scored(True, 0, 0, 5.0)]
    assert at_best_threshold(scored) == (50.0, 50.0)


def test_without_data_it_says_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path))
    with pytest.raises(
        ClickException, match=r"val-squad2\.jsonl\.gz is missing: set DATELINE_DATA"
    ):
        main([], standalone_mode=False)

"""`dateline feedback`: what people said about answers, as questions to ask again."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import rich_click as click

from service.api.bodies.requests import FeedbackRequest
from service.cli.console import err, print_json_line
from service.cli.options import errors_told, index_option
from service.feedback import FeedbackFile, KeptFeedback
from service.settings import Settings
from service.words import count

__all__ = ["feedback", "questions_of"]


@click.group()
def feedback() -> None:
    """Work with the feedback that people gave over HTTP.

    dateline feedback export --index my-archive > questions.jsonl
    """


@feedback.command()
@index_option
def export(index_dir: Path) -> None:
    """Print the feedback as a questions file for `dateline eval`.

    An answer that was called right is the question's answer, and so is what was given in place of
    a wrong one; a refusal that was right makes a question without answers. The newest feedback
    about a question counts.

        dateline feedback export --index my-archive > questions.jsonl
    """
    with errors_told():
        kept = FeedbackFile(index_dir, Settings().max_feedback).all()
    questions = list(questions_of(kept))
    for question in questions:
        print_json_line(question)
    pieces = "1 piece" if len(kept) == 1 else f"{len(kept)} pieces"
    err.print(f"{count(len(questions), 'question')} from {pieces} of feedback.")


def questions_of(kept: Sequence[KeptFeedback]) -> Iterator[dict[str, Any]]:
    """Yield the questions whose right answers are known, as a questions file has them."""
    newest: dict[str, tuple[KeptFeedback, FeedbackRequest]] = {}
    for one in kept:
        said = FeedbackRequest.model_validate_json(one.body)
        asked = said.model_copy(update=dict.fromkeys(_ABOUT_THE_ANSWER))
        newest[asked.model_dump_json()] = (one, said)
    for one, said in newest.values():
        answers = _right_answers(said)
        if answers is not None:
            yield _question(one, said, answers)


_ABOUT_THE_ANSWER = ("answer_id", "answer", "right", "right_answers", "note")


def _right_answers(said: FeedbackRequest) -> list[str] | None:
    """Return the right answers, none when the archive does not say, None when nobody knows."""
    if said.right_answers is not None:
        return list(said.right_answers)
    if not said.right:
        return None
    return [] if said.answer is None else [said.answer]


def _question(one: KeptFeedback, said: FeedbackRequest, answers: list[str]) -> dict[str, Any]:
    asked = said.model_dump(
        mode="json", include={"question", "as_of", "filters", "history"}, exclude_defaults=True
    )
    told = {"answer_id": said.answer_id, "note": said.note, "given_at": one.at}
    return {
        "id": f"feedback-{one.id}",
        **asked,
        "answers": answers,
        **{name: value for name, value in told.items() if value is not None},
    }

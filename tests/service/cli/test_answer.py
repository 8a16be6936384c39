"""How an answer looks in a terminal and in a pipe."""

from io import StringIO

import pytest
from rich.console import Console

from service.answering.answer import Question
from service.api.bodies.answers import AskResponse
from service.api.rendering.answers import ask_response
from service.cli.answer import print_result
from tests.service.api.fakes import NOTICE, CorrectedAnswerer, FakeAnswerer


def asked(question: str, *, likely: bool = True) -> AskResponse:
    answerer = FakeAnswerer()
    answerer.likely = likely
    return ask_response(answerer.ask(Question(question)))


def shown(response: AskResponse, *, width: int = 80, terminal: bool = False) -> list[str]:
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, color_system=None)
    print_result(response, console)
    return out.getvalue().splitlines()


def test_an_answer_has_its_quote_source_and_address() -> None:
    assert shown(asked("How many were rescued?")) == [
        "Nine",
        "Almost certainly right (91%) · 1 source",
        "",
        "Source",
        "  “Nine people were rescued.”",
        "  Harbour Post · 5 Mar 2024 · Ferry sinks off Norhavn",
        "  https://example.org/ferry",
        "",
        "Possible answers (1)",
        "  Sula (20%)",
    ]


def test_corrections_stand_under_the_source() -> None:
    answerer = CorrectedAnswerer()
    response = ask_response(answerer.ask(Question("How many were rescued?")))
    at = shown(response).index("  https://example.org/ferry")
    assert shown(response)[at + 1] == f"  Correction, 8 Mar 2024: {NOTICE.text}"


def test_a_possible_answer_is_called_one() -> None:
    first, *_ = shown(asked("How many were rescued?", likely=False))
    assert first == "Possible answer: check the quote before you rely on it."


def test_a_refusal_has_the_reason_and_the_closest_passages() -> None:
    lines = shown(asked("And nothing else?"))
    assert lines[:2] == ["No answer found.", "The archive does not say."]
    assert "Closest passage" in lines


@pytest.mark.parametrize("width", [20, 40, 200])
def test_addresses_are_never_broken_and_pipes_have_whole_lines(width: int) -> None:
    response = asked("How many were rescued?")
    assert shown(response, width=width) == shown(response)
    lines = shown(response, width=width, terminal=True)
    assert "  https://example.org/ferry" in lines
    texts = [line for line in lines if "https:" not in line]
    assert all(len(line.rstrip()) <= width for line in texts)


def test_escape_sequences_of_an_article_do_not_reach_the_terminal() -> None:
    response = asked("evil")
    answer = response.answer
    assert answer
    cited = answer.citations[0].model_copy(update={"title": "\x1b[31mred\x07"})
    answer = answer.model_copy(update={"citations": (cited,)})
    text = "\n".join(shown(response.model_copy(update={"answer": answer})))
    assert "\x1b" not in text and "\x07" not in text

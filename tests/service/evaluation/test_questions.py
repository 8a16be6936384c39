from pathlib import Path

import pytest

from corpus.errors import RequestError
from service.answering.answer import Question
from service.evaluation.questions import read_questions


def test_questions_are_read_with_all_they_bring(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(
        '{"id": "1", "question": "Who?", "answers": ["A"], "as_of": "2024-03-05", "recent": true,'
        ' "filters": {"sources": ["X"], "published_to": "2024-03-04"},'
        ' "history": [{"question": "Where?", "answer": null}]}\n\n'
    )
    (read,) = read_questions(path)
    assert read.question.as_of and read.question.as_of.isoformat() == "2024-03-05"
    assert read.question.filters.sources == ("X",)
    assert read.question.history[0].answer is None
    assert read.extra == {"recent": True}


def test_a_line_ends_at_a_line_feed_and_what_is_optional_may_be_null(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(
        "\ufeff".encode()
        + '{"id": "1", "question": "Who\u2028?", "answers": [], "filters": null,'.encode()
        + b' "history": null, "as_of": null}\r\n'
    )
    (read,) = read_questions(path)
    assert read.question == Question("Who\u2028?")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"q\.jsonl:2: not a line of JSON"),
        ('{"id": "1", "question": "Who?"}', r"q\.jsonl:2: field 'answers'"),
        ('{"id": "1", "question": "Who?", "answers": [], "as_of": "soon"}', "field 'as_of'"),
        ('{"id": "1", "question": "Who?", "answers": [" "]}', r"q\.jsonl:2: .* it is blank"),
        ("caf\xe9", r"q\.jsonl:2: not a line of JSON in UTF-8"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "q.jsonl"
    first = '{"id": "1", "question": "Who?", "answers": []}\n'
    path.write_text(first + line, encoding="latin-1")
    with pytest.raises(RequestError, match=message):
        read_questions(path)


def test_a_file_without_questions_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text("\n")
    with pytest.raises(RequestError, match="holds no question"):
        read_questions(path)

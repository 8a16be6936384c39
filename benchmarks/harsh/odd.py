"""Calls with values that no person sends."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

__all__ = ["OddCall", "odd_calls"]

_TEXTS = {
    "a million letters": "a" * 1_000_000,
    "a million words": "ferry " * 170_000,
    "a question of one letter a line": "q\n" * 2_000,
    "nothing": "",
    "white space": " \t\n\u2003" * 50,
    "NUL": "When did the \x00 ferry sink?",
    "a lone surrogate": "When did the \ud800 ferry sink?",
    "right to left": "\u202eWhen did the ferry sink?\u202c",
    "combining marks": "e" + "\u0301" * 5_000,
    "family": "👨‍👩‍👧‍👦" * 500,
    "noncharacters": "\ufffe\uffff\U0010ffff When?",
    "wide": "Ｗｈｅｎ ｄｉｄ ｔｈｅ ｆｅｒｒｙ ｓｉｎｋ？",
    "query syntax": 'ferry AND (title:"x" OR -y) ~2 ^9 [a TO z] {*} \\',
    "SQL": "'; DROP TABLE articles; --",
    "format": "{0} %s %n ${jndi:ldap://127.0.0.1/x} {{7*7}}",
    "traversal": "../../../../etc/passwd",
    "parentheses": "(" * 20_000,
    "commas": "Who won, " * 400,
}
_VALUES: dict[str, object] = {
    **_TEXTS,
    "null": None,
    "true": True,
    "a number": 7,
    "a huge number": 10**400,
    "a list": ["a"] * 5_000,
    "an object": {"a": {"b": "c"}},
}
_DEEP = 100_000
# A call, its fields by their paths, and a body that is right.
_CALLS: tuple[tuple[str, tuple[str, ...], dict[str, object]], ...] = (
    (
        "/v1/ask",
        ("question", "history", "filters", "as_of", "max_answers"),
        {"question": "When did the ferry sink?"},
    ),
    ("/v1/search", ("query", "k", "filters", "as_of"), {"query": "ferry"}),
    ("/v1/followups", ("article_ids", "asked", "answers"), {"article_ids": ["a"]}),
    (
        "/v1/feedback",
        ("answer_id", "question", "answer", "right", "right_answers", "note"),
        {"answer_id": "0" * 32, "question": "q", "answer": "a", "right": True},
    ),
    (
        "/v1/chat/completions",
        ("model", "messages", "stream", "n"),
        {"model": "dateline", "messages": [{"role": "user", "content": "When did it sink?"}]},
    ),
    ("/v1/articles", ("id", "title", "text", "url", "published"), {"text": "The ferry sank."}),
    (
        "/mcp",
        ("method", "params", "id"),
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask"}},
    ),
)
_GETS = ("/?q={}", "/articles/{}", "/v1/articles/{}", "/articles?q={}", "/v1/articles?cursor={}",
         "/v1/jobs/{}", "/v1/models/{}", "/articles?month={}")  # fmt: skip
_MAX_URL_CHARS = 8_000


@dataclass(frozen=True, slots=True)
class OddCall:
    """A call, named by what is odd about it."""

    name: str
    method: str
    path: str
    body: bytes | None = None
    content_type: str = "application/json"


def odd_calls() -> Iterator[OddCall]:
    """Yield each odd value in each field, odd bodies for each call, and odd addresses."""
    for path, fields, right in _CALLS:
        for field in fields:
            for name, value in _VALUES.items():
                # A surrogate is written as an escape, which JSON allows.
                body = json.dumps({**right, field: value}).encode()
                yield OddCall(f"{path} {field}: {name}", "POST", path, body)
        yield from _odd_bodies(path, right)
    for path in _GETS:
        for name, text in _TEXTS.items():
            written = quote(text.encode("utf-8", "surrogatepass"), safe="")[:_MAX_URL_CHARS]
            yield OddCall(f"{path}: {name}", "GET", path.format(written))


def _odd_bodies(path: str, right: dict[str, object]) -> Iterator[OddCall]:
    whole = json.dumps(right).encode()
    bodies = {
        "lists in lists": b"[" * _DEEP,
        "objects in objects": b'{"question":' * _DEEP,
        "half of it": whole[: len(whole) // 2],
        "two of it": whole + whole,
        "NaN": whole[:-1] + b', "k": NaN}',
        "a field twice": whole[:-1] + b"," + whole[1:],
        "not UTF-8": b'{"question": "\xff\xfe"}',
        "UTF-16": json.dumps(right).encode("utf-16"),
        "nothing": b"",
        "a byte order mark": b"\xef\xbb\xbf" + whole,
    }
    for name, body in bodies.items():
        yield OddCall(f"{path}: {name}", "POST", path, body)
    for content_type in ("text/plain", "application/xml", "multipart/form-data", "x", ""):
        yield OddCall(f"{path}: as {content_type!r}", "POST", path, whole, content_type)

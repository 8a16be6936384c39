"""Articles that arrive over HTTP: one as JSON, or one on each line."""

import io
import json
from dataclasses import dataclass

from litestar.openapi.spec import Example, OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from corpus.article import Article
from corpus.sources import Found, Record, Skip
from corpus.sources.entry import Entry
from corpus.sources.jsonl import read_jsonl
from corpus.sources.record import read_record
from service.api.errors import InvalidFieldError

__all__ = ["UploadOperation", "read_upload"]

_LINES = {"application/x-ndjson", "application/ndjson", "application/jsonl"}


def read_upload(raw: bytes, media_type: str) -> list[Record]:
    """Return the articles of a body, and a skip for each line that holds none.

    Raises:
        InvalidFieldError: it holds no article at all.
    """
    return _lines(raw) if media_type in _LINES else [_one(raw)]


def _one(raw: bytes) -> Article:
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InvalidFieldError("body", f"is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise InvalidFieldError("body", "is not a JSON object with at least the field `text`")
    return _article(read_record(fields, "body"))


def _lines(raw: bytes) -> list[Record]:
    found = read_jsonl(Entry("body", io.BytesIO(raw)))
    records = [one.article if isinstance(one, Found) else one for one in found]
    if not records:
        raise InvalidFieldError("body", "holds no article")
    if all(isinstance(record, Skip) for record in records):
        _article(records[0])
    return records


def _article(record: Record) -> Article:
    if isinstance(record, Skip):
        where = f"line {record.line}" if record.line else "body"
        raise InvalidFieldError(where, record.reason)
    return record


def _text(description: str = "") -> Schema:
    return Schema(type=OpenAPIType.STRING, description=description or None)


_ARTICLE = Schema(
    type=OpenAPIType.OBJECT,
    required=["text"],
    properties={
        "text": _text("The article, with its line breaks."),
        "id": _text("Names it; without one, one is made of the rest."),
        "title": _text(),
        "url": _text(),
        "source": _text("The outlet."),
        "authors": Schema(type=OpenAPIType.ARRAY, items=_text()),
        "published": _text("`2025-02-19` or `2025-02-19T08:30:00Z`."),
        "language": _text(),
        "section": _text(),
    },
)


@dataclass
class UploadOperation(Operation):
    """Describes such a body, which the framework does not see: the handler reads it by itself."""

    def __post_init__(self) -> None:
        two = Example(value='{"text": "It rained."}\n{"text": "It blew."}\n')
        self.request_body = RequestBody(
            required=True,
            content={
                "application/json": OpenAPIMediaType(schema=_ARTICLE),
                "application/x-ndjson": OpenAPIMediaType(schema=_text(), examples={"two": two}),
            },
        )

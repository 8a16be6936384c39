"""Articles that arrive over HTTP: one as JSON, or one on each line."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from litestar.openapi.spec import Example, OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from corpus.sources import Policy, ReadArticle, Record, SkippedRecord, Unread
from corpus.sources.entry import Entry
from corpus.sources.formats.jsonl import read_jsonl
from corpus.sources.formats.objects import read_object
from service.api.errors import InvalidFieldError

__all__ = ["Upload", "UploadOperation", "read_upload"]

_LINES = {"application/x-ndjson", "application/ndjson", "application/jsonl"}


@dataclass(frozen=True, slots=True)
class Upload:
    """What a body holds: articles, and a skip for each line that holds none."""

    found: Sequence[ReadArticle | SkippedRecord]

    @property
    def records(self) -> list[Record]:
        """The articles and skips."""
        return [one.article if isinstance(one, ReadArticle) else one for one in self.found]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the articles, in their order."""
        return tuple(one.article.id for one in self.found if isinstance(one, ReadArticle))

    @property
    def unread(self) -> tuple[tuple[int | None, Unread], ...]:
        """The fields that could not be read, each with its line."""
        articles = (one for one in self.found if isinstance(one, ReadArticle))
        return tuple((one.line, field) for one in articles for field in one.unread)


def read_upload(raw: bytes, media_type: str, policy: Policy | None = None) -> Upload:
    """Return what a body holds.

    Raises:
        InvalidFieldError: it holds no article at all.
    """
    entry = Entry("body", io.BytesIO(raw), policy=policy or Policy())
    found = list(read_jsonl(entry)) if media_type in _LINES else [_one(raw, entry)]
    if not found:
        raise InvalidFieldError("body", "holds no article")
    first = found[0]
    if isinstance(first, SkippedRecord) and all(isinstance(one, SkippedRecord) for one in found):
        where = f"line {first.line}" if first.line else "body"
        raise InvalidFieldError(where, first.reason)
    return Upload(found)


def _one(raw: bytes, entry: Entry) -> ReadArticle | SkippedRecord:
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InvalidFieldError("body", f"is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise InvalidFieldError("body", "is not a JSON object with at least the field `text`")
    return read_object(fields, entry, None)


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
        "embargo": _text("Not shown before; as `published`."),
        "status": _text("`draft`, `private` and the like are not added."),
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

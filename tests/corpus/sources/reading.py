"""Reads bytes as if they were a file, and sorts what comes out."""

import io
import pickle
from collections.abc import Iterable, Mapping

from corpus.article import Article
from corpus.sources import Naming, Policy, ReadArticle, SkippedRecord
from corpus.sources.dispatch import read_entry
from corpus.sources.entry import Entry
from corpus.sources.task import Task

__all__ = ["STORY", "articles_in", "only_article", "only_skip", "read_bytes", "skips_in"]

STORY = "The ferry Sula sank off Norhavn on Tuesday. Nine people were rescued, she said."

Records = list[ReadArticle | SkippedRecord]


def read_bytes(
    raw: bytes,
    name: str = "file",
    glob: str | None = None,
    naming: Mapping[str, str] | None = None,
    policy: Policy | None = None,
) -> Records:
    entry = Entry(
        name,
        io.BytesIO(raw),
        name,
        glob=glob,
        naming=Naming(naming or {}),
        place=f"folder/{name}",
        policy=policy or Policy(),
    )
    records: Records = []
    for record in read_entry(entry):
        # In this process, which is quicker, and has the tests' limits.
        records += _done(record) if isinstance(record, Task) else [record]
    return records


def _done(task: Task) -> Records:
    # As it is done in a worker, which gets it pickled.
    copied: Task = pickle.loads(pickle.dumps(task))  # noqa: S301 - our own
    return copied.run()


def articles_in(records: Iterable[ReadArticle | SkippedRecord]) -> list[Article]:
    return [record.article for record in records if isinstance(record, ReadArticle)]


def skips_in(records: Iterable[ReadArticle | SkippedRecord]) -> list[SkippedRecord]:
    return [record for record in records if isinstance(record, SkippedRecord)]


def only_article(raw: bytes, name: str = "file") -> Article:
    (record,) = read_bytes(raw, name)
    assert isinstance(record, ReadArticle), record
    return record.article


def only_skip(raw: bytes, name: str = "file") -> SkippedRecord:
    (record,) = read_bytes(raw, name)
    assert isinstance(record, SkippedRecord), record
    return record

"""Reads bytes as if they were a file, and sorts what comes out."""

import io
import pickle
from collections.abc import Iterable, Mapping

from corpus.article import Article
from corpus.sources import Found, Naming, Policy, Skip
from corpus.sources.dispatch import read_entry
from corpus.sources.entry import Entry
from corpus.sources.task import Task

__all__ = ["STORY", "articles_in", "only_article", "only_skip", "read_bytes", "skips_in"]

STORY = "The ferry Sula sank off Norhavn on Tuesday. Nine people were rescued, she said."

Records = list[Found | Skip]


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


def articles_in(records: Iterable[Found | Skip]) -> list[Article]:
    return [record.article for record in records if isinstance(record, Found)]


def skips_in(records: Iterable[Found | Skip]) -> list[Skip]:
    return [record for record in records if isinstance(record, Skip)]


def only_article(raw: bytes, name: str = "file") -> Article:
    (record,) = read_bytes(raw, name)
    assert isinstance(record, Found), record
    return record.article


def only_skip(raw: bytes, name: str = "file") -> Skip:
    (record,) = read_bytes(raw, name)
    assert isinstance(record, Skip), record
    return record

"""Records become rows of the generation that a run will publish."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import tee
from typing import Literal

from corpus.article import Article
from corpus.corrections.notice import Correction
from corpus.errors import RequestError
from corpus.identity import looks_like_another
from corpus.sources import Record, SkippedRecord
from index.building.progress import Progress
from index.building.split_pool import Batch
from index.lexical.draft import Draft
from index.search.history import day_of_change
from index.store.rows import PassageRow, article_hash
from index.store.store import Store

__all__ = ["BuildReport", "Conflict", "Intake", "OnConflict", "Split"]

OnConflict = Literal["keep", "replace", "fail"]
# Yields what is stored of the passages of each article of each batch, some batches taken ahead.
Split = Callable[[Iterable[Batch]], Generator[list[list[PassageRow]]]]

# Records taken together: so many, or whose texts are so long.
_BLOCK, _BLOCK_CHARS = 64, 1_000_000
_COMMIT_BLOCKS = 8
_MAX_CONFLICTS = 1000
_MAX_SHOWN_CHARS = 80


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two articles that look like two and have one id, in words; `kept`: the old one stayed."""

    id: str
    old: str
    new: str
    kept: bool

    def __str__(self) -> str:
        verb = "is kept, and not replaced by" if self.kept else "is replaced by"
        return f"{self.id!r}: {self.old} {verb} {self.new}"


@dataclass(slots=True)
class BuildReport:
    """What a run did. `snapshot` is the published number, `kept` counts what was not replaced.

    `conflicts` are the first of `n_conflicts` articles that came under another's id.
    """

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0
    embedded: int = 0
    kept: int = 0
    n_conflicts: int = 0
    snapshot: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    skips: list[SkippedRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A record, the hash of an article, and whether its passages are asked for ahead."""

    record: Record
    content: bytes
    is_split: bool


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes records into the store, and notes in the report what became of them.

    `splitting` says how articles are split; one that is to be split otherwise has changed. What is
    added goes to the `draft` too, if there is one. Of an article that comes again in other words
    the `keep_versions` last wordings are kept; `today` is the day of the run.
    """

    store: Store
    split: Split
    splitting: str
    on_conflict: OnConflict
    report: BuildReport
    progress: Progress
    draft: Draft | None = None
    keep_versions: int = 0
    today: date = date.min

    def take(self, records: Iterable[Record]) -> set[int]:
        """Add what is new or changed; return the keys of the articles in `records`.

        Raises:
            RequestError: an article has the id of another, and `on_conflict` is "fail".
        """
        self.progress.start("Reading articles", None)
        self.store.note_splitting(self.splitting)
        seen: dict[str, int] = {}
        # Blocks are split ahead of those that are stored; `tee` keeps them until then.
        given, blocks = tee(self._blocks(records))
        with closing(self.split(_to_split(block) for block in given)) as splits:
            for n_done, (split, block) in enumerate(zip(splits, blocks, strict=True), start=1):
                self._store(block, iter(split), seen)
                if n_done % _COMMIT_BLOCKS == 0:
                    self.store.commit()
        return set(seen.values())

    def _blocks(self, records: Iterable[Record]) -> Iterator[list[_Incoming]]:
        block: list[_Incoming] = []
        n_chars = 0
        for record in records:
            block.append(self._incoming(record))
            n_chars += len(record.text) if isinstance(record, Article) else 0
            if len(block) >= _BLOCK or n_chars >= _BLOCK_CHARS:
                yield block
                block, n_chars = [], 0
        if block:
            yield block

    def _incoming(self, record: Record) -> _Incoming:
        if isinstance(record, SkippedRecord):
            return _Incoming(record, b"", is_split=False)
        content = article_hash(record, self.splitting)
        found = self.store.find(record)
        return _Incoming(record, content, is_split=not found or found[1] != content)

    def _store(
        self, block: list[_Incoming], splits: Iterator[list[PassageRow]], seen: dict[str, int]
    ) -> None:
        for one in block:
            if isinstance(one.record, SkippedRecord):
                self.report.skips.append(one.record)
                self._take_back(one.record, seen)
            else:
                passages = next(splits) if one.is_split else None
                seen[one.record.id] = self._upsert(one.record, one.content, passages)
            self.progress.advance(1)

    def _upsert(self, article: Article, content: bytes, passages: list[PassageRow] | None) -> int:
        # Looked for again: another one with its id may have come just before it.
        found = self.store.find(article)
        if found and found[1] == content:
            self.report.unchanged += 1
            return found[0]
        if found:
            old = self.store.article(found[0])
            is_another = looks_like_another(old, article)
            if is_another and self._is_kept(old, article):
                return found[0]
            self.store.remove(found[0])
            self._keep_version(old, article, is_another=is_another)
            self.report.replaced += 1
        else:
            self.report.added += 1
        if passages is None:
            ((passages,),) = self.split([[article]])
        added = self.store.add(article, content, passages)
        if self.draft:
            self.draft.add(article, passages, added)
        return added.key

    def _keep_version(self, old: Article, new: Article, *, is_another: bool) -> None:
        history, number = self.store.history, self.store.generation
        if is_another:
            history.forget(new.id, number)
        elif old.version != new.version:
            until = day_of_change(old, new, self.today)
            history.keep(old, new.id, until, number, self.keep_versions)

    def _take_back(self, skip: SkippedRecord, seen: dict[str, int]) -> None:
        """Have an article that its outlet withdrew say so; it stays, and answers nothing."""
        key = self.store.find_named(skip.withdrawn) if skip.withdrawn else None
        if key is None:
            return
        article = self.store.article(key)
        if not article.is_retracted:
            notice = Correction("retraction", "Withdrawn by its publisher.")
            article = replace(article, corrections=(*article.corrections, notice))
        seen[article.id] = self._upsert(article, article_hash(article, self.splitting), None)

    def _is_kept(self, old: Article, new: Article) -> bool:
        """Note that two articles have one id, and return whether the old one stays.

        Raises:
            RequestError: it is not to happen.
        """
        conflict = Conflict(new.id, _in_words(old), _in_words(new), self.on_conflict == "keep")
        if self.on_conflict == "fail":
            raise RequestError(
                f"{new.id!r} is the id of two articles: {conflict.old} and {conflict.new}. Nothing "
                "was changed; --on-conflict keep or replace says which one is wanted."
            )
        self.report.n_conflicts += 1
        self.report.kept += conflict.kept
        if len(self.report.conflicts) < _MAX_CONFLICTS:
            self.report.conflicts.append(conflict)
        return conflict.kept


def _to_split(block: list[_Incoming]) -> list[Article]:
    return [one.record for one in block if one.is_split and isinstance(one.record, Article)]


def _in_words(article: Article) -> str:
    facts = (article.source, article.published and article.published[:10])
    where = ", ".join(filter(None, facts))
    title = article.title[:_MAX_SHOWN_CHARS] or article.text[:_MAX_SHOWN_CHARS]
    return f"{title!r} ({where})" if where else repr(title)

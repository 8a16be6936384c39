"""The words of a new archive are indexed while its articles come in, not after the last."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.article import Article
from corpus.splitting import headed_text
from index.lexical.bm25 import LexicalPassage, LexicalWriter
from index.store.rows import PassageRow, StoredPassage
from index.store.store import Added

__all__ = ["Draft", "lexical_passage"]


def lexical_passage(stored: StoredPassage) -> LexicalPassage:
    """Return what is indexed of a passage."""
    article = stored.article
    return LexicalPassage(stored.key, stored.headed_text, article.source, _day(article))


def _day(article: Article) -> int:
    day = article.known_by
    return day.toordinal() if day else 0


class Draft:
    """The lexical index of generation `number`, begun in `folder` before the rest is there.

    It is derived like all of a snapshot: a run that ends, or replaces an article that it has just
    added, leaves it behind, and the index is made from archive.db as a whole.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self.number = number
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._writer: LexicalWriter | None = LexicalWriter(folder)
        self._articles: set[int] = set()

    def add(self, article: Article, passages: Sequence[PassageRow], added: Added) -> None:
        """Index the passages of an article that was added to the store."""
        if self._writer:
            self._articles.add(added.key)
            day = _day(article)
            for key, row in zip(added.passages, passages, strict=True):
                text = headed_text(article, row.start, row.end)
                self._writer.add(LexicalPassage(key, text, article.source, day))

    def missing(self, articles: Iterable[int]) -> list[int] | None:
        """Return which of the articles of the generation are not in it; None when others are."""
        live = set(articles)
        return sorted(live - self._articles) if self._articles <= live and self._writer else None

    def finish(self, passages: Iterable[StoredPassage], target: Path) -> None:
        """Add the last passages, and move the index to its place."""
        if self._writer:
            for stored in passages:
                self._writer.add(lexical_passage(stored))
            self._writer.finish()
            self._writer = None
            self._folder.rename(target)

    def drop(self) -> None:
        """Forget what is not finished."""
        self._writer = None
        shutil.rmtree(self._folder, ignore_errors=True)

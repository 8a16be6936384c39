"""The tables of an archive in Milvus: what is published there, and how rows come and go."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pydantic import ValidationError

from corpus.errors import IndexStateError
from index.engines.milvus.catalog import read_catalog
from index.engines.milvus.client import Milvus, Row
from index.engines.milvus.layout import (
    ALIVE,
    ARTICLE_FIELDS,
    ARTICLES,
    PASSAGE_FIELDS,
    PASSAGES,
    PUBLICATION,
    SCHEMA_VERSION,
    MilvusManifest,
    article_rows,
    in_list,
    live_in,
    passage_rows,
    slices,
    tables,
    whole_articles,
)
from index.search.browsing import ArticleRow
from index.store.portable import WholeArticle
from index.vectors.kinds import DenseKind

__all__ = ["MANY", "ArchiveTables", "ranges"]

# Articles of which only a few small fields are read in one call.
MANY = 2000

# Articles whose rows are read in one call. Each takes Milvus Lite a second, however few they are;
# a cluster returns at most 100 MB.
_RANGE = 250

# Rows of the publication in one call, each of at most 64 KiB.
_MANY_TEXTS = 200


@dataclass(frozen=True, slots=True)
class ArchiveTables:
    """An archive in Milvus. Its methods raise ArchiveUnavailableError when Milvus is away."""

    milvus: Milvus

    def create(self, dim: int, kind: DenseKind) -> None:
        """Make the tables that are not there."""
        for table in tables(dim, kind):
            self.milvus.create(table)

    def current(self) -> int:
        """Return the number of the published generation, 0 when there is none."""
        found = self.milvus.query(PUBLICATION, 'key == "current"', ["value"])
        return int(found[0]["value"]) if found else 0

    def manifest(self) -> MilvusManifest | None:
        """Return what is published, None when nothing is.

        Raises:
            IndexStateError: it is not there, or was written by another version of Dateline.
        """
        while number := self.current():
            found = self.milvus.query(PUBLICATION, f'key like "{number}/%"', ["key", "value"])
            if not found and number == self.current():
                raise IndexStateError(
                    f"what was published in {self.milvus} as snapshot {number} is not there: copy "
                    "it there again with `dateline copy --to milvus --replace`."
                )
            if not found:  # the next one took its place meanwhile
                continue
            parts = sorted(found, key=lambda row: int(row["key"].partition("/")[2]))
            return self._read_manifest("".join(row["value"] for row in parts))
        return None

    def publish(
        self, manifest: MilvusManifest, catalog: Mapping[str, str], *, rewrite: bool = False
    ) -> None:
        """Have readers see a generation whose rows are all there; one row decides.

        `catalog` has the texts that `manifest.catalog` names. Those that are there already are sent
        again only to `rewrite` them.
        """
        held, number = self.manifest(), manifest.number
        there = {row["key"] for row in self.milvus.query(PUBLICATION, 'key != "current"', ["key"])}
        # A run that broke off may have left more parts than are written now.
        self._delete_publication({key for key in there if key.startswith(f"{number}/")})
        sent = catalog if rewrite else {k: text for k, text in catalog.items() if k not in there}
        parts = {
            f"{number}/{part}": text for part, text in enumerate(slices(manifest.model_dump_json()))
        }
        for texts in (sent, parts, {"current": str(number)}):
            rows = [_publication_row(key, text) for key, text in texts.items()]
            self.milvus.upsert(PUBLICATION, rows)
        # Whoever still reads the generation before may not have looked at its list yet.
        before = held.catalog if held and held.catalog else ()
        self._delete_publication(there.difference(parts, catalog, before))

    def catalog(self, manifest: MilvusManifest) -> list[ArticleRow] | None:
        """Return the list of all articles, None where none was published or it is not whole.

        A generation keeps its list until the second one after it is published.
        """
        if manifest.catalog is None:
            return None
        texts: dict[str, str] = {}
        for first in range(0, len(manifest.catalog), _MANY_TEXTS):
            where = in_list("key", manifest.catalog[first : first + _MANY_TEXTS])
            found = self.milvus.query(PUBLICATION, where, ["key", "value"])
            texts.update((row["key"], row["value"]) for row in found)
        return read_catalog(manifest.catalog, texts)

    def put(self, articles: Sequence[WholeArticle], added_in: int) -> None:
        """Write articles with their passages; of an article that is found all rows are there."""
        rows = chain.from_iterable(passage_rows(one, added_in) for one in articles)
        self.milvus.upsert(PASSAGES, list(rows))
        parts = [article_rows(one, added_in) for one in articles]
        # A call may be carried out in part: first parts go last, when all others are there.
        others = [row for rows in parts for row in rows if row["part"]]
        if others:
            self.milvus.upsert(ARTICLES, others)
        self.milvus.upsert(ARTICLES, [rows[-1] for rows in parts])

    def mark_removed(
        self, keys: Sequence[int], removed_in: int, on_done: Callable[[int], None]
    ) -> None:
        """Have articles be no part of generation `removed_in` and later ones; ALIVE undoes it."""
        for first in range(0, len(keys), _RANGE):
            some = in_list("article", keys[first : first + _RANGE])
            for table, fields in ((PASSAGES, PASSAGE_FIELDS), (ARTICLES, ARTICLE_FIELDS)):
                rows = self.milvus.query(table, some, fields)
                self.milvus.upsert(table, [row | {"removed_in": removed_in} for row in rows])
            on_done(len(keys[first : first + _RANGE]))

    def discard_pending(self, published: int) -> None:
        """Undo what a run that broke off wrote and never published."""
        marked = self.milvus.query(
            ARTICLES, f"removed_in > {published} and removed_in < {ALIVE}", ["article"]
        )
        self.mark_removed(sorted({row["article"] for row in marked}), ALIVE, lambda _: None)
        self.delete(f"added_in > {published}")

    def drop(self) -> None:
        """Delete the archive; readers are told that nothing is published."""
        for table in (PUBLICATION, PASSAGES, ARTICLES):
            if self.milvus.has(table):
                self.milvus.drop(table)

    def drop_articles(self, keys: Sequence[int]) -> None:
        """Delete articles with their passages."""
        for first in range(0, len(keys), _RANGE):
            self.delete(in_list("article", keys[first : first + _RANGE]))

    def delete(self, filter_: str) -> None:
        """Delete articles and passages that pass a filter."""
        for table in (PASSAGES, ARTICLES):
            self.milvus.delete(table, filter_)

    def held(self, first: int, last: int) -> dict[int, Row]:
        """Return article, hash, added_in and removed_in of what has a key in [first, last]."""
        fields = ["article", "hash", "added_in", "removed_in"]
        whole = f"article >= {first} and article <= {last} and part == 0"
        return {row["article"]: row for row in self.milvus.query(ARTICLES, whole, fields)}

    def digests(self, number: int, first: int, last: int) -> dict[int, int]:
        """Return what `WholeArticle.digest` was when it was written, by key in [first, last]."""
        where = f"article >= {first} and article <= {last} and part == 0 and {live_in(number)}"
        found = self.milvus.query(ARTICLES, where, ["article", "digest"])
        return {row["article"]: row["digest"] for row in found}

    def articles(self, number: int, first: int, last: int) -> list[WholeArticle]:
        """Return what generation `number` holds with a key in [first, last], whole, by key.

        Raises:
            IndexStateError: an article is not as it was written.
        """
        where = f"article >= {first} and article <= {last} and {live_in(number)}"
        articles = self.milvus.query(ARTICLES, where, ARTICLE_FIELDS)
        passages = self.milvus.query(PASSAGES, where, PASSAGE_FIELDS)
        return list(whole_articles(articles, passages))

    def _delete_publication(self, keys: Collection[str]) -> None:
        if keys:
            self.milvus.delete(PUBLICATION, in_list("key", sorted(keys)))

    def _read_manifest(self, text: str) -> MilvusManifest:
        where = f"the archive in {self.milvus}"
        try:
            manifest = MilvusManifest.model_validate_json(text)
        except ValidationError as error:
            raise IndexStateError(
                f"{where} was not written by this version of Dateline: copy it there again with "
                "`dateline copy --to milvus --replace`."
            ) from error
        if manifest.schema_version != SCHEMA_VERSION:
            raise IndexStateError(
                f"{where} has schema version {manifest.schema_version}, this Dateline reads "
                f"{SCHEMA_VERSION}: copy it there again with `dateline copy --to milvus --replace`."
            )
        return manifest


def _publication_row(key: str, value: str) -> Row:
    return {"key": key, "value": value, "vector": [0.0, 0.0]}


def ranges(last: int, first: int = 1, *, size: int = _RANGE) -> Iterable[tuple[int, int]]:
    """Yield (first, last) of ranges of keys from `first` to `last`, all inclusive."""
    for start in range(first, last + 1, size):
        yield start, min(start + size - 1, last)

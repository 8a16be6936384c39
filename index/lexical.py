"""The only door to tantivy: BM25 over the words of passages and their titles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import tantivy

from index.files import share_files
from index.query import Filters

__all__ = ["LexicalIndex", "LexicalPassage", "query_terms", "stems"]

_ANALYZER = "news_english"
_WRITER_BYTES = 128_000_000
_MAX_QUERY_TERMS = 64
# What questions are put together with, whatever they are about; and the "s" of "the bank's".
_FUNCTION_WORDS = """
    a an the this that these those and or if as not no than then so
    at about by during for from in into of on such to with
    what which who whom whose when where why how many much
    be am is are was were been being do does did doing done have has had having
    will would can could should
    i me my we our you your he him his she her hers it its they them their theirs there
    also just s
""".split()


@dataclass(frozen=True, slots=True)
class LexicalPassage:
    """What is indexed of a passage. `day` is a proleptic ordinal, 0 when unknown."""

    key: int
    text: str
    source: str | None
    day: int


@lru_cache(maxsize=2)
def _analyzer(*, keep_function_words: bool = True) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    if not keep_function_words:
        builder = builder.filter(tantivy.Filter.custom_stopword(_FUNCTION_WORDS))
    return builder.filter(tantivy.Filter.stemmer("english")).build()


def stems(text: str) -> list[str]:
    """Return the words of a text as the index holds them: small, without accents, stemmed."""
    words: list[str] = _analyzer().analyze(text)
    return words


def query_terms(text: str) -> list[str]:
    """Return the stems that a text is searched by, at most 64.

    Words like "the" and "which" are in very many passages and tell none from another, and finding
    them all is most of the work. A text that has no others is searched by those.
    """
    terms = _analyzer(keep_function_words=False).analyze(text) or stems(text)
    return list(dict.fromkeys(terms))[:_MAX_QUERY_TERMS]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name=_ANALYZER)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_integer_field("key", fast=True)
    return builder.build()


class LexicalIndex:
    """A folder of tantivy segments, opened for reading."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._index.register_tokenizer(_ANALYZER, _analyzer())
        self._searcher = self._index.searcher()

    @staticmethod
    def build(folder: Path, passages: Iterable[LexicalPassage], base: Path | None = None) -> None:
        """Write an index of `passages` into the new folder `folder`.

        With `base` it also holds all that the index there holds, without reading it again: the
        files of its segments never change and are shared.
        """
        folder.mkdir()
        if base:
            share_files(base, folder)
            index = tantivy.Index.open(str(folder))
        else:
            index = tantivy.Index(_schema(), str(folder))
        index.register_tokenizer(_ANALYZER, _analyzer())
        # One thread: segments come out the same each time.
        writer = index.writer(_WRITER_BYTES, 1)
        for passage in passages:
            document = tantivy.Document()
            document.add_text("text", passage.text)
            document.add_integer("key", passage.key)
            document.add_integer("day", passage.day)
            if passage.source:
                document.add_text("source", passage.source)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def search(self, text: str, k: int, filters: Filters, as_of: date | None) -> dict[int, float]:
        """Return BM25 scores of at most `k` passages by key, best first; any text will do."""
        terms = query_terms(text)
        if not terms:
            return {}
        schema = self._index.schema
        words = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", term))
                for term in terms
            ]
        )
        clauses = self._filter_clauses(filters, as_of)
        query = words
        if clauses:
            # A filter decides, it does not score.
            decide = [tantivy.Query.const_score_query(clause, 0.0) for clause in clauses]
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, clause) for clause in (words, *decide)]
            )
        hits = self._searcher.search(query, k, count=False).hits
        keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        return {
            int(key): float(score)
            for key, (score, _) in zip(keys, hits, strict=True)
            if key is not None
        }

    def _filter_clauses(self, filters: Filters, as_of: date | None) -> list[tantivy.Query]:
        schema = self._index.schema
        clauses = []
        if filters.sources:
            clauses.append(tantivy.Query.term_set_query(schema, "source", list(filters.sources)))
        last = min((day for day in (filters.published_to, as_of) if day), default=None)
        if filters.published_from or last:
            clauses.append(
                tantivy.Query.range_query(
                    schema,
                    "day",
                    tantivy.FieldType.Integer,
                    # From 1 up: an article without a date (0) passes no filter on dates.
                    (filters.published_from or date.min).toordinal(),
                    (last or date.max).toordinal(),
                )
            )
        return clauses

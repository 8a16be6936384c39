"""The only door to tantivy: BM25 over the words of passages and their titles."""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import tantivy

from index.files import share_files
from index.lexical.likeness import most_alike, n_edits
from index.lexical.scores import WordStatistics, inverse_frequency
from index.search.query import Filters

__all__ = [
    "LexicalIndex",
    "LexicalPassage",
    "LexicalWriter",
    "nearest_word",
    "query_terms",
    "stems",
]

_ANALYZER = "news_english"
_WRITER_BYTES = 128_000_000
_MAX_QUERY_TERMS = 64
# Beyond so many, how common words are together makes no difference.
_MANY = 1000
# Shorter words are too like one another, and in longer ones two letters may be wrong.
_MIN_SPELT, _MIN_TWO_WRONG = 4, 7
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
    """Return the words of a text as the index holds them: small, without accents, stemmed.

    A number is one word however its thousands are parted: 9,000 is 9000.
    """
    words: list[str] = _analyzer().analyze(_joined(text))
    return words


def nearest_word(text: str, stem: str, word: str) -> str | None:
    """Return the word of a text with a stem that is spelt most like another word."""
    words = [one for one in re.findall(r"\w+", text) if stems(one) == [stem]]

    def rank(one: str) -> tuple[int, bool, bool]:
        # A dateline shouts, and a name begins with a capital.
        return n_edits(one, word), one.isupper(), one[0].isupper() != word[0].isupper()

    return min(words, key=rank, default=None)


# The comma first: looked for by itself it is found a hundred times as fast as by what is before it.
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")

_QUOTED = re.compile(r'["“”„]([^"“”„]+)["“”]')


def _joined(text: str) -> str:
    return _THOUSANDS.sub("", text)


def query_terms(text: str) -> list[str]:
    """Return the stems that a text is searched by, at most 64.

    Words like "the" and "which" are in very many passages and tell none from another, and finding
    them all is most of the work. A text that has no others is searched by those.
    """
    terms = _analyzer(keep_function_words=False).analyze(_joined(text)) or stems(text)
    return list(dict.fromkeys(terms))[:_MAX_QUERY_TERMS]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name=_ANALYZER)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_integer_field("key", fast=True)
    return builder.build()


class LexicalWriter:
    """Writes an index into the new folder `folder`.

    With `base` it also holds all that the index there holds, without reading it again: the files
    of its segments never change and are shared.
    """

    def __init__(self, folder: Path, base: Path | None = None) -> None:
        folder.mkdir()
        if base:
            share_files(base, folder)
            index = tantivy.Index.open(str(folder))
        else:
            index = tantivy.Index(_schema(), str(folder))
        index.register_tokenizer(_ANALYZER, _analyzer())
        # One thread: segments come out the same each time.
        self._writer = index.writer(_WRITER_BYTES, 1)

    def add(self, passage: LexicalPassage) -> None:
        """Index a passage."""
        document = tantivy.Document()
        document.add_text("text", _joined(passage.text))
        document.add_integer("key", passage.key)
        document.add_integer("day", passage.day)
        if passage.source:
            document.add_text("source", passage.source)
        self._writer.add_document(document)

    def finish(self) -> None:
        """Write what is left; nothing can be added any more."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class LexicalIndex:
    """A folder of tantivy segments, opened for reading."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._index.register_tokenizer(_ANALYZER, _analyzer())
        self._searcher = self._index.searcher()

    @staticmethod
    def build(folder: Path, passages: Iterable[LexicalPassage], base: Path | None = None) -> None:
        """Write an index of `passages`, and of all that `base` holds; see `LexicalWriter`."""
        writer = LexicalWriter(folder, base)
        for passage in passages:
            writer.add(passage)
        writer.finish()

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

    def newest_with(self, text: str, k: int) -> list[int]:
        """Return the keys of at most `k` passages that have all words of a text, the newest first.

        Words in double quotes must be in a row.
        """
        schema = self._index.schema
        clauses = [
            tantivy.Query.phrase_query(schema, "text", list(words))
            for phrase in _QUOTED.findall(text)
            if len(words := stems(phrase)) > 1
        ]
        clauses += [tantivy.Query.term_query(schema, "text", term) for term in query_terms(text)]
        if not clauses:
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in clauses])
        hits = self._searcher.search(query, k, count=False, order_by_field="day").hits
        keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        return [int(key) for key in keys if key is not None]

    def n_with(self, text: str) -> int:
        """Return how many passages have the words of a text in a row, of several at most 1,000."""
        words = stems(text)
        if len(words) < 2:
            return sum(int(self._searcher.doc_freq("text", word)) for word in words)
        in_a_row = tantivy.Query.phrase_query(self._index.schema, "text", list(words))
        return len(self._searcher.search(in_a_row, _MANY, count=False).hits)

    def statistics(self, terms: Iterable[str]) -> WordStatistics:
        """Return what BM25 takes from this index for stems."""
        counts = {term: int(self._searcher.doc_freq("text", term)) for term in terms}
        n_passages = self._searcher.num_docs
        idf = {term: math.log(inverse_frequency(n_passages, n)) for term, n in counts.items()}
        known = next((term for term, n in counts.items() if n), None)
        return WordStatistics(idf, self._mean_length(known) if known else 1.0)

    def _mean_length(self, term: str) -> float:
        """Return the mean length of passages, which tantivy tells where it explains a score."""
        query = tantivy.Query.term_query(self._index.schema, "text", term)
        address = self._searcher.search(query, 1, count=False).hits[0][1]
        parts = json.loads(query.explain(self._searcher, address).to_json())["details"]
        every = [one for part in parts for one in part.get("details", ())]
        return float(next(one["value"] for one in every if one["description"].startswith("avgdl")))

    def stem_like(self, word: str) -> str | None:
        """Return the stem of the archive that a misspelt word most likely means, None without one.

        One letter may be wrong, of seven or more letters two, but not the first.
        """
        stem = next(iter(stems(word)), "")
        if len(stem) < _MIN_SPELT:
            return None
        known = dict(self._searcher.terms_with_prefix("text", stem[0]))
        return most_alike(stem, known, 1 if len(word) < _MIN_TWO_WRONG else 2)

    def first_with(self, stem: str) -> int | None:
        """Return the key of the passage that has most of a stem, None when none has it."""
        query = tantivy.Query.term_query(self._index.schema, "text", stem)
        hits = self._searcher.search(query, 1, count=False).hits
        keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        return next((int(key) for key in keys if key is not None), None)

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

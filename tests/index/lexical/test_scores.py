import random
from pathlib import Path

import pytest

from index.lexical.bm25 import LexicalIndex, LexicalPassage, query_terms, stems
from index.lexical.scores import word_weights
from index.search.query import Filters

WORDS = "ferry sank off norway captain storm word bank 9,000 Ølsen the of".split()


@pytest.fixture
def texts() -> list[str]:
    rng = random.Random(1)
    return [" ".join(rng.choices(WORDS, k=rng.randint(1, 700))) for _ in range(150)]


@pytest.fixture
def lexical(texts: list[str], tmp_path: Path) -> LexicalIndex:
    passages = [LexicalPassage(key, text, "a", 0) for key, text in enumerate(texts)]
    LexicalIndex.build(tmp_path / "words", passages)
    return LexicalIndex(tmp_path / "words")


@pytest.mark.parametrize("query", ["captain", "captain storm", "ferry sank 9000", "the Olsen bank"])
def test_scores_are_those_of_tantivy(lexical: LexicalIndex, texts: list[str], query: str) -> None:
    terms = query_terms(query)
    statistics = lexical.statistics(terms)
    found = lexical.search(query, len(texts), Filters(), None)
    assert found
    for key, score in found.items():
        weights = word_weights(stems(texts[key]), statistics.mean_length)
        ours = sum(statistics.idf[term] * weights.get(term, 0.0) for term in terms)
        assert ours == pytest.approx(score, rel=1e-4)


def test_words_that_no_passage_has_are_the_rarest(lexical: LexicalIndex) -> None:
    told = lexical.statistics(["captain", "zeppelin"])
    assert told.idf["zeppelin"] > told.idf["captain"]
    assert lexical.statistics(["zeppelin"]).mean_length == 1.0
    assert lexical.statistics([]).idf == {}

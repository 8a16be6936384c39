"""Hits as they were on a day."""

from collections.abc import Sequence
from dataclasses import replace

from corpus.article import Article, Passage
from corpus.splitting import Splitter
from index.search.hit import Hit
from index.search.versions import as_it_stood, with_moved

OLD = Article("a", "Ferry", "The ferry Sula sank. Eleven people died.\n\nIt was cold at sea.")
NEW = replace(OLD, text="The ferry Sula sank. Nine people died.\n\nIt was cold at sea.")
OTHER = Article("b", "Lake", "The lake froze over.")


def split(article: Article) -> Sequence[Passage]:
    return Splitter(9).split(article)


def hits(*articles: Article) -> list[Hit]:
    found = [(one, passage) for one in articles for passage in split(one)]
    return [Hit(one, passage, rank, 1.0 - rank / 10) for rank, (one, passage) in enumerate(found)]


def texts(found: Sequence[Hit]) -> list[str]:
    return [hit.text for hit in found]


def test_each_passage_is_the_one_most_like_it_of_what_stood_there() -> None:
    now = hits(NEW, OTHER)
    then = as_it_stood(now, {"a": OLD}, "Who died?", split)
    assert len(then) == len(now) and [hit.rank for hit in then] == list(range(len(now)))
    assert "Eleven people died." in " ".join(texts(then))
    assert "Nine" not in " ".join(texts(then))
    assert then[-1].article == OTHER
    assert as_it_stood(now, {}, "Who died?", split) == now


def test_a_passage_that_has_no_counterpart_is_left_out() -> None:
    short = replace(OLD, text="The ferry Sula sank.")
    then = as_it_stood(hits(NEW), {"a": short}, "Who died?", split)
    assert texts(then) == ["The ferry Sula sank."]


def test_articles_that_moved_come_before_hits_with_fewer_of_the_words() -> None:
    found = with_moved(hits(OTHER), [OLD], "How many died on the ferry Sula?", split, 5)
    assert [hit.article.id for hit in found] == ["a", "b"]
    assert [hit.rank for hit in found] == [0, 1]
    found = with_moved(hits(OTHER), [OLD], "When did the lake freeze over?", split, 5)
    assert [hit.article.id for hit in found] == ["b"]
    assert len(with_moved(hits(OTHER), [OLD], "The ferry Sula and the lake", split, 1)) == 1

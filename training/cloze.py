"""Questions without a person's help: a name or number of one article, asked of the others.

News repeats itself: what one outlet says in a sentence, others say in their own words. A sentence
with one name replaced by a question word is a question whose answer the other articles hold, as in
the pre-training on recurring spans of Splinter (Ram et al. 2021) and the cloze questions of Lewis
et al. (2019).
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from corpus.article import Article
from corpus.sentences import sentence_spans
from index.engines.archive import ArchiveSnapshot
from index.search.query import Filters, Query
from training.example import Context, Example
from training.places import answer_places, parted

__all__ = ["NAME", "cloze_examples"]

_FIRST_SENTENCES = 12
_WORDS = (9, 32)
_DEPTH = 12
_DAYS = 21
_N_WITH, _N_WITHOUT = 2, 2
_WITHOUT_ANSWER = 0.12
# A name in a sentence; also any word that only begins with a capital.
NAME = re.compile(r"\b[A-Z][\w’'-]*\w(?: (?:of the |of |the |for |de )?[A-Z0-9][\w’'-]*\w)*")
_NUMBER = re.compile(
    r"\$\d[\d,.]*(?: (?:million|billion|trillion))?|\b\d[\d,.]*(?:%| percent)"
    r"|\b\d[\d,]*(?:\.\d+)?(?: (?:million|billion))?(?= [a-z]{3,})"
)
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|from|to|across|outside)$", re.IGNORECASE)
_PERSON_AFTER = re.compile(
    r"^(?:,? ?(?:\d+,)? ?(?:who|said|says|told|was born|tweeted|died|testified))\b"
)
_NO_NAME = re.compile(
    r"^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|^(?:January|February|March|April|May|June|July"
    r"|August|September|October|November|December)\b|^(?:The|A|An|In|It|He|She|They|We|I|But|And"
    r"|This|That|If|When|As|For|On|At|CNN|AP|USA TODAY|Contributing|You|There|What|How|Why)$"
)
# Quotations are the same words everywhere: nothing to learn from finding them.
_UNFIT = re.compile(
    r"sign up|newsletter|contributing|follow|subscribe|click|©|photo|watch:|read more|http|@"
    r"|[\"“”:;()]",
    re.IGNORECASE,
)
# Else the few names that are in all the news would become the answer to everything.
_MAX_OF_ONE_ANSWER = 8


@dataclass(frozen=True, slots=True)
class _Cloze:
    question: str
    answer: str


def cloze_examples(
    articles: Sequence[Article], snapshot: ArchiveSnapshot, n: int, rng: random.Random
) -> Iterator[Example]:
    """Yield at most `n` examples from dated articles, with the passages of other articles."""
    repeated = Counter(s for article in articles for s in set(_sentences(article)))
    order = list(articles)
    rng.shuffle(order)
    answers: Counter[str] = Counter()
    for article in order:
        fresh = [sentence for sentence in _sentences(article) if repeated[sentence] == 1]
        rng.shuffle(fresh)
        for sentence in fresh[:2]:
            cloze = _cloze(sentence, rng)
            if cloze is None or answers[cloze.answer] == _MAX_OF_ONE_ANSWER:
                continue
            example = _example(cloze, article, snapshot, rng)
            if example:
                yield example
                answers[cloze.answer] += 1
        if answers.total() >= n:
            return


def _sentences(article: Article) -> list[str]:
    spans = sentence_spans(article.text)[:_FIRST_SENTENCES]
    texts = [article.text[start:end] for start, end in spans]
    return [
        text
        for text in texts
        if _WORDS[0] <= len(text.split()) <= _WORDS[1] and not _UNFIT.search(text)
    ]


def _cloze(sentence: str, rng: random.Random) -> _Cloze | None:
    """Replace one name or number of a sentence by a question word."""
    names = [
        match
        for match in NAME.finditer(sentence)
        if not _NO_NAME.match(match[0])
        and (match.start() > 0 or " " in match[0])
        # A title such as "Gen." goes on after its stop.
        and sentence[match.end() : match.end() + 2] != ". "
    ]
    found = names + (list(_NUMBER.finditer(sentence)) if rng.random() < 0.3 else [])
    if not found:
        return None
    match = rng.choice(found)
    answer = re.sub(r"[’']s?$", "", match[0])
    before, after = sentence[: match.start()], sentence[match.start() + len(answer) :]
    before = re.sub(r"\b[Tt]he $", "", before)
    text = f"{before}{_question_word(answer, before, after)}{after}".strip(" .!?\"“”'")
    return _Cloze(f"{text[:1].upper()}{text[1:]}?", answer)


def _question_word(answer: str, before: str, after: str) -> str:
    if answer.startswith("$"):
        return "how much"
    if answer.endswith(("%", "percent")):
        return "what percentage"
    if answer[0].isdigit():
        return "how many"
    if _PLACE_BEFORE.search(before.rstrip()):
        return "which place"
    if _PERSON_AFTER.match(after.lstrip()):
        return "who"
    return "who or what" if len(answer.split()) > 1 else "what"


def _example(
    cloze: _Cloze, article: Article, snapshot: ArchiveSnapshot, rng: random.Random
) -> Example | None:
    """Return the cloze with passages of other articles; None when they do not tell its answer."""
    if article.day is None:
        return None
    around = Filters(published_from=article.day - timedelta(days=_DAYS))
    query = Query(cloze.question, around, article.day + timedelta(days=2))
    hits = [hit for hit in snapshot.search(query, _DEPTH) if hit.article.id != article.id]
    with_answer, without = parted(hits, [cloze.answer])
    if not with_answer:
        keep = without and rng.random() < _WITHOUT_ANSWER
        return _built("cloze/without", cloze, without[:_N_WITHOUT]) if keep else None
    # One of the three passages found first must tell the answer.
    if not without or not any(answer_places(hit.text, [cloze.answer]) for hit in hits[:3]):
        return None
    return _built("cloze", cloze, [*with_answer[:_N_WITH], *without[:_N_WITHOUT]])


def _built(source: str, cloze: _Cloze, contexts: Sequence[Context]) -> Example:
    return Example(
        source=source,
        question=cloze.question,
        contexts=tuple(contexts),
        is_distant=source == "cloze",
    )

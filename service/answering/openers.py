"""Questions to begin with, put together from words of the archive's own articles."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from corpus.article import Article

__all__ = ["opening_questions"]

_WORD = r"[^\W\d_a-z][\w’'-]+"
_NAME = rf"{_WORD}(?: (?:(?:of|the|de|del|van|von|al|la|da) )?{_WORD}){{0,4}}"
_PERSON = rf"{_WORD} (?:{_WORD} )?{_WORD}"
# "Margit Osei, 58, the head teacher at Orvale Primary School,": what somebody is to a named body.
_POST = re.compile(
    rf"{_PERSON}, (?:\d\d, )?(?:the |an? )?(?!who )(?P<post>(?:[a-z][\w-]+ ){{1,3}}"
    rf"(?:of|at|for) (?:the )?{_NAME})[,.]"
)
# "Emil Hartz, a baker who": somebody is described; see `_people` for who counts as somebody.
_DESCRIBED = re.compile(rf"(?P<who>{_PERSON}), (?:\d\d, )?(?:the|an?|its|their|who) [a-z]")
# "Varga saves three match points": a headline that begins with a name; see `_headlines`.
_HEADLINE = re.compile(rf"(?P<who>{_NAME}) (?P<does>[a-z]+[^s\W]s \S.*[^\W_])")
# "2,600 residents were moved to Pell.": a number, of what, and what was the case with them.
_COUNT = re.compile(
    r"\b(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) "
    r"(?P<what>[a-z]+s|people|men|women|children) "
    # No longer: each word of it may be the one in the middle.
    r"(?P<rest>(?:were|had been|have been|had|have) [^.,;:()“”\"\n]{0,200}"
    rf"\b{_WORD}[^.,;:()“”\"\n]{{0,200}})\.(?=\s+[^\W\d_a-z]|\s*$)"
)


def opening_questions(articles: Sequence[Article], n: int) -> list[str]:
    """Return at most `n` questions that the articles answer, at most one of each.

    They are templates filled with what articles say: "Who is the head teacher at Orvale Primary
    School?", "Who saves three match points?", "How many residents were moved to Pell?". So no
    question takes anything for true that no article says. The templates take turns, each with the
    first articles first; articles in other languages than English are passed over.
    """
    kinds: list[list[str]] = [[] for _ in _TEMPLATES]
    for article in articles:
        if not (article.language or "en").lower().startswith("en"):
            continue
        found = [next(template(article), None) for template in _TEMPLATES]
        # Where several fit, the kind that has fewest gets it.
        fitting = [kind for kind, question in enumerate(found) if question]
        if fitting:
            kind = min(fitting, key=lambda one: len(kinds[one]))
            kinds[kind].append(str(found[kind]))
    in_turns = (question for turn in zip_longest(*kinds) for question in turn if question)
    return list(dict.fromkeys(in_turns))[:n]


def _posts(article: Article) -> Iterator[str]:
    for match in _POST.finditer(article.text):
        yield f"Who is the {match['post']}?"


def _headlines(article: Article) -> Iterator[str]:
    match = _HEADLINE.fullmatch(article.title)
    # A word that is capitalised inside a sentence too is a name; "Ferry" begins a headline only.
    if match and re.search(rf"[a-z,] {re.escape(match['who'])}\b", article.text):
        yield f"Who {match['does']}?"


def _counts(article: Article) -> Iterator[str]:
    for match in _COUNT.finditer(article.text):
        yield f"How many {match['what']} {match['rest']}?"


def _people(article: Article) -> Iterator[str]:
    for match in _DESCRIBED.finditer(article.text):
        name = match["who"].rsplit(" ", 1)[-1]
        # Who says something is somebody; "Carrow Hills, a reserve" never does.
        if re.search(rf"\b{re.escape(name)} (?:said|told|added)\b", article.text):
            yield f"Who is {match['who']}?"


_TEMPLATES = (_posts, _headlines, _counts, _people)

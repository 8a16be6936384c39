"""Questions to begin with, put together from words of the archive's own articles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from corpus.article import Article

__all__ = ["Opener", "openers", "openers_of"]

_WORD = r"[^\W\d_a-z][\w’'-]+"
_NAME = rf"{_WORD}(?: (?:(?:of|the|de|del|van|von|al|la|da) )?{_WORD}){{0,4}}"
_PERSON = rf"{_WORD} (?:{_WORD} )?{_WORD}"
# "Margit Osei, 58, the head teacher at Orvale Primary School,": what somebody is to a named body.
_POST = re.compile(
    rf"(?P<who>{_PERSON}), (?:\d\d, )?(?:the |an? )?(?!who )(?P<post>(?:[a-z][\w-]+ ){{1,3}}"
    rf"(?:of|at|for) (?:the )?{_NAME})[,.]"
)
# "Calder's chief executive, Søren Dahlgaard": who has a post, named after its body.
_HOLDER = re.compile(
    rf"(?P<body>{_NAME})[’']s (?P<post>[a-z][\w-]*(?: [a-z][\w-]*){{0,2}}), (?P<who>{_PERSON})\b"
)
# "Emil Hartz, a baker who": somebody is described; see `_people` for who counts as somebody.
_DESCRIBED = re.compile(rf"(?P<who>{_PERSON}), (?:\d\d, )?(?:the|an?|its|their|who) [a-z]")
# "Varga saves three match points": a headline that begins with a name; see `_headlines`.
_HEADLINE = re.compile(rf"(?P<who>{_NAME}) (?P<does>[a-z]+[^s\W]s \S.*[^\W_])")
# "2,600 residents were moved to Pell.": a number, of what, and what was the case with them.
_COUNT = re.compile(
    r"\b(?P<n>\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) "
    r"(?P<what>[a-z]+s|people|men|women|children) "
    # No longer: each word of it may be the one in the middle.
    r"(?P<rest>(?:were|had been|have been|had|have) [^.,;:()“”\"\n]{0,200}"
    rf"\b{_WORD}[^.,;:()“”\"\n]{{0,200}})\.(?=\s+[^\W\d_a-z]|\s*$)"
)
# "Ines Calder, 41, was elected mayor of Pell in March.": what somebody did or went through, told
# in a sentence of its own; see `_subjects`.
_SENTENCE = re.compile(
    rf"(?:^|[.!?\n]\s+)(?P<who>{_PERSON})(?:, [^,.;:\n]{{1,60}},)? "
    r"(?P<does>(?:was|were|won|lost|beat|became|led|left|broke|set|took|made|held|[a-z]{2,}ed) "
    r"[^.;:()“”\"\n]{10,90}[^\W_]{3})\.(?=\s|$)"
)
# What was said is asked about otherwise, and what points to another sentence cannot stand alone.
_SAYING = set("added agreed argued asked believed called claimed declined explained".split())
_SAYING |= set("insisted noted replied responded shared tweeted warned wanted".split())
_POINTING = re.compile(
    r"\b(?:he|she|his|hers?|him|they|their|them|it|its|this|that|these|those|we|our|us|my|there"
    r"|who|also|then|too)\b",
    re.I,
)
_SPECIFIC = re.compile(rf" (?:{_WORD}|\d)")


@dataclass(frozen=True, slots=True)
class Opener:
    """A question made of an article. `answer` is what the article says, None when that is open."""

    question: str
    article_id: str
    answer: str | None


def openers(articles: Sequence[Article], n: int) -> list[Opener]:
    """Return at most `n` questions that the articles answer, at most one of each.

    They are templates filled with what articles say: "Who is the head teacher at Orvale Primary
    School?", "Who saves three match points?", "How many residents were moved to Pell?". So no
    question takes anything for true that no article says. The templates take turns, each with the
    first articles first; articles in other languages than English are passed over.
    """
    kinds: list[list[Opener]] = [[] for _ in _TEMPLATES]
    for article in filter(_is_english, articles):
        found = [next(template(article), None) for template in _TEMPLATES]
        # Where several fit, the kind that has fewest gets it.
        fitting = [kind for kind, one in enumerate(found) if one]
        if fitting:
            kind = min(fitting, key=lambda one: len(kinds[one]))
            kinds[kind] += [one for one in found[kind : kind + 1] if one]
    in_turns = (one for turn in zip_longest(*kinds) for one in turn if one)
    return list({one.question: one for one in in_turns}.values())[:n]


def openers_of(article: Article) -> list[Opener]:
    """Return all questions that the templates make of one article, each once."""
    if not _is_english(article):
        return []
    found = (one for template in _TEMPLATES for one in template(article))
    return list({one.question: one for one in found}.values())


def _is_english(article: Article) -> bool:
    return (article.language or "en").lower().startswith("en")


def _posts(article: Article) -> Iterator[Opener]:
    for match in _POST.finditer(article.text):
        yield Opener(f"Who is the {match['post']}?", article.id, match["who"])


def _holders(article: Article) -> Iterator[Opener]:
    for match in _HOLDER.finditer(article.text):
        # "Pell's new café, Corner House" is nobody.
        if _speaks(match["who"], article):
            yield Opener(f"Who is {match['body']}’s {match['post']}?", article.id, match["who"])


def _headlines(article: Article) -> Iterator[Opener]:
    match = _HEADLINE.fullmatch(article.title)
    # A word that is capitalised inside a sentence too is a name; "Ferry" begins a headline only.
    if match and re.search(rf"[a-z,] {re.escape(match['who'])}\b", article.text):
        yield Opener(f"Who {match['does']}?", article.id, match["who"])


def _counts(article: Article) -> Iterator[Opener]:
    for match in _COUNT.finditer(article.text):
        yield Opener(f"How many {match['what']} {match['rest']}?", article.id, match["n"])


def _subjects(article: Article) -> Iterator[Opener]:
    for match in _SENTENCE.finditer(article.text):
        does = match["does"]
        verb = does.partition(" ")[0]
        if verb in _SAYING or _POINTING.search(does) or not _SPECIFIC.search(does):
            continue
        yield Opener(f"Who {does}?", article.id, match["who"])


def _people(article: Article) -> Iterator[Opener]:
    for match in _DESCRIBED.finditer(article.text):
        if _speaks(match["who"], article):
            yield Opener(f"Who is {match['who']}?", article.id, None)


def _speaks(name: str, article: Article) -> bool:
    """Whether a name is somebody's: who says something is; "Carrow Hills, a reserve" never does."""
    last = re.escape(name.rsplit(" ", 1)[-1])
    says = r"(?:said|says|told|added)\b"
    # "said Halden's chief executive, Yusuf Brandt".
    return bool(
        re.search(rf"\b{last},? {says}|\b{says}[^.;:“”\"\n]{{0,60}}\b{last}\b", article.text)
    )


_TEMPLATES = (_posts, _holders, _headlines, _counts, _subjects, _people)

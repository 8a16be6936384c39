"""Why a question is not answered, in words that help to ask again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from index.engines.archive import ArchiveSnapshot, ArchiveStatus
from index.search.hit import Hit
from index.search.query import Filters
from service.answering.analysis import Analysis
from service.answering.answer import Answer
from service.answering.english import ASKING, AUXILIARIES, MODALS, WRITING
from service.answering.followups import is_named
from service.answering.periods import asked_years
from service.words import day as in_words

__all__ = [
    "Case",
    "absent_names",
    "ends_before",
    "is_name",
    "is_small_talk",
    "refusal",
    "topic_of",
]

_GREETING = r"(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|thanks?(?: you)?|bye|goodbye)"
_ABOUT_THIS = (
    r"(?:what (?:can|do) you do|who are you|how are you(?: doing)?|are you (?:a |an )?"
    r"(?:bot|ai|human|robot|person)|what is this|(?:can you )?help(?: me)?"
    r"|how (?:do|can|should) (?:i|we) (?:use|search|ask)(?: (?:this|it|here))?"
    r"|how does (?:this|it) work)"
)
_THAT_IS = r"(?:that|this|it)(?:['’]s| is| was) "
_PRAISE = (
    r"(?:so |very |really |not )?"
    r"(?:helpful|useful|great|good|nice|perfect|wonderful|interesting|clear|enough)"
)
_SMALL_TALK = re.compile(
    rf"{_GREETING}(?:[ ,.!]+(?:there|all|everyone|you|{_GREETING}|so much|very much))*"
    rf"(?:[ ,.!]+(?:{_ABOUT_THIS}|(?:{_THAT_IS})?{_PRAISE}))?[ ,.!?]*"
    rf"|(?:{_ABOUT_THIS}|{_THAT_IS}{_PRAISE})[ ,.!?]*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"\b(?:{ASKING}|name|list|{AUXILIARIES}|{MODALS}|may|might|must)\b",
    re.IGNORECASE,
)
_RECENT = re.compile(
    r"\b(?:today|tonight|yesterday|this (?:morning|afternoon|evening|week))\b", re.IGNORECASE
)
_PRESENT = re.compile(r"\b(?:is|are|am|does|do|has|have|can|should|will)\b", re.IGNORECASE)
_MAX_TOPIC_WORDS = 3
_NO_TOPICS = frozenset(
    "more everything anything something all it that this them these those".split()
)
# What a writer would be asked for, and what an archive can do: show its articles.
_WRITE = rf"(?:{WRITING}|write (?:\w+ ){{0,4}}?(?:about|on|of))"
_VERB = r"(?:tell|show|give|find|get) (?:me|us)"
_NEWS = (
    r"(?:the |some |any |all |more |latest )*(?:news|articles?|stories|reports?|information|info"
    r"|details|background|everything|anything|something|more)"
)
_SHOW = (
    rf"(?:(?:{_VERB} )?{_NEWS}|{_VERB}) (?:about|on|regarding)|{_VERB}(?: more| everything| all)?"
)
_WANTED = re.compile(
    rf"(?:(?:please|(?:can|could|would|will) you|i(?: want|['’]d like|would like)(?: you)? to) )*"
    rf"(?:(?P<write>{_WRITE})|{_SHOW}) (?:the |an? )?",
    re.IGNORECASE,
)
_HELP = (
    "That is no question about the news. Ask who, what, when, where, why or how many, as in "
    "“Who won the election?”, or name a person, a place or a subject to see the articles on it."
)


def is_small_talk(text: str) -> bool:
    """Tell whether somebody greets, thanks or asks what this is.

    >>> is_small_talk("hello, what can you do?"), is_small_talk("Hi, who won the cup final?")
    (True, False)
    >>> is_small_talk("thanks, that was helpful"), is_small_talk("Great Lakes")
    (True, False)

    "Nice" alone may be the city.

    >>> is_small_talk("that's nice!"), is_small_talk("Nice")
    (True, False)
    """
    return _SMALL_TALK.fullmatch(text.strip()) is not None


def topic_of(question: Analysis) -> str | None:
    """Return what a text is about that asks nothing, None where it asks something.

    A name, a few words, or what is wanted to be told of or written about.

    >>> from service.answering.analysis import analyse
    >>> topic_of(analyse("Calder Foods")), topic_of(analyse("Tell me about the rail strike"))
    ('Calder Foods', 'rail strike')
    >>> topic_of(analyse("Explain why the strike ended"))
    """
    text = question.text.strip()
    wanted = _WANTED.match(text)
    rest = (text[wanted.end() :] if wanted else text).strip(" .!?")
    if not rest or is_name(question):
        return rest or None
    if _ASKS.search(rest) or (not wanted and text.endswith("?")):
        return None
    if rest.lower() in _NO_TOPICS:
        return None
    return rest if wanted or len(question.terms) <= _MAX_TOPIC_WORDS else None


def _wants_writing(question: Analysis) -> bool:
    wanted = _WANTED.match(question.text.strip())
    return bool(wanted and wanted["write"]) and topic_of(question) is not None


def is_name(question: Analysis) -> bool:
    """Tell whether a text is a name and nothing else."""
    return is_named(question.text)


def ends_before(question: str, day: date, status: ArchiveStatus) -> str | None:
    """Return why an archive cannot know what happened on a day or in a week that is asked about.

    `day` is when it is asked. None: nothing of that kind is asked, or the archive goes as far.
    """
    asked = _RECENT.search(question)
    if not asked or not status.last_day:
        return None
    words = asked[0].casefold()
    begin = day - timedelta(days=day.weekday()) if words == "this week" else day
    begin = begin - timedelta(days=1) if words == "yesterday" else begin
    if date.fromisoformat(status.last_day) >= begin:
        return None
    ends, of = in_words(status.last_day), in_words(begin.isoformat())
    since = f"from {of} on" if words == "this week" else of
    return f"The archive ends on {ends}, so it has nothing of {words} ({since})."


def is_present(question: str) -> bool:
    """Tell whether a question is about how things are, not about what happened.

    >>> is_present("Who is the mayor today?"), is_present("Who won today?")
    (True, False)
    """
    return _PRESENT.search(question) is not None


def absent_names(question: Analysis, snapshot: ArchiveSnapshot) -> list[str]:
    """Return the names of a question that no article has."""
    return [name for name in question.names if not snapshot.n_passages_with(name)]


@dataclass(frozen=True, slots=True)
class Case:
    """A question, with what was searched for and found; `day` is the day it is asked from."""

    question: Analysis
    filters: Filters
    hits: Sequence[Hit]
    snapshot: ArchiveSnapshot
    day: date


def refusal(answer: Answer | None, case: Case, least: float) -> str | None:
    """Return why an answer, the likeliest one, is not given; None where it is.

    It is not below the probability `least`.
    """
    question = case.question
    outdated = ends_before(question.text, case.day, case.snapshot.status)
    if answer is None or is_small_talk(question.text) or is_name(question):
        is_given = False
    elif outdated:
        # In a question about how things are, "today" may as well mean these days.
        is_given = answer.likely and is_present(question.text) and answer.confidence >= least
    elif _wants_writing(question):
        is_given = False
    elif not answer.likely and (
        topic_of(question) or absent_names(question, case.snapshot) or _is_before(case, answer)
    ):
        # A possibility misleads where a name is in no article, nothing was asked in words, or no
        # article is as old as what was asked about.
        is_given = False
    else:
        is_given = answer.confidence >= least
    return None if is_given else outdated or _why_not(case)


def _is_before(case: Case, answer: Answer | None) -> bool:
    """Whether the years asked about end before the archive begins, and an answer names none."""
    question, first = case.question, case.snapshot.status.first_day
    if not question.years or not question.day or not first:
        return False
    told = asked_years(answer.citations[0].quote) if answer else frozenset()
    return question.day < date.fromisoformat(first) and min(told, default=9999) > max(
        question.years
    )


def _why_not(case: Case) -> str:
    """Return the reason to refuse a question, the one that helps most.

    That the archive does not say is claimed only where a name of the question is in no article, or
    nothing was found: elsewhere all that is known is that no answer was found.
    """
    question = case.question
    if is_small_talk(question.text):
        return _HELP
    if not case.hits:
        return _nothing_found(case.filters, question, case.snapshot.status)
    if absent := absent_names(question, case.snapshot):
        return f"No article here mentions {_listed(absent)}. The closest passages are below."
    if topic := topic_of(question):
        cause, subject = f"“{topic}” names a subject and asks nothing.", "it"
        if _wants_writing(question):
            cause = "Dateline quotes what articles say and writes nothing of its own."
            subject = f"“{topic}”"
        return (
            f"{cause} These are the articles closest to {subject}; ask who, what, when, where, "
            "why or how many to get an answer."
        )
    first = case.snapshot.status.first_day
    if first and _is_before(case, None):
        return (
            f"The archive begins on {in_words(first)}, after the time that is asked about. The "
            "closest passages are below."
        )
    if question.names:
        return (
            f"Articles mention {_listed(question.names)}, but none was found that answers this. "
            "The closest passages are below."
        )
    return "No passage was found that answers this. The closest ones are below."


def _nothing_found(filters: Filters, question: Analysis, status: ArchiveStatus) -> str:
    written = {name.casefold(): name for name in status.sources}
    for name in filters.spelt_as(status.sources).sources:
        if name not in status.sources:
            alike = get_close_matches(name.casefold(), written, n=1, cutoff=0.5)
            hint = f" Did you mean {written[alike[0]]}?" if alike else ""
            return f"No article here is from “{name}”.{hint}"
    first = filters.published_from
    last = min((day for day in (filters.published_to, question.as_of) if day), default=None)
    if (first or last) and status.first_day and status.last_day:
        bounds = " ".join(
            part for part in (first and f"from {first}", last and f"up to {last}") if part
        )
        return (
            f"No article published {bounds} has any of the question's words. The archive has "
            f"articles from {status.first_day} to {status.last_day}."
        )
    if filters.sources:
        return (
            f"No article from {_listed(filters.sources)} has any of the question's words. "
            "Ask without the filter to search all outlets."
        )
    return "No article here has any of the question's words."


def _listed(names: Sequence[str]) -> str:
    return " and ".join(f"“{name}”" for name in names)

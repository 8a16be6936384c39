"""The only door to nupunkt: where sentences begin and end, in the scripts of the world's news."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nupunkt import PunktSentenceTokenizer

__all__ = ["sentence_spans"]

# Frequent in news and not in nupunkt's own list.
_ABBREVIATIONS = ["lt", "avg", "mme", "mlle", "sra", "dra", "bzw", "mio", "mrd", "evtl", "ggf"]
_ABBREVIATIONS += ["inkl", "bspw", "dipl", "sog"]

# All that the tokenizer ends a sentence at, and what it lets follow in the same sentence.
_ENDS = (".", "!", "?", "…")
_TRAILING = "'\")]}”’»*"

# Stops after which no space comes: Chinese and Japanese, Burmese, Khmer; and those that one
# follows: Arabic and Urdu, Hindi and its kin, Armenian, Ethiopian, Tibetan.
_CLOSING = "”’」』）】》〉\"')»"
_OPENING = "“‘「『（【《〈«\"'("
_WIDE = "。！？｡"
# Runs are taken whole, and `_end_of` tells whether they end a sentence: a pattern that tells it
# would be tried again from each sign of a long one.
_STOPS = re.compile(
    rf"(?:(?P<wide>[。！？｡．!?…]+)|[။។៕])(?P<closing>[{_CLOSING}]*)"
    rf"|(?P<spaced>[؟۔।॥։።፧༎][؟۔।॥։።፧༎!?]*[{_CLOSING}]*)"
)
_HAS_STOP = re.compile("[。！？｡။។៕؟۔।॥։።፧༎]")

# "am 3. Oktober", "der 2. Weltkrieg": a number, and a dot that makes it "third".
_ORDINAL = re.compile(r"(?:(?P<before>[^\W\d_]+)\s+|^|[,(–-]\s*)\d{1,2}\.$")
_LEADS = frozenset(
    "am vom zum im beim der die das dem den des ein eine einem einen einer eines bis ab seit und"
    " oder ihr ihre ihrem ihren ihrer sein seine seinem seinen seiner jeder jede jedes jeden dieser"
    " diese dieses diesem diesen unser unsere als zur nach montag dienstag mittwoch"
    " donnerstag freitag samstag sonnabend sonntag mandag tirsdag onsdag torsdag fredag lördag"
    " lørdag söndag søndag det de".split()
)
_MONTHS = (
    "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
)
_MONTH = re.compile(
    rf"(?:(?P<own>Januar|Jänner|Februar|März|Mai|Juni|Juli|Oktober|Dezember)|{_MONTHS})"
    r"(?![^\W\d_])(?P<year>\s+\d{4})?"
)
# What a sentence may well begin with, and no German noun does; and in English, "I am 12. He ..."
_BEGINS = frozenset(
    "der die das dem den ein eine er sie es wir ich ihr man danach dann doch aber und oder so auch"
    " in im am an auf aus bei beim bis durch für gegen mit nach nun ohne seit über um unter von vor"
    " vom zu zum zur zwischen wer wie was wann wo warum weil wenn dass damit deshalb dabei dazu"
    " daher dort hier heute gestern morgen jetzt noch nur schon sein seine ihre dieser diese dieses"
    " alle viele einige laut trotz während obwohl nachdem"
    " he she it they we you the a an this that these those his her their its but then".split()
)
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def _tokenizer() -> "PunktSentenceTokenizer":
    # Here, not at the top: who only asks need not wait for it.
    from nupunkt import load_default_model

    tokenizer = load_default_model()
    tokenizer.add_abbreviations(_ABBREVIATIONS)
    return tokenizer


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the sentences of `text`, `[start, end)` in code points, in order.

    A sentence never crosses a line break and neither begins nor ends with white space; every
    other character of `text` lies in exactly one sentence.

    >>> sentence_spans("He met Lt. Col. Ruiz. It rained.")
    [(0, 21), (22, 32)]
    """
    spans = []
    line_start = 0
    for line in text.split("\n"):
        if line.strip():
            spans += [(line_start + start, line_start + end) for start, end in _line_spans(line)]
        line_start += len(line) + 1
    return spans


def _line_spans(line: str) -> list[tuple[int, int]]:
    """Split one line; what lies between two starts belongs to the first."""
    # Half the lines of news are one sentence or a headline, which needs no closer look.
    starts = [] if _has_no_end_inside(line) else _starts(line)
    if not line.isascii() and _HAS_STOP.search(line):
        starts = sorted({*starts, *_starts_after_stops(line)})
    starts = [start for start in starts if not _is_ordinal(line, start)]
    # Whatever the tokenizer leaves out at the edges still belongs to a sentence.
    bounds = [0, *starts, len(line)]
    spans = []
    for start, end in zip(bounds, bounds[1:], strict=False):
        piece = line[start:end]
        if stripped := piece.strip():
            lead = len(piece) - len(piece.lstrip())
            spans.append((start + lead, start + lead + len(stripped)))
    return spans


def _has_no_end_inside(line: str) -> bool:
    body = line.rstrip().rstrip(_TRAILING)
    body = body[:-1] if body.endswith(_ENDS) else body
    return not any(end in body for end in _ENDS)


def _starts(line: str) -> list[int]:
    return [start for start, _ in _tokenizer().span_tokenize(line)][1:]


def _starts_after_stops(line: str) -> list[int]:
    """Return where sentences begin after stops that the tokenizer does not know."""
    starts = []
    for match in _STOPS.finditer(line):
        end = _end_of(match)
        if end is None:
            continue
        after = line[end : end + 1]
        # "良い。」と言った": what is quoted ends, and the sentence around it goes on.
        closes = match["closing"] and end == match.end()
        goes_on = closes and after and after not in _OPENING and not after.isspace()
        if after and not goes_on:
            starts.append(end)
    return starts


def _end_of(match: re.Match[str]) -> int | None:
    """Return where the sentence ends that a run of stops ends, None where it ends none."""
    if match["spaced"]:
        after = match.string[match.end() : match.end() + 1]
        return match.end() if not after or after.isspace() else None
    run = match["wide"]
    if run is None:
        return match.end()
    last = max(map(run.rfind, _WIDE))
    if last < 0:
        return None
    # "．" is a stop before another one only: it may be a decimal point.
    stop = run.find("．", last)
    return match.end() if stop < 0 else match.start() + stop


def _is_ordinal(line: str, start: int) -> bool:
    """Whether what seems to end before `start` is a number such as "3." in "am 3. Oktober"."""
    before = line[:start].rstrip()
    if not before.endswith(".") or not before[-2:-1].isdigit():
        return False
    match = _ORDINAL.search(before[-40:])
    after = line[start:].lstrip()
    word = _WORD.match(after)
    if not match or not word:
        return False
    is_led = (match["before"] or "").casefold() in _LEADS
    if month := _MONTH.match(after):
        return is_led or bool(month["own"] or month["year"])
    return is_led and word[0].casefold() not in _BEGINS

"""The only door to text2num: counts, percentages, money, ratios and quantities in words."""

import re
import unicodedata
from collections.abc import Iterator

from text_to_num import alpha2digit, text2num

from service.answering.values.units import CURRENCIES, CURRENCY, UNIT, UNITS
from service.answering.values.value import Value

__all__ = ["number_value"]

_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6,
    "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "dozen": 12.0,
    "score": 20.0,
}  # fmt: skip
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "hundredth": 100,
}  # fmt: skip
_SMALL = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred)"
)
_WORDS = re.compile(
    rf"\b{_SMALL}(?:(?:[ -]| and | point ){_SMALL})*\b(?! and a half hundred)", re.IGNORECASE
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen|score)"
_SHORT = r"(?:k|mn?|bn?|tn)\b"
_NUMBER = (
    rf"(?:(?P<sign>minus |negative |[-−](?=\d)(?<!\d-))?(?P<digits>{_DIGITS})"
    rf"(?: ?(?P<short>{_SHORT}))?(?P<half> and a half)?(?: (?P<scale>{_SCALE})\b)?)"
)
_PERCENT = r"(?:%| ?per ?cent\b| percentage points?\b)"
_LOOK_BACK = 20
# Numbers that name a thing and count nothing.
_NAMES = re.compile(
    r"\b(?:No\.|Number|Flight|Route|Highway|Boeing|Airbus|Section|Article|Chapter|Room|Gate"
    r"|Platform|Channel|Apollo|Psalm|Title|Page|Group|Pier|Interstate|Block|Unit) ?[#A-Z-]*\d+"
    r"|\bFormula (?:One|\d)|\bdial(?:s|led|ed|ling|ing)? \d+"
    r"|\b[A-Z]+-?\d+\b|\b\d+[A-Z]+\b|#\d+"
    # A score, but neither "10-15 percent" nor "71-year-old".
    r"|\b\d+[-–]\d+(?!\d| ?(?:%|per ?cent|[a-z]))"
    # "iPhone 14", "Title 42": a name before a bare number, but not "About 14".
    r"|\b(?!(?:About|Nearly|Almost|Around|Roughly|Some|Only|Just|Over|Under|The|An?|At|As|More|Less"
    r"|Fewer|Between|Minus|Approximately|Another|All|Both|Up|In|On|By|Since|Until|After|Before) )"
    r"\w*[A-Z]\w*[a-z]\w* \d{1,3}(?![\d,.%]| ?(?:per|million|billion|thousand|[a-z]))"
    r"|\b\d+ [A-Z][a-z]+ (?:Street|Avenue|Road|Lane|Square)"
)


def number_value(text: str, start: int, end: int) -> Value | None:
    """Return the number that the answer `text[start:end]` comes to, None when it has none.

    >>> number_value("It cost $3bn.", 8, 12).as_dict()
    {'type': 'money', 'number': 3000000000, 'currency': 'USD'}
    """
    before = text[max(0, start - _LOOK_BACK) : start]
    answer = unicodedata.normalize("NFKC", text[start:end]).strip()
    if any(name.end() > len(before) for name in _NAMES.finditer(before + answer)):
        return None
    answer = _in_digits(answer)
    return next((value for value in _readings(answer) if value), None)


def _readings(text: str) -> Iterator[Value | None]:
    """Yield what a text may come to, the fullest reading first."""
    yield _range(text)
    yield _ratio(text)
    yield _part(text)
    match = _find(text)
    if match:
        yield _single(text, match)


def _range(text: str) -> Value | None:
    """Read "between 200 and 300", "10 to 15 percent", "$2-3 million"."""
    pair = re.search(
        rf"(?:between )?(?P<low>{CURRENCY}?{_DIGITS}(?: {_SCALE}| ?{_SHORT})?{_PERCENT}?)"
        rf"(?: and | to |[-–—])(?P<high>{CURRENCY}?{_DIGITS}(?: {_SCALE}| ?{_SHORT})?)(?P<rest>.*)",
        text,
        re.IGNORECASE,
    )
    if not pair or (" and " in pair[0] and not text.lower().startswith("between")):
        return None
    low, high = _find(pair["low"]), _find(pair["high"] + pair["rest"])
    if not low or not high:
        return None
    of = _single(pair["high"] + pair["rest"], high)
    small, large = _amount(low), _amount(high)
    # "2 to 3 million": the scale belongs to both.
    if small < large and not low["scale"] and not low["short"]:
        small *= _scale(high) if _scale(high) > 1 else 1
    kind = of.type if of and of.type != "number" else None
    return Value("range", low=small, high=large, of=kind)


def _ratio(text: str) -> Value | None:
    """Read "one in four", "3 out of 5", "six per 100,000"."""
    match = re.search(
        rf"({_DIGITS}|one|an?) (?:in|out of|per|of every) (?:every )?({_DIGITS})", text
    )
    if not match:
        return None
    count = 1.0 if match[1] in ("one", "a", "an") else _plain(match[1])
    return Value("ratio", number=count, per=_plain(match[2]))


def _part(text: str) -> Value | None:
    """Read "two-thirds", "a quarter", "half a percentage point", "half a million"."""
    match = re.search(
        rf"(?:(?P<count>{_DIGITS}|an?|one)[ -])?(?P<part>half|halves|thirds?|quarters?|fourths?"
        r"|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?|hundredths?)\b(?P<rest>.*)",
        text,
        re.IGNORECASE,
    )
    if not match or " and a half" in text:
        return None
    word = match["part"].lower()
    per = _PARTS.get(word) or _PARTS.get(word.rstrip("s"), 0)
    counted = (match["count"] or "1").lower()
    count = 1.0 if counted in ("a", "an", "one") else _plain(counted)
    rest = match["rest"].lower()
    if re.match(rf" (?:of )?(?:an? |one )?(?:{_PERCENT.strip()}|per ?cent|percent)", rest):
        return Value("percent", number=count / per)
    if scale := re.match(rf" (?:a |an )?({_SCALE})\b", rest):
        amount = count / per * _SCALES[scale[1]]
        return _with_unit(amount, rest[scale.end() :], text[: match.start()])
    if unit := re.match(rf" (?:of )?an? ({UNIT})\b", rest):
        return Value("quantity", number=count / per, unit=UNITS[unit[1]])
    return Value("ratio", number=count, per=float(per)) if "half" not in word or not rest else None


def _single(text: str, match: re.Match[str]) -> Value:
    return _with_unit(_amount(match), text[match.end() :], text[: match.start()])


def _with_unit(amount: float, after: str, before: str) -> Value:
    after = after.lstrip(" -")
    if re.match(r"(?:%|per ?cent\b|percentage points?\b)", after, re.IGNORECASE):
        return Value("percent", number=amount)
    if code := _currency(before, after):
        cents = re.match(r"(?:cents?|pence|pennies)\b", after, re.IGNORECASE)
        return Value("money", number=amount / 100 if cents else amount, currency=code)
    if unit := re.match(rf"({UNIT})(?!\w)", after, re.IGNORECASE):
        return Value("quantity", number=amount, unit=UNITS[unit[1].lower()])
    return Value("number", number=amount)


def _currency(before: str, after: str) -> str | None:
    if sign := re.search(rf"({CURRENCY}) ?$", before, re.IGNORECASE):
        return CURRENCIES[sign[1].lower()]
    if name := re.match(rf"({CURRENCY})(?!\w)", after, re.IGNORECASE):
        return CURRENCIES[name[1].lower()]
    return None


def _find(text: str) -> re.Match[str] | None:
    return re.search(rf"{_NUMBER}(?:st|nd|rd|th)?", text, re.IGNORECASE)


def _amount(match: re.Match[str]) -> float:
    number = _plain(match["digits"]) + (0.5 if match["half"] else 0.0)
    # Rounded: 2.3 * 1e6 is not 2300000.
    return round(number * _scale(match), 6) * (-1.0 if match["sign"] else 1.0)


def _scale(match: re.Match[str]) -> float:
    scale = _SCALES.get((match["short"] or "").lower(), 1.0)
    return scale * _SCALES.get((match["scale"] or "").lower(), 1.0)


def _plain(digits: str) -> float:
    return float(digits.replace(",", ""))


def _in_digits(text: str) -> str:
    """Write number words as digits, but for the scales from thousand up."""
    # "Half a million" is read with its half.
    text = re.sub(rf"(?<!half )\ban? (?={_SCALE}\b)", "one ", text, flags=re.IGNORECASE)
    return _WORDS.sub(lambda match: _spoken(match[0]), text)


def _spoken(words: str) -> str:
    try:
        return str(text2num(words.lower(), "en"))
    except ValueError:
        return str(alpha2digit(words, "en"))

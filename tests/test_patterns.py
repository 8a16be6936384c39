"""No regular expression of the sources takes much longer on long texts than their length tells."""

import time

import pytest

from tests.patterns import Use, attacks, uses

# What is given to these is short, or cannot be the attack.
_BOUNDED = {
    "corpus.sentences._ORDINAL": 40,
    "corpus.sources.stories._CUT_END": 120,
    "corpus.sources.formats.wrapping._LAST_WORD": 130,
    "corpus.sources.dates.dating._DATELINE": 1200,
    # What a reader marks is a few dozen words, and what is before it is cut.
    "service.answering.values.dates._stands_alone": 300,
    "service.answering.values.numbers._NAMES": 600,
    "service.answering.values.numbers._range": 300,
    "service.answering.values.numbers._ratio": 300,
    "service.answering.values.numbers._part": 300,
    # A text that is stored has no two spaces in a row.
    "service.answering.lists._BETWEEN": 2,
}
_LENGTHS = (8, 16, 24, 32, 64, 256, 1024, 4096)
# A linear pattern takes some nanoseconds for a character. One that takes a thousand times as long
# and whose time grows faster than the text is none: at quadratic growth 4096 characters take
# hundreds of times as long for each as 8 do.
_MAX_S_PER_CHAR = 10e-6
_MIN_S = 0.02


def _unique() -> list[Use]:
    found = {(use.pattern.pattern, use.pattern.flags, use.method): use for use in uses()}
    return list(found.values())


@pytest.mark.parametrize("use", _unique(), ids=lambda use: f"{use.where}-{use.method}")
def test_time_grows_with_the_length(use: Use) -> None:
    longest = _BOUNDED.get(use.where, max(_LENGTHS))
    for attack in attacks(use.pattern):
        # From short to long: what grows exponentially must not be asked for 4096.
        for length in (length for length in _LENGTHS if length <= longest):
            text = attack.text(length)
            took_s = min(_time(use, text) for _ in range(1 if length < max(_LENGTHS) else 2))
            is_slow = took_s > _MIN_S and took_s > _MAX_S_PER_CHAR * len(text)
            assert not is_slow, f"{use.where}: {took_s:.3f} s for {len(text)} of {attack}"


def _time(use: Use, text: str) -> float:
    """Return the processor time of applying a pattern to a text, in seconds."""
    apply = getattr(use.pattern, use.method)
    began_s = time.process_time()
    if use.method in ("sub", "subn"):
        apply("", text)
    elif use.method == "finditer":
        list(apply(text))
    else:
        apply(text)
    return time.process_time() - began_s

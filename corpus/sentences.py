"""The only door to nupunkt: where sentences begin and end."""

from functools import lru_cache

from nupunkt import PunktSentenceTokenizer, load_default_model

__all__ = ["sentence_spans"]

# Frequent in news and not in nupunkt's own list.
_ABBREVIATIONS = ["lt", "avg"]


@lru_cache(maxsize=1)
def _tokenizer() -> PunktSentenceTokenizer:
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
    starts = [start for start, _ in _tokenizer().span_tokenize(line)]
    # Whatever the tokenizer leaves out at the edges still belongs to a sentence.
    bounds = [0, *starts[1:], len(line)]
    spans = []
    for start, end in zip(bounds, bounds[1:], strict=False):
        piece = line[start:end]
        if stripped := piece.strip():
            lead = len(piece) - len(piece.lstrip())
            spans.append((start + lead, start + lead + len(stripped)))
    return spans

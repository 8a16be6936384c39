"""What stands in a text more than once."""

import re

from corpus.cleaning.quotations import is_quoted

__all__ = ["drop_distant_repeats", "drop_repeats_in_a_row"]

# What comes again for good reason is shorter or no sentence: headings, lines of a song, the rows
# of a list of many places, the one question that all are asked.
_MIN_CHARS = 120
_ENDS_SENTENCE = re.compile(r"[.!…][”’)]?$")


def drop_repeats_in_a_row(lines: list[str]) -> list[str]:
    """Keep a line that stands twice in a row, blank lines between or not, once."""
    kept: list[str] = []
    last = ""
    for line in lines:
        if line and line == last and not is_quoted(line):
            continue
        kept.append(line)
        last = line or last
    return kept


def drop_distant_repeats(lines: list[str]) -> list[str]:
    """Keep a paragraph that stood in the text before only where it stood first."""
    if len(set(lines)) == len(lines):
        return lines
    seen: set[str] = set()
    kept: list[str] = []
    for line in lines:
        if line in seen and not is_quoted(line):
            continue
        kept.append(line)
        if len(line) >= _MIN_CHARS and _ENDS_SENTENCE.search(line):
            seen.add(line)
    # What lay between two short lines that are alike may be gone.
    return drop_repeats_in_a_row(kept)

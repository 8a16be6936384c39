"""What somebody is quoted with, which no rule may touch."""

import re

__all__ = ["is_quoted"]

# Single quote marks are apostrophes as well: a quotation in them ends with a mark of its own.
_QUOTATION = re.compile(
    r"[“„«»”].*[“”»«]|\".*\"|^[“„«\"]"
    r"|(?<!\w)['‘](?=\S)[^'‘\n]*[.,!?…]['’](?!\w)|(?<!\w)‘[^‘’\n]+ [^‘’\n]+ [^‘’\n]+’(?!\w)"
)
_MARKS = frozenset("\"“”„«»'‘")


def is_quoted(line: str) -> bool:
    """Whether a paragraph holds a quotation, or begins one that goes on in the next.

    >>> is_quoted("“Read more,” he said."), is_quoted("Read more: The mayor's ferry")
    (True, False)
    """
    return not _MARKS.isdisjoint(line) and bool(_QUOTATION.search(line))

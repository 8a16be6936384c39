"""Columns of a printed page, told apart by the gaps between them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

__all__ = ["in_columns", "may_have_columns"]

# Spaces between two columns in a text that keeps the widths of a page.
_GAP = re.compile(r"(?<=\S) {3,}(?=\S)")
_MIN_LINES = 3
_MIN_SHARE = 0.25
# A column holds words; a table's cells are shorter.
_MIN_WORDS = 3.0
_NEAR = 2
_MAX_COLUMNS = 8
# Of the width of a page: what begins so far to the right of the first piece of its line.
_MIN_STEP = 0.2


def may_have_columns(pieces: Iterable[tuple[float, float]], page_width: float) -> bool:
    """Whether several lines have pieces far apart; each piece is the (x, y) where it begins."""
    lines: dict[int, list[float]] = {}
    for x, y in pieces:
        lines.setdefault(round(y), []).append(x)
    step = _MIN_STEP * page_width
    return sum(max(xs) - min(xs) > step for xs in lines.values()) >= _MIN_LINES


def in_columns(lines: Sequence[str]) -> list[str] | None:
    """Return the lines of a page column by column, or None when it has only one.

    `lines` keep their widths, as drawn with letters of one width. A line across all columns stands
    between what is above it and what is below.

    >>> in_columns(["Left one here    right one here"] * 3)[:4]
    ['Left one here', 'Left one here', 'Left one here', 'right one here']
    """
    starts = _starts(lines)
    if not starts:
        return None
    ordered: list[str] = []
    columns: list[list[str]] = [[] for _ in range(len(starts) + 1)]
    for line in lines:
        cells = _cells(line, starts)
        if cells is None:
            ordered += [one for column in columns for one in column] + [line.strip()]
            columns = [[] for _ in columns]
            continue
        for column, cell in zip(columns, cells, strict=True):
            # A blank line ends a paragraph in each column that has begun.
            if cell or (column and not line.strip()):
                column.append(cell)
    return ordered + [one for column in columns for one in column]


def _starts(lines: Sequence[str]) -> list[int]:
    """Return where columns begin, but for the first."""
    ends = Counter(gap.end() for line in lines for gap in _GAP.finditer(line))
    n_full = sum(1 for line in lines if _GAP.search(line))
    starts: list[int] = []
    for at, _ in ends.most_common(_MAX_COLUMNS * 4):
        near = sum(ends[one] for one in range(at - _NEAR, at + _NEAR + 1))
        is_new = all(abs(at - other) > 3 * _NEAR for other in starts)
        if is_new and near >= max(_MIN_LINES, _MIN_SHARE * n_full):
            starts.append(at)
    starts = sorted(starts)[: _MAX_COLUMNS - 1]
    cells = [cell for line in lines for cell in _cells(line, starts) or [] if cell]
    n_words = sum(len(cell.split()) for cell in cells)
    return starts if cells and n_words >= _MIN_WORDS * len(cells) else []


def _cells(line: str, starts: Sequence[int]) -> list[str] | None:
    """Return what a line has in each column, or None when it goes across a gap."""
    edges = [0]
    for start in starts:
        # Letters are not all of one width: a column begins a little before or after.
        at = next(
            (
                gap.end()
                for gap in re.finditer(r"(?:^| ) +(?=\S)", line)
                if abs(gap.end() - start) <= _NEAR
            ),
            None,
        )
        if at is None:
            if line[max(start - _NEAR, 0) : start + _NEAR].strip():
                return None
            at = start
        edges.append(min(max(at, edges[-1]), len(line)))
    edges.append(len(line))
    return [line[start:end].strip() for start, end in zip(edges, edges[1:], strict=False)]

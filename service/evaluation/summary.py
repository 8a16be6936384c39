"""What an evaluation found: a row per question, figures over them, and over groups of them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from service.evaluation.figures import Figures, figures_of
from service.evaluation.row import Row

__all__ = ["Report", "group_by"]


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of an evaluation."""

    rows: Sequence[Row]

    def figures(self) -> Figures:
        """Return the figures over all rows; shares and scores in [0, 1], times in ms."""
        return figures_of(self.rows)

    def groups(self) -> dict[str, Figures]:
        """Return the figures of each year of `as_of`, each yes-or-no fact, and both together."""
        named = (
            (name, row)
            for row in self.rows
            for name in (
                *_years(row),
                *row.groups,
                *(f"{group} {year}" for group in row.groups for year in _years(row)),
            )
        )
        return _figures_by_name(named)

    def as_dict(self) -> dict[str, Any]:
        """Return figures, groups and rows as one JSON object."""
        return self.figures() | {
            "groups": self.groups(),
            "rows": [asdict(row) for row in self.rows],
        }

    def summary(self) -> str:
        """Return the figures as a table: a line each, a column for all and for each group."""
        columns = {"all": self.figures(), **self.groups()}
        width = max(len(name) for name in self.figures())
        head = " ".join(f"{name:>{max(9, len(name))}}" for name in columns)
        lines = [f"{'':{width}} {head}"]
        for figure in self.figures():
            cells = (
                f"{_shown(figures[figure]):>{max(9, len(name))}}"
                for name, figures in columns.items()
            )
            lines.append(f"{figure:{width}} {' '.join(cells)}")
        return "\n".join(lines)


def group_by(report: Report, key: str) -> dict[str, Figures]:
    """Return the figures of the groups of one kind, by name.

    `key` is `as_of`, which groups by its year (`2022`), or the name of a yes-or-no fact of the
    questions (`recent=true`). A question without it is in no group.
    """
    named = (
        (name, row)
        for row in report.rows
        for name in (
            _years(row)
            if key == "as_of"
            else [group for group in row.groups if group in (f"{key}=true", f"{key}=false")]
        )
    )
    return _figures_by_name(named)


def _years(row: Row) -> tuple[str, ...]:
    return (row.as_of[:4],) if row.as_of else ()


def _figures_by_name(named: Iterable[tuple[str, Row]]) -> dict[str, Figures]:
    members: dict[str, list[Row]] = {}
    for name, row in named:
        members.setdefault(name, []).append(row)
    return {name: figures_of(rows) for name, rows in sorted(members.items())}


def _shown(value: float | int | None) -> str:
    if value is None:
        return "-"
    return (
        str(value) if isinstance(value, int) else f"{value:.3f}" if value < 10 else f"{value:.0f}"
    )

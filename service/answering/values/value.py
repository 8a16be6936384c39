"""The types of value that an answer can have."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["Value", "ValueType"]

ValueType = Literal["date", "number", "percent", "money", "ratio", "quantity", "range"]


@dataclass(frozen=True, slots=True)
class Value:
    """A normalised value beside the verbatim words.

    A `date` has `iso`, as long as its `precision` allows (`2025-02-19`, `2025-02`, `2025`), or two
    days and a slash between them for a week or a decade. The others have a `number`: a `percent`
    in hundredths, `money` in units of `currency` (ISO 4217), a `ratio` of `number` in `per`, a
    `quantity` of `unit`; a `range` has `low` and `high`, `of` what type.
    """

    type: ValueType
    iso: str | None = None
    precision: Literal["day", "week", "month", "year", "decade"] | None = None
    number: float | None = None
    per: float | None = None
    currency: str | None = None
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    of: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the facts that the value has; a whole number as an int."""
        return {
            name: int(fact) if isinstance(fact, float) and fact.is_integer() else fact
            for name, fact in asdict(self).items()
            if fact is not None
        }

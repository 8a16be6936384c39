"""Kinds of values that options of several commands take."""

from datetime import date

import rich_click as click

from corpus.dates import parse_day

__all__ = ["Day"]


class Day(click.ParamType[date]):
    """A day, written as 2025-02-19."""

    name = "YYYY-MM-DD"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day, or end with a sentence that says how it is written."""
        try:
            return parse_day(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(str(error), param, ctx)

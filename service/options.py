"""What several commands share: options, and how errors are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import rich_click as click
from pydantic import ValidationError

from corpus.dates import parse_day
from corpus.errors import DatelineError

__all__ = ["Day", "errors_told", "index_option"]

index_option = click.option(
    "--index",
    "index_dir",
    type=click.Path(path_type=Path),
    envvar="DATELINE_INDEX_DIR",
    default=Path(".dateline"),
    show_default=True,
    help="The index directory.",
)


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


@contextmanager
def errors_told() -> Iterator[None]:
    """End with the error's own sentence instead of a traceback."""
    try:
        yield
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    except ValidationError as error:
        # Only settings are validated here: an environment variable holds what it cannot.
        first = error.errors(include_url=False)[0]
        name = f"DATELINE_{first['loc'][0]}".upper() if first["loc"] else "DATELINE_*"
        raise click.ClickException(f"{name}: {first['msg']}") from error

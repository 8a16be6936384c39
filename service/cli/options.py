"""What several commands share: options, and how errors are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import rich_click as click
from pydantic import ValidationError

from corpus.dates import parse_day
from corpus.errors import DatelineError

__all__ = ["Day", "Number", "ServerUrl", "errors_told", "index_option"]

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


class Number(click.ParamType[int]):
    """A whole number from `first` to `last`, None: without end."""

    name = "N"

    def __init__(self, first: int, last: int | None = None) -> None:
        self.first = first
        self.last = last

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number, or end with a sentence that says which ones are allowed."""
        text = str(value).strip()
        number = int(text) if text.isascii() and text.lstrip("-").isdigit() else None
        if number is None or number < self.first or (self.last is not None and number > self.last):
            end = f"from {self.first} to {self.last}" if self.last else f"of {self.first} or more"
            self.fail(f"{text!r} must be a number {end}.", param, ctx)
        return number


class ServerUrl(click.ParamType[str]):
    """The address of a server; http:// is put before one without a scheme."""

    name = "URL"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address."""
        url = value.strip() if "://" in value else f"http://{value.strip()}"
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            self.fail(f"{value!r} is not an address such as http://localhost:8000.", param, ctx)
        return url


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

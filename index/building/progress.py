"""Telling how far a run is."""

from typing import Protocol

__all__ = ["Progress", "Silent"]


class Progress(Protocol):
    """Is told how far a run is."""

    def start(self, stage: str, total: int | None) -> None:
        """A stage begins; `total` units of work, None when unknown."""
        ...

    def advance(self, n: int) -> None:
        """`n` more units of the stage are done."""
        ...


class Silent:
    """Progress that nobody watches."""

    def start(self, stage: str, total: int | None) -> None:
        """See `Progress.start`."""

    def advance(self, n: int) -> None:
        """See `Progress.advance`."""

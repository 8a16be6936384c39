"""When work is to stop: its time is over, or nobody waits for it any more."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from litestar.types import HTTPDisconnectEvent, Receive

from corpus.errors import DatelineError

__all__ = ["ClientGoneError", "Deadline", "DeadlineError", "nobody_leaves", "wait_for"]

T = TypeVar("T")


class DeadlineError(DatelineError):
    """A call took longer than calls may."""


class ClientGoneError(DatelineError):
    """Whoever waited for the outcome went away; nobody reads this."""


class Deadline:
    """The end of one call's time, `seconds` from now; 0 sets none. Looked at by two threads.

    `clock` returns seconds.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._end_s = clock() + seconds if seconds else None
        self._is_given_up = False

    @property
    def left_s(self) -> float | None:
        """Seconds that are left, at least 0; None when there is no end."""
        return None if self._end_s is None else max(0.0, self._end_s - self._clock())

    def give_up(self) -> None:
        """Have the work stop: nobody waits for it."""
        self._is_given_up = True

    def check(self) -> None:
        """Go on, or end the work; to be called wherever it can be broken off.

        Raises:
            DeadlineError: the time is over.
            ClientGoneError: nobody waits.
        """
        if self._is_given_up:
            raise ClientGoneError("The client went away.")
        if self.left_s == 0:
            raise self.error()

    def error(self) -> DeadlineError:
        """Return what says that the time is over."""
        return DeadlineError(
            f"There was no answer after {self._seconds:g} seconds. The server may be busy: try "
            "again, or narrow the question down with filters."
        )


async def wait_for(job: Future[T], deadline: Deadline, receive: Receive) -> T:
    """Return the outcome of `job`, and have it stop when nobody waits for it.

    `receive` is that of the call, whose body was read.

    Raises:
        DeadlineError: the time is over.
        ClientGoneError: the client went away.
    """
    done = asyncio.wrap_future(job)
    gone = asyncio.ensure_future(_disconnect(receive))
    try:
        either: set[asyncio.Future[Any]] = {done, gone}
        await asyncio.wait(either, timeout=deadline.left_s, return_when=asyncio.FIRST_COMPLETED)
        if done.done():
            return done.result()
        raise ClientGoneError("The client went away.") if gone.done() else deadline.error()
    finally:
        deadline.give_up()
        # The one in the queue first: the other tells it too late, on the loop's next turn.
        job.cancel()
        done.cancel()
        gone.cancel()


async def nobody_leaves() -> HTTPDisconnectEvent:
    """Wait for ever: the `receive` of a caller whose leaving cancels the wait by itself."""
    await asyncio.Event().wait()
    return {"type": "http.disconnect"}


async def _disconnect(receive: Callable[[], Awaitable[object]]) -> None:
    """Return when the client has gone away."""
    while True:
        match await receive():
            case {"type": "http.disconnect"}:
                return

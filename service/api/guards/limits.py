"""Work off the event loop: in few threads, with a short queue, and a quick refusal beyond it."""

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import BoundedSemaphore, Lock
from typing import TypeVar

from corpus.errors import DatelineError

__all__ = ["OverloadedError", "RetryScheduler", "Workers"]

T = TypeVar("T")


# A question takes about this long, so by then there is room again or it is worth asking.
_MIN_WAIT_S = 2
_MAX_WAIT_S = 60
# Refusing takes time too: if all who were refused came back at once, nothing else would be done.
_RETURNS_PER_S = 25


class OverloadedError(DatelineError):
    """All threads are busy and the queue before them is full.

    `retry_after_s` is how long to wait before asking again, in whole seconds.
    """

    def __init__(self, message: str, retry_after_s: int = _MIN_WAIT_S) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RetryScheduler:
    """Spreads those who are refused over time; used on one thread. `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last_s = 0.0

    def next_s(self) -> int:
        """Return in how many seconds the next one who is refused is to come back."""
        now_s = self._clock()
        last_s = min(self._last_s, now_s + _MAX_WAIT_S - _MIN_WAIT_S)
        self._last_s = max(last_s, now_s) + 1 / _RETURNS_PER_S
        return math.ceil(_MIN_WAIT_S + last_s - now_s) if last_s > now_s else _MIN_WAIT_S


class Workers:
    """A pool of `n_threads` threads before which at most `max_queued` calls wait."""

    def __init__(self, name: str, n_threads: int, max_queued: int) -> None:
        self._name = name
        self._returns = RetryScheduler()
        self._places = BoundedSemaphore(n_threads + max_queued)
        self._pool = ThreadPoolExecutor(n_threads, thread_name_prefix=name)
        self._counting = Lock()
        self._n_taken = 0
        self._n_working = 0

    @property
    def n_working(self) -> int:
        """How many calls threads work on."""
        return self._n_working

    @property
    def n_waiting(self) -> int:
        """How many calls wait for a thread."""
        return max(0, self._n_taken - self._n_working)

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Have `work` done as soon as a thread is free; cancel the future to give it up.

        Raises:
            OverloadedError: there is no place left in the queue.
        """
        if not self._places.acquire(blocking=False):
            wait_s = self._returns.next_s()
            raise OverloadedError(
                f"Too many calls ({self._name}) are waiting. Try again in {wait_s} seconds.",
                wait_s,
            )
        self._count(taken=1)
        try:
            # In the context of whoever submits it, so that a trace goes on in the thread.
            future = self._pool.submit(copy_context().run, self._do, work)
        except RuntimeError:
            self._leave()
            raise OverloadedError("The server is shutting down.") from None
        # On the future, not around the wait for it: a caller that went away leaves the thread
        # busy all the same, and what was cancelled in the queue frees its place at once.
        future.add_done_callback(lambda _: self._leave())
        return future

    def _do(self, work: Callable[[], T]) -> T:
        self._count(working=1)
        try:
            return work()
        finally:
            self._count(working=-1)

    def _leave(self) -> None:
        self._count(taken=-1)
        self._places.release()

    def _count(self, taken: int = 0, working: int = 0) -> None:
        with self._counting:
            self._n_taken += taken
            self._n_working += working

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, done in a thread.

        Raises:
            OverloadedError: there is no place left in the queue.
        """
        return await asyncio.wrap_future(self.submit(work))

    def close(self) -> None:
        """Give up what is queued and wait for what is being done."""
        self._pool.shutdown(cancel_futures=True)

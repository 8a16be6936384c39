"""Keeps slow work off the event loop, and never lets more of it wait than can be finished."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from corpus.errors import DatelineError

__all__ = ["OverloadedError", "Workers"]

T = TypeVar("T")


class OverloadedError(DatelineError):
    """More work is waiting than may wait; `retry_after_s` says when to come back."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            f"too many requests are being worked on: try again in {retry_after_s} s or later."
        )
        self.retry_after_s = retry_after_s


class Workers:
    """A few threads and a bounded queue before them."""

    def __init__(self, name: str, max_concurrent: int, max_queued: int) -> None:
        self._pool = ThreadPoolExecutor(max_concurrent, thread_name_prefix=name)
        self._max_pending = max_concurrent + max_queued
        self._n_pending = 0
        self._counting = threading.Lock()

    def start(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Start `work` in a thread as soon as one is free; cancelling drops it from the queue.

        Raises:
            OverloadedError: the queue is full. It is raised at once, before anything waits.
        """
        with self._counting:
            if self._n_pending >= self._max_pending:
                raise OverloadedError(retry_after_s=1)
            self._n_pending += 1
        future = self._pool.submit(work)
        # On the thread's own future: when a client leaves, its thread may still be busy.
        future.add_done_callback(self._leave)
        return asyncio.wrap_future(future)

    def close(self) -> None:
        """Finish what runs and drop what waits."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _leave(self, _: Future[T]) -> None:
        with self._counting:
            self._n_pending -= 1

"""Entries sent to webhooks: signed, retried, and never again once they were taken.

Each entry has one id, sent with every attempt. An entry is marked as delivered after the receiver
took it; a process that is killed between the two sends it again, so receivers keep the ids that
they know. How it is signed is Standard Webhooks (standardwebhooks.com): HMAC-SHA-256 over id,
timestamp and body.
"""

import base64
import hmac
import json
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from corpus.errors import FetchError
from corpus.remote import Reply
from service.watching.bodies import EntryBody
from service.watching.database import WatchDatabase
from service.watching.entries import ENTRY, read_entry
from service.watching.watch import Entry

__all__ = ["Deliverer", "Hook", "Poster", "signature", "written_secret"]

# Seconds between attempts: 30 s, 2 min, 10 min, 1 h, 3 h, 12 h, 24 h; then it is given up.
_WAITS_S = (30, 120, 600, 3600, 3 * 3600, 12 * 3600, 24 * 3600)
# As long as one attempt may take, and some more.
_LEASE_S = 120.0
_GONE = 410
_PREFIX = "whsec_"
_log = logging.getLogger(__name__)


class Poster(Protocol):
    """Sends a body to an address, bounded, and only where that may lead."""

    def post(self, url: str, content: bytes, headers: dict[str, str] | None = None) -> Reply:
        """Return the reply.

        Raises:
            FetchError: there is none.
        """
        ...


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that was named in the settings, and its secret in hex."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    entry: Entry
    target: str
    attempts: int
    hook: Hook | None


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Sends waiting entries: those of watches to their own webhooks, and all to `hook`.

    `poster` sends to what owners of keys named, `own_poster` to what the settings name: only that
    may be on a private network. `owners` returns the ids of the keys that are good.
    """

    database: WatchDatabase
    poster: Poster
    own_poster: Poster
    hook: Hook | None = None
    owners: Callable[[], Collection[str]] = field(default=lambda: ())
    clock: Callable[[], datetime] = field(default=_now)

    def send(self, raise_if_cancelled: Callable[[], None] = lambda: None) -> int:
        """Try all that are due once; return how many were taken."""
        n_taken = 0
        if not self.database.exists:
            return 0
        while waiting := self._next():
            raise_if_cancelled()
            n_taken += self._try(waiting)
        return n_taken

    def _try(self, waiting: _Waiting) -> bool:
        if waiting.hook is None:
            self._end(waiting, "dropped")
            return False
        try:
            reply = self._post(waiting.hook, waiting)
        except FetchError as error:
            self._later(waiting, str(error), None)
            return False
        if 200 <= reply.status < 300:
            self._end(waiting, "delivered")
            return True
        if reply.status == _GONE:
            self._end(waiting, "dropped")
        else:
            wait_s = reply.retry_after_s(self.clock())
            self._later(waiting, f"it replied {reply.status}", wait_s)
        return False

    def _post(self, hook: Hook, waiting: _Waiting) -> Reply:
        body = json.dumps(
            EntryBody.of(waiting.entry).model_dump(mode="json"), ensure_ascii=False
        ).encode()
        timestamp = str(int(self.clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Webhook-Id": waiting.entry.id,
            "Webhook-Timestamp": timestamp,
            "Webhook-Signature": signature(hook.secret, waiting.entry.id, timestamp, body),
        }
        poster = self.own_poster if waiting.target == "all" else self.poster
        return poster.post(hook.url, body, headers)

    def _next(self) -> _Waiting | None:
        """Take the entry that is due, so that no other process sends it meanwhile."""
        now_s = self.clock().timestamp()
        with self.database.open() as db:
            row = db.execute(
                "SELECT d.entry, d.target, d.attempts, w.webhook, w.secret FROM deliveries d "
                "JOIN entries e ON e.number = d.entry JOIN watches w ON w.id = e.watch "
                "WHERE d.state = 'waiting' AND d.next_s <= :now AND (d.target = 'all' OR "
                "w.owner IS NULL OR w.owner IN (SELECT value FROM json_each(:owners))) "
                "ORDER BY d.next_s, d.entry LIMIT 1",
                {"now": now_s, "owners": json.dumps(list(self.owners()))},
            ).fetchone()
            if row is None:
                return None
            db.execute(
                "UPDATE deliveries SET attempts = attempts + 1, next_s = ? "
                "WHERE entry = ? AND target = ?",
                (now_s + _LEASE_S, row["entry"], row["target"]),
            )
            found = db.execute(f"{ENTRY} WHERE e.number = ?", (row["entry"],)).fetchone()
        own = Hook(row["webhook"], row["secret"]) if row["webhook"] else None
        hook = self.hook if row["target"] == "all" else own
        return _Waiting(read_entry(found), row["target"], row["attempts"] + 1, hook)

    def _later(self, waiting: _Waiting, why: str, wait_s: float | None) -> None:
        """Have it tried again after a wait that grows, or give it up."""
        if waiting.attempts > len(_WAITS_S):
            self._end(waiting, "failed")
            _log.warning("Entry %s was not taken, and is given up: %s", waiting.entry.id, why)
            return
        _log.info("Entry %s was not taken, and is sent again: %s", waiting.entry.id, why)
        wait_s = max(wait_s or 0.0, _WAITS_S[waiting.attempts - 1])
        self._set(waiting, "waiting", self.clock().timestamp() + wait_s)
        self._rest(waiting)

    def _end(self, waiting: _Waiting, state: str) -> None:
        self._set(waiting, state, 0.0)

    def _rest(self, waiting: _Waiting) -> None:
        """Leave the receiver alone for the first of the waits: others are not to wait for it."""
        with self.database.open() as db:
            db.execute(
                "UPDATE deliveries SET next_s = max(next_s, :s) WHERE state = 'waiting' "
                "AND target = :target AND (target = 'all' OR entry IN (SELECT e.number FROM "
                "entries e JOIN watches w ON w.id = e.watch WHERE w.webhook = :url))",
                {
                    "s": self.clock().timestamp() + _WAITS_S[0],
                    "target": waiting.target,
                    "url": waiting.hook.url if waiting.hook else None,
                },
            )

    def _set(self, waiting: _Waiting, state: str, next_s: float) -> None:
        with self.database.open() as db:
            db.execute(
                "UPDATE deliveries SET state = ?, next_s = ? WHERE entry = ? AND target = ?",
                (state, next_s, waiting.entry.number, waiting.target),
            )


def signature(secret: str, entry_id: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a body under a secret in hex, as the header has it."""
    signed = f"{entry_id}.{timestamp}.".encode() + body
    digest = hmac.new(bytes.fromhex(secret), signed, "sha256").digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def written_secret(secret: str) -> str:
    """Return a secret in hex as its owner gets it: in base64, after `whsec_`."""
    return f"{_PREFIX}{base64.b64encode(bytes.fromhex(secret)).decode()}"

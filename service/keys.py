"""API keys: made at random, shown once, and kept as hashes in a file of the index directory.

A key is 256 random bits, so nobody finds one by trying, not even with the hashes at hand: a slow
hash, which makes up for weak passwords, would add nothing but work for each request, and a way to
keep the server busy. SHA-256 under a salt of each key's own (HMAC) is enough.
"""

import fcntl
import hmac
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import IndexStateError, RequestError
from index.files import replace_text

__all__ = ["KeyFile", "NewKey", "Scope", "StoredKey"]

Scope = Literal["read", "write", "watch"]

_PREFIX = "dateline"
_SECRET_BYTES = 32
_SALT_BYTES = 16


class StoredKey(BaseModel):
    """What is kept of a key: enough to know it again, not enough to make it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created: datetime
    salt: str
    """16 random bytes, in hex."""
    hash: str
    """HMAC-SHA-256 of the whole key under the salt, in hex."""

    def is_for(self, key: str) -> bool:
        """Tell whether this was kept of `key`, in a time that says nothing about it."""
        return hmac.compare_digest(_hash(key, self.salt), self.hash)


class _Keys(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    keys: tuple[StoredKey, ...] = ()


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made. `key` is known now and never again."""

    key: str
    stored: StoredKey


class KeyFile:
    """`keys.json` in an index directory. A change counts at once, in a running server too."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "keys.json"
        self._read_at: tuple[int, int, int] | None = None
        self._keys: tuple[StoredKey, ...] = ()

    def add(self, name: str, scopes: Sequence[Scope]) -> NewKey:
        """Make a key and keep its hash."""
        with self._locked():
            known = {stored.id for stored in self.all()}
            key_id = next(new for new in iter(lambda: secrets.token_hex(4), "") if new not in known)
            key = f"{_PREFIX}_{key_id}_{secrets.token_urlsafe(_SECRET_BYTES)}"
            salt = secrets.token_hex(_SALT_BYTES)
            stored = StoredKey(
                id=key_id,
                name=name,
                scopes=tuple(dict.fromkeys(scopes)),
                created=datetime.now(UTC).replace(microsecond=0),
                salt=salt,
                hash=_hash(key, salt),
            )
            self._write((*self.all(), stored))
        return NewKey(key, stored)

    def revoke(self, key_id: str) -> StoredKey:
        """Forget a key: it opens nothing from now on.

        Raises:
            RequestError: there is no key with this id.
        """
        with self._locked():
            keys = self.all()
            found = next((stored for stored in keys if stored.id == key_id), None)
            if found is None:
                raise RequestError(
                    f"no key has the id {key_id!r}: `dateline keys list` names those there are."
                )
            self._write([stored for stored in keys if stored is not found])
        return found

    def find(self, key: str) -> StoredKey | None:
        """Return what is kept of `key`, None when it was never made or is revoked."""
        prefix, _, rest = key.partition("_")
        key_id = rest.partition("_")[0] if prefix == _PREFIX else ""
        for stored in self.all():
            if stored.id == key_id and stored.is_for(key):
                return stored
        return None

    def all(self) -> tuple[StoredKey, ...]:
        """Return what is kept of all keys, oldest first.

        Raises:
            IndexStateError: the file is damaged; then no key is good.
        """
        try:
            status = self._path.stat()
            at = (status.st_mtime_ns, status.st_ino, status.st_size)
            if at != self._read_at:
                self._keys = _Keys.model_validate_json(self._path.read_bytes()).keys
                self._read_at = at
        except FileNotFoundError:
            return ()
        except (OSError, ValidationError) as error:
            raise IndexStateError(
                f"{self._path} cannot be read as a file of keys: restore it, or delete it and "
                "make new keys with `dateline keys add`."
            ) from error
        return self._keys

    def _write(self, keys: Sequence[StoredKey]) -> None:
        text = _Keys(keys=tuple(keys)).model_dump_json(indent=1)
        replace_text(self._path, text, private=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep others from changing the file between reading and writing it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # The folder itself is locked: a lock file would be one more file to explain.
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def _hash(key: str, salt: str) -> str:
    return hmac.new(bytes.fromhex(salt), key.encode("utf-8", "replace"), "sha256").hexdigest()

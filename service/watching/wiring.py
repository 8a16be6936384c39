"""Puts together what watches questions, as the settings say."""

import base64
import binascii
from collections.abc import Callable
from pathlib import Path

from corpus.remote import AddressRule, Bounds, Fetcher
from index.engines.engine import ServedArchive
from service.answering.extractive import ExtractiveAnswerer
from service.keys import KeyFile
from service.settings import Settings
from service.watching.asking import ArchiveAsker
from service.watching.background import Watcher
from service.watching.database import WatchDatabase
from service.watching.delivering import Deliverer, Hook
from service.watching.due import DueWatches
from service.watching.entries import Entries
from service.watching.running import WatchRunner

__all__ = ["open_watcher", "secret_in_hex"]

_BOUNDS = Bounds(max_s=10.0, max_bytes=65_536, max_unpacked_bytes=65_536, max_redirects=0)


def open_watcher(
    settings: Settings, answerer: ExtractiveAnswerer, archive: ServedArchive
) -> Watcher:
    """Return what asks watched questions again, and sends what changed.

    Raises:
        FetchError: an address in the settings is none.
    """
    database = WatchDatabase(settings.index_dir)
    hook = None
    if settings.watch_webhook:
        secret = secret_in_hex(settings.watch_webhook_secret.get_secret_value())
        hook = Hook(settings.watch_webhook, secret)
    owners = _owners(settings.index_dir)
    named = [settings.watch_webhook] if settings.watch_webhook else []
    runner = WatchRunner(
        DueWatches(database, settings.max_watch_entries, sends_all=hook is not None),
        Entries(database),
        archive,
        ArchiveAsker(answerer),
        owners,
    )
    deliverer = Deliverer(
        database,
        poster=Fetcher(AddressRule.named(settings.webhook_private), bounds=_BOUNDS),
        own_poster=Fetcher(AddressRule.named(named), bounds=_BOUNDS),
        hook=hook,
        owners=owners,
    )
    return Watcher(runner, deliverer)


def _owners(folder: Path) -> Callable[[], list[str]]:
    keys = KeyFile(folder)
    return lambda: [key.id for key in keys.all()]


def secret_in_hex(secret: str) -> str:
    """Return a secret of a webhook in hex: `whsec_` and base64, or any other text.

    >>> secret_in_hex("whsec_AAEC"), secret_in_hex("no base64")
    ('000102', '6e6f20626173653634')
    """
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True).hex()
    except binascii.Error:
        return secret.encode().hex()

"""The only door to sqlite3."""

import os
from pathlib import Path
from sqlite3 import Connection, DatabaseError, Error, Row, connect
from typing import Literal

__all__ = ["Connection", "DatabaseError", "Error", "Row", "open_database", "open_private"]


def open_database(
    path: Path, mode: Literal["ro", "rw", "rwc"], timeout_s: float = 5.0
) -> Connection:
    """Open a database to read ("ro"), to write ("rw"), or to write and create it ("rwc").

    The connection may be handed from thread to thread, by one at a time. It waits `timeout_s` for
    another writer.

    Raises:
        Error: it cannot be opened.
    """
    address = f"{path.resolve().as_uri()}?mode={mode}"
    connection = connect(address, timeout=timeout_s, uri=True, check_same_thread=False)
    connection.row_factory = Row
    return connection


def open_private(path: Path, timeout_s: float) -> Connection:
    """Open a database to write, and create it, so that only the owner of the file can read it.

    Raises:
        OSError: the file cannot be made.
        Error: it cannot be opened.
    """
    # SQLite gives the files it makes beside it the mode of this one.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return open_database(path, "rwc", timeout_s)

"""The only door to sqlite3."""

from pathlib import Path
from sqlite3 import Connection, DatabaseError, Error, Row, connect
from typing import Literal

__all__ = ["Connection", "DatabaseError", "Error", "Row", "open_database"]


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

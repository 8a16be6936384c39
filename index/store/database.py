"""How archive.db is opened, and brought up to date when an earlier Dateline made it."""

from contextlib import closing
from importlib.resources import files
from pathlib import Path

from corpus.duplicates import SCHEME
from corpus.errors import IndexStateError
from index.store.corrections import note_corrections
from index.store.names import migrate
from index.store.soundness import forget_splittings
from index.store.sqlite import Connection, DatabaseError, open_database

__all__ = ["SCHEMA_VERSION", "connect", "empty_log"]

SCHEMA_VERSION = "3"
_OLDER = ("1", "2")
_CACHE_KIB = 64 * 1024


def connect(path: Path, *, read_only: bool) -> Connection:
    """Open archive.db.

    Raises:
        IndexStateError: it is missing, no database, or of another schema version.
    """
    if read_only and not path.is_file():
        raise IndexStateError(f"{path} does not exist: build an index there first.")
    try:
        connection = open_database(path, "ro" if read_only else "rwc")
        if not read_only:
            _prepare(connection)
        row = connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
    except DatabaseError as error:
        raise IndexStateError(f"{path} cannot be opened as an archive: {error}.") from error
    if row is not None and row["value"] in _OLDER:
        raise IndexStateError(
            f"{path} was made by an earlier Dateline: run `dateline verify --rebuild`, which "
            "brings it up to date and embeds nothing again. Ids and links stay as they are."
        )
    if row is None or row["value"] != SCHEMA_VERSION:
        found = row["value"] if row else "none"
        raise IndexStateError(
            f"{path} has schema version {found}, this Dateline reads {SCHEMA_VERSION}: "
            "build the index again in an empty folder."
        )
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'signatures'").fetchone():
        raise IndexStateError(
            f"{path} was made before near-duplicates were kept: run `dateline verify --rebuild`, "
            "which embeds nothing again."
        )
    return connection


def _prepare(connection: Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Hashes fall anywhere into their tables: what is written of those is kept at hand.
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    # What is removed must be gone from the file's bytes too.
    connection.execute("PRAGMA secure_delete = ON")
    connection.executescript(
        files("index.store").joinpath("schema.sql").read_text(encoding="utf-8")
    )
    if not connection.execute("SELECT 1 FROM meta WHERE name = 'schema'").fetchone():
        rows = [("schema", SCHEMA_VERSION), ("minhash", SCHEME), ("splittings", "[]")]
        connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
    made = connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()["value"]
    if made in _OLDER:
        columns = [row["name"] for row in connection.execute("PRAGMA table_info (articles)")]
        note_corrections(connection, columns)
        if made == "1":
            migrate(connection, columns)
            # The hashes of its articles were made of other fields.
            forget_splittings(connection)
        connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", (SCHEMA_VERSION,))
    connection.commit()


def empty_log(path: Path) -> bool:
    """Put what SQLite's log holds into archive.db and empty it; tell whether that could be done.

    It cannot while a reader still needs what the log covers.
    """
    with closing(open_database(path, "rw", timeout_s=0)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy

"""The tables of watches.db."""

__all__ = ["SCHEMA"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- `standing` and `places` are those of index.search.standing, as of `snapshot` and as of the last
-- publication. `turn` grows with each time that a watch is asked: of two that ask it at once, one
-- is too late.
CREATE TABLE IF NOT EXISTS watches (
  number   INTEGER PRIMARY KEY AUTOINCREMENT,
  id       TEXT NOT NULL UNIQUE,
  owner    TEXT,
  name     TEXT,
  question TEXT NOT NULL,
  filters  TEXT NOT NULL,
  webhook  TEXT,
  secret   TEXT,
  created  TEXT NOT NULL,
  due      INTEGER NOT NULL DEFAULT 1,
  turn     INTEGER NOT NULL DEFAULT 0,
  asked    TEXT,
  snapshot INTEGER,
  outcome  TEXT,
  facts    TEXT,
  standing BLOB,
  places   BLOB,
  trouble  TEXT
);
CREATE INDEX IF NOT EXISTS watches_by_owner ON watches (owner);
-- In the order in which they are asked, and those that were not looked up for long.
CREATE INDEX IF NOT EXISTS watches_due ON watches (asked, number) WHERE due;
CREATE INDEX IF NOT EXISTS watches_done ON watches (asked) WHERE NOT due;

CREATE TABLE IF NOT EXISTS entries (
  number   INTEGER PRIMARY KEY AUTOINCREMENT,
  id       TEXT NOT NULL UNIQUE,
  watch    TEXT NOT NULL REFERENCES watches (id) ON DELETE CASCADE,
  snapshot INTEGER NOT NULL,
  at       TEXT NOT NULL,
  change   TEXT NOT NULL,
  before   TEXT NOT NULL,
  after    TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS entries_by_watch ON entries (watch, number);

-- What each entry quotes, to take out what was removed.
CREATE TABLE IF NOT EXISTS quoted (
  article TEXT NOT NULL,
  entry   INTEGER NOT NULL REFERENCES entries (number) ON DELETE CASCADE,
  PRIMARY KEY (article, entry)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS quoted_by_entry ON quoted (entry);

-- Webhooks still to be sent, and those that were: `target` is 'watch' or 'all'. Whoever sends one
-- has it until `next_s`, seconds of the epoch.
CREATE TABLE IF NOT EXISTS deliveries (
  entry    INTEGER NOT NULL REFERENCES entries (number) ON DELETE CASCADE,
  target   TEXT NOT NULL,
  state    TEXT NOT NULL DEFAULT 'waiting',
  attempts INTEGER NOT NULL DEFAULT 0,
  next_s   REAL NOT NULL DEFAULT 0,
  PRIMARY KEY (entry, target)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (next_s) WHERE state = 'waiting';
"""

-- What is known of the sources that are followed. Times are seconds since 1970.
CREATE TABLE IF NOT EXISTS sources (
    key        TEXT PRIMARY KEY,          -- address or path
    name       TEXT NOT NULL,
    every_s    REAL,                      -- its pace; NULL: whenever somebody calls
    moved_to   TEXT,                      -- where it has moved for good
    asked_at   REAL,                      -- when the last look began
    before_at  REAL,                      -- when the look before that began
    looked_at  REAL,                      -- when the last look that succeeded was
    gave_at    REAL,                      -- when something new came last
    newest_at  REAL,                      -- when the last article that came was published
    usual_s    REAL,                      -- the usual time between two articles
    longest_s  REAL,                      -- the longest one
    next_at    REAL NOT NULL DEFAULT 0,   -- not to be looked at before
    n_failures INTEGER NOT NULL DEFAULT 0,
    trouble    TEXT,                      -- why the last look failed
    is_ended   INTEGER NOT NULL DEFAULT 0,
    cursor     TEXT                       -- how far a site was read
) WITHOUT ROWID;
-- What was last fetched or read: of a file, `digest` is its size and times.
CREATE TABLE IF NOT EXISTS validators (
    source   TEXT NOT NULL,
    place    TEXT NOT NULL,
    etag     TEXT,
    modified TEXT,
    digest   TEXT,
    PRIMARY KEY (source, place)
) WITHOUT ROWID;
-- What is published of each source.
CREATE TABLE IF NOT EXISTS items (
    source    TEXT NOT NULL,
    place     TEXT NOT NULL,              -- the file it is in; empty: none
    name      TEXT NOT NULL,
    digest    TEXT NOT NULL,
    article   TEXT,                       -- id of the article; NULL: there is none
    listed_at REAL NOT NULL,
    PRIMARY KEY (source, place, name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS items_of_article ON items (article);
-- What is still to be fetched, read, published or removed.
CREATE TABLE IF NOT EXISTS waiting (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    source  TEXT NOT NULL,
    name    TEXT NOT NULL,
    step    TEXT NOT NULL,                -- page, raw, add or remove
    digest  TEXT NOT NULL,
    place   TEXT NOT NULL,
    url     TEXT,
    article BLOB,                         -- JSON, compressed
    raw     BLOB,                         -- a page as it was sent, compressed
    robots  TEXT,                         -- what was said beside the page of being indexed
    n_tries INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL DEFAULT 0,
    UNIQUE (source, place, name)
);
CREATE INDEX IF NOT EXISTS waiting_for ON waiting (step, number);
-- When articles came, to know what is usual.
CREATE TABLE IF NOT EXISTS arrivals (source TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS arrivals_of ON arrivals (source, at);
CREATE TABLE IF NOT EXISTS hosts (
    origin       TEXT PRIMARY KEY,
    not_before   REAL NOT NULL DEFAULT 0, -- asked to be left alone until then
    robots       TEXT,
    robots_until REAL NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- archive.db: the one truth of an index. Everything else can be made again from it.
--
-- A row of articles never changes. Publication `n` holds the rows with
-- added_in <= n and (removed_in is null or removed_in > n).

CREATE TABLE IF NOT EXISTS meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS articles (
  key        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL,
  hash       BLOB NOT NULL,     -- of the fields and of how they are split
  title      TEXT NOT NULL,
  text       TEXT NOT NULL,
  url        TEXT,
  source     TEXT,
  authors    TEXT NOT NULL,     -- JSON list
  published  TEXT,
  language   TEXT,
  section    TEXT,
  embargo    TEXT,              -- not shown before
  corrections TEXT,             -- JSON list of notices
  added_in   INTEGER NOT NULL,
  removed_in INTEGER,
  is_legacy  INTEGER NOT NULL DEFAULT 0   -- has an id of the first schema
);
CREATE INDEX IF NOT EXISTS articles_by_id ON articles (id);
-- What stood under an id before, whole and compressed. Publication `n` holds these rows as it does
-- those of articles. Until the day `until` it was the newest wording.
CREATE TABLE IF NOT EXISTS versions (
  key        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL,
  version    TEXT NOT NULL,     -- hash of title and text, as citations name it
  published  TEXT,
  until      TEXT NOT NULL,     -- day of the change
  content    BLOB NOT NULL,     -- zlib of the article's columns as JSON
  added_in   INTEGER NOT NULL,
  removed_in INTEGER
);
CREATE INDEX IF NOT EXISTS versions_by_id ON versions (id);
-- Articles that are kept out of the answers, from `added_in` on and until `removed_in`; rows stay
-- as a log of who held what, and who let it go.
CREATE TABLE IF NOT EXISTS holds (
  key         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL,
  why         TEXT NOT NULL,
  held_by     TEXT NOT NULL,
  held_at     TEXT NOT NULL,    -- UTC
  released_by TEXT,
  released_at TEXT,
  added_in    INTEGER NOT NULL,
  removed_in  INTEGER
);
-- Hashes of the ids of articles that were removed, so that their links can say so.
CREATE TABLE IF NOT EXISTS removals (
  id       BLOB NOT NULL,
  day      TEXT NOT NULL,
  added_in INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS removals_by_id ON removals (id);
-- A publication's rows are found here, without a look at the texts.
CREATE INDEX IF NOT EXISTS articles_by_publication ON articles (added_in, removed_in);

-- What else than its id an article is found by.
CREATE TABLE IF NOT EXISTS names (
  name    TEXT NOT NULL,
  article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
  PRIMARY KEY (name, article)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS names_by_article ON names (article);

CREATE TABLE IF NOT EXISTS passages (
  key       INTEGER PRIMARY KEY AUTOINCREMENT,
  article   INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
  ordinal   INTEGER NOT NULL,
  sentences TEXT NOT NULL,      -- JSON list of [start, end)
  vector    BLOB NOT NULL       -- hash of the embedder and of the text it is given
);
CREATE INDEX IF NOT EXISTS passages_by_article ON passages (article);
CREATE INDEX IF NOT EXISTS passages_by_vector ON passages (vector);

CREATE TABLE IF NOT EXISTS vectors (
  hash      BLOB PRIMARY KEY,
  embedding BLOB NOT NULL       -- float16, little-endian
) WITHOUT ROWID;

-- Articles that are nearly the same belong to one story, named by the key of its first article.
CREATE TABLE IF NOT EXISTS signatures (
  article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
  story   INTEGER NOT NULL,
  minhash BLOB                  -- uint32, little-endian; null for a text of a few words
);
CREATE TABLE IF NOT EXISTS buckets (
  bucket  INTEGER NOT NULL,
  article INTEGER NOT NULL,
  PRIMARY KEY (bucket, article)
) WITHOUT ROWID;

-- Which articles the last publications removed: nothing of them but their keys.
CREATE TABLE IF NOT EXISTS removed_keys (
  key        INTEGER PRIMARY KEY,
  removed_in INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS removed_keys_by_publication ON removed_keys (removed_in);

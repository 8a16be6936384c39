"""Sources of articles: one small module per format, and `read_sources` over them all."""

from corpus.sources.fields import FIELDS, Naming
from corpus.sources.files import Reading, find_records, read_sources
from corpus.sources.record import Found, Record, Skip
from corpus.sources.selection import Selection

__all__ = [
    "FIELDS",
    "Found",
    "Naming",
    "Reading",
    "Record",
    "Selection",
    "Skip",
    "find_records",
    "read_sources",
]

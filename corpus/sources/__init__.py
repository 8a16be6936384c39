"""Sources of articles: one small module per format, and `read_sources` over them all."""

from corpus.sources.fields import FIELDS, Naming
from corpus.sources.files import Reading, find_records, read_sources
from corpus.sources.policy import DateOrder, Policy
from corpus.sources.record import ReadArticle, Record, SkippedRecord, Unread
from corpus.sources.selection import Selection

__all__ = [
    "FIELDS",
    "DateOrder",
    "ReadArticle",
    "Naming",
    "Policy",
    "Reading",
    "Record",
    "Selection",
    "SkippedRecord",
    "Unread",
    "find_records",
    "read_sources",
]

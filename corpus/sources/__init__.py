"""Sources of articles: one small module per format, and `read_sources` over them all."""

from corpus.sources.files import read_sources
from corpus.sources.record import Record, Skip

__all__ = ["Record", "Skip", "read_sources"]

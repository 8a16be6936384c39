"""A hand-written news archive and questions about it, for trying and testing Dateline."""

from pathlib import Path

__all__ = ["ARTICLES"]

ARTICLES = Path(__file__).with_name("articles.jsonl")

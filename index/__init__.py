"""Passages in, hits out: the store, dense and lexical search, snapshots, retrieval."""

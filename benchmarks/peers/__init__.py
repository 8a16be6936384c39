"""Dateline beside other systems that answer from an archive, in one run."""

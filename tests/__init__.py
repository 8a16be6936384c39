"""Tests of every package, and of what the repository promises besides."""

import os

# Tests run in a process for each core: more threads of a library's would wait for one another. Read
# when numpy, faiss and torch are imported, so before any module of tests.
os.environ.setdefault("OMP_NUM_THREADS", "1")

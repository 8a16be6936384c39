"""Bytes made to break a parser, as long as you like: `python -m benchmarks.fuzz html`.

Atheris (libFuzzer) has to be installed beside Dateline; it is no dependency, having no wheels for
many versions of Python. The inputs begin with the samples of the tests. What raises anything, or
leaves an article that cannot be stored, is written to `crash-...` in the working folder.

    python -m benchmarks.fuzz feed -max_total_time=120 -max_len=20000
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["corpus"]):
    # Otherwise these are imported when needed, too late to be watched.
    import corpus.sources.formats.feed
    import corpus.sources.formats.html
    import corpus.sources.formats.pdf
    import corpus.sources.formats.warc  # noqa: F401
    from tests.corpus.sources.reading import read_bytes
    from tests.corpus.sources.samples import SAMPLES
    from tests.corpus.sources.test_any_bytes import check

# What reads that which strangers wrote, with a library behind it.
PARSERS = {"html": ("html",), "feed": ("rss", "atom"), "warc": ("warc", "warc.gz"), "pdf": ("pdf",)}


def main() -> None:
    """Fuzz the parser that the first argument names; the others are libFuzzer's."""
    name, *others = sys.argv[1:]
    kinds = PARSERS[name]

    def one(raw: bytes) -> None:
        check(read_bytes(raw, f"a.{kinds[0]}"), kinds[0])

    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            (Path(folder) / kind).write_bytes(SAMPLES[kind])
        atheris.Setup([sys.argv[0], *others, folder], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

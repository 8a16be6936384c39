"""A small sound file of each format, to damage."""

import gzip
import json

from tests.corpus.sources.containers.test_archives import FILES, tarred, zipped
from tests.corpus.sources.formats.test_feed import ATOM, RSS
from tests.corpus.sources.formats.test_html import LINKED, page
from tests.corpus.sources.formats.test_news_xml import IN_NITF, NITF, item, message
from tests.corpus.sources.formats.test_ninjs import V1, V2, V3
from tests.corpus.sources.formats.test_pdf import ABOUT, LINES, pdf
from tests.corpus.sources.formats.test_sgml import STORY as REUTERS
from tests.corpus.sources.formats.test_table import ROW, table
from tests.corpus.sources.formats.test_text import TOML, YAML
from tests.corpus.sources.formats.test_warc import PAGE, record, response

__all__ = ["SAMPLES"]

_OBJECT = {"headline": "Ferry", "articleBody": "It sank.", "author": {"name": "Ana"}, "date": 1e9}

SAMPLES: dict[str, bytes] = {
    "jsonl": b"\n".join(json.dumps(_OBJECT).encode() for _ in range(3)),
    "array": json.dumps([_OBJECT] * 3).encode(),
    "document": json.dumps({"articles": [_OBJECT] * 3}, indent=1).encode(),
    "ninjs": b"\n".join(json.dumps(one).encode() for one in (V1, V2, V3)),
    "table": table([ROW, ROW]),
    "yaml": YAML.encode(),
    "toml": TOML.encode(),
    "html": page(f'<script type="application/ld+json">{json.dumps(LINKED)}</script>'),
    "rss": RSS.encode(),
    "atom": ATOM.encode(),
    "newsml": message(item(), item(IN_NITF)).encode(),
    "nitf": NITF.encode(),
    "sgml": REUTERS.format(number=1).encode() * 2,
    "pdf": pdf(LINES, ABOUT),
    "warc": record(response(PAGE.encode())) * 2,
    "warc.gz": gzip.compress(record(response(PAGE.encode()))) * 2,
    "zip": zipped(FILES),
    "tar": tarred(FILES),
    "tar.gz": tarred(FILES, "w:gz"),
}

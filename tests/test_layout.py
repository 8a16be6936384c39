"""What holds for the tree as a whole."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOORS = {
    "faiss": "index/vectors/dense.py",
    "tantivy": "index/lexical/bm25.py",
    "rapidfuzz": "index/lexical/likeness.py",
    "spellchecker": "service/answering/spelling.py",
    "onnxruntime": "index/vectors/onnx_model.py",
    "sentence_transformers": "index/vectors/export.py",
    "datasketch": "corpus/duplicates.py",
    "distributed": "index/vectors/dask_pool.py",
    "text_to_num": "service/answering/values/numbers.py",
    "babel": "service/answering/places.py",
    "httpx": "corpus/remote/http.py",
    "httpcore": "corpus/remote/connection.py",
    "mcp": "service/api/mcp/server.py",
    "prometheus_client": "service/api/metrics.py",
    "opentelemetry": "service/tracing.py",
    "tiktoken": "corpus/tokens.py",
    "nupunkt": "corpus/sentences.py",
    "py3langid": "corpus/language.py",
    "trafilatura": "corpus/sources/formats/html.py",
    "lxml": "corpus/sources/markup.py",
    "feedparser": "corpus/sources/formats/feed.py",
    "fastwarc": "corpus/sources/formats/warc.py",
    "pypdf": "corpus/sources/formats/pdf.py",
    "pymilvus": "index/engines/milvus/client.py",
    "sqlite3": "index/store/sqlite.py",
    "zstandard": "corpus/sources/containers/streams.py",
}
PACKAGES = ("corpus", "index", "service")


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("library", DOORS)
def test_each_heavy_library_has_one_door(library: str) -> None:
    imports = re.compile(rf"^\s*(?:import|from) {library}\b", re.MULTILINE)
    doors = [
        path.relative_to(ROOT).as_posix()
        for path in sources(*PACKAGES)
        if imports.search(path.read_text(encoding="utf-8"))
    ]
    assert doors == [DOORS[library]]


def test_no_source_file_is_longer_than_300_lines() -> None:
    scripts = sorted((ROOT / "service/web").glob("*.js"))
    paths = [*sources(*PACKAGES, "training", "benchmarks"), *scripts]
    sizes = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {name: size for name, size in sizes.items() if size > 300} == {}


@pytest.mark.parametrize(
    "modules",
    [
        "service.api.app, service.wiring, service.cli",
        "index.vectors.process_pool",
        "index.vectors.dask_pool",
    ],
)
def test_the_service_and_what_embeds_elsewhere_start_without_torch(modules: str) -> None:
    code = (
        f"import sys, {modules}; "
        "heavy = ('torch', 'transformers', 'scipy', 'pymilvus'); "
        "sys.exit(any(name in sys.modules for name in heavy))"
    )
    from sys import executable

    assert subprocess.run([executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_every_module_says_what_it_exports() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in sources(*PACKAGES)
        if path.name != "__init__.py" and "__all__" not in path.read_text(encoding="utf-8")
    ]
    assert silent == []

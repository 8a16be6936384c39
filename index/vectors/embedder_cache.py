"""Exported embedders are kept for the next index: an export takes a minute and gigabytes."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corpus.errors import ModelError
from index.files import sha256_of, sync_tree
from index.vectors.embedder import EmbedderManifest
from index.vectors.export import BUNDLED_EMBEDDER, BUNDLED_PACKAGE, export_embedder
from index.vectors.kinds import Precision

__all__ = ["cache_folder", "provide_embedder"]

# What an export depends on besides the model; the number is that of the form it has here.
_FORM = "1"
_MADE_WITH = ("onnx", "onnxruntime", "sentence-transformers", "torch", "transformers")


def provide_embedder(name: str, folder: Path, precision: Precision) -> None:
    """Put the embedder `name` into `folder`: as it was exported before, or exported now.

    Models that are looked up elsewhere by their name may change, and are exported each time.

    Raises:
        ModelError: it cannot be exported; see `index.vectors.export.export_embedder`.
    """
    cached = _place(name, precision)
    if cached and _copy(cached, folder):
        return
    export_embedder(name, folder, precision)
    if cached:
        # A home that is full or may not be written costs the next index an export, no more.
        with suppress(OSError):
            shutil.rmtree(cached, ignore_errors=True)
            _copy(folder, cached)


def cache_folder() -> Path:
    """Return where exported embedders are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "dateline" / "embedders"


def _place(name: str, precision: Precision) -> Path | None:
    """Return the folder of an export, named by all that it depends on; None for unknown weights."""
    try:
        parts = [_FORM, precision, *(f"{package} {version(package)}" for package in _MADE_WITH)]
        if name == BUNDLED_EMBEDDER:
            parts.append(f"{BUNDLED_PACKAGE} {version(BUNDLED_PACKAGE)}")
        elif Path(name).is_dir():
            parts += [name, *_contents(Path(name))]
        else:
            return None
        named = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
        return cache_folder() / named[:32]
    # RuntimeError: there is no home.
    except (OSError, RuntimeError, PackageNotFoundError):
        return None


def _contents(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield f"{path.relative_to(folder).as_posix()} {sha256_of(path)}"


def _copy(source: Path, target: Path) -> bool:
    """Put a copy of a sound export into its place in one step; tell whether there is one now."""
    if not source.is_dir():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".embedder-", dir=target.parent))
    try:
        shutil.copytree(source, work, dirs_exist_ok=True)
        if not _is_sound(work):
            return False
        sync_tree(work)
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return True


def _is_sound(folder: Path) -> bool:
    try:
        manifest = EmbedderManifest.read(folder)
        return all(sha256_of(folder / name) == sha for name, sha in manifest.sha256.items())
    except (ModelError, OSError):
        return False

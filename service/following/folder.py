"""Folders, files and patterns as sources: files appear, change and go."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import SourceError
from corpus.processes import Processes
from corpus.sources import ReadArticle, Reading, SkippedRecord
from corpus.sources.files import ListedFile, list_files, read_listed
from corpus.sources.workers import page_processes
from service.following.reading import listed
from service.following.rows import Validator
from service.following.source import Source
from service.following.state import State

__all__ = ["FolderLooker"]

# A file may change again within the resolution of its time: then it is read once more.
_UNSURE_S = 2.0
# So many files do not go at once but when a disk is not mounted.
_MANY_FILES = 10


@dataclass(frozen=True, slots=True)
class FolderLooker:
    """Looks for files that are new, changed or gone; `now` returns seconds since 1970."""

    state: State
    reading: Reading = field(default_factory=Reading)
    now: Callable[[], float] = time.time

    def look(self, source: Source) -> int:
        """Keep what is new in a folder, and return how many articles that is.

        Raises:
            SourceError: it is not there, or all that was in it is gone.
        """
        before = self.state.places(source.key)
        files = [
            one
            for one in list_files(Path(source.key), self.reading.glob)
            if isinstance(one, ListedFile)
        ]
        if not files and len(before) > _MANY_FILES:
            raise SourceError(
                f"{source.key} had {len(before)} files and has none any more: is its disk mounted? "
                "Nothing was removed."
            )
        with page_processes() as processes:
            n_new = sum(self._read(source, file, before, processes) for file in files)
        # What has moved to another file was found there first.
        for place in before.keys() - {str(file.path) for file in files}:
            self.state.items.drop_place(source.key, place)
        return n_new

    def _read(
        self, source: Source, file: ListedFile, before: dict[str, str], processes: Processes
    ) -> int:
        place, stamp = str(file.path), self._stamp(file.path)
        if stamp is None or before.get(place) == stamp:
            return 0
        records = list(read_listed(file, self.reading, processes))
        articles = [one.article for one in records if isinstance(one, ReadArticle)]
        # What cannot be read now may be only half written: nothing is removed for it.
        is_whole = not any(
            isinstance(one, SkippedRecord) and one.kind == "unreadable" for one in records
        )
        return self.state.items.keep(
            source.key,
            listed(articles, source, place),
            {place: Validator(digest=stamp)},
            self.now(),
            whole_place=place if is_whole else None,
        )

    def _stamp(self, path: Path) -> str | None:
        """Return what changes when a file does; None for one that is gone again."""
        try:
            found = path.stat()
        except OSError:
            return None
        is_unsure = self.now() - found.st_mtime < _UNSURE_S
        return f"{found.st_size}:{found.st_mtime_ns}:{found.st_ino}{'?' if is_unsure else ''}"

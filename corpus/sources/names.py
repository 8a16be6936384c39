"""What the name of a file in a folder or an archive tells."""

import re
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

__all__ = ["is_hidden", "is_wanted", "leads_out", "section_of", "tells_about_files"]

_ABOUT = re.compile(r"(read[ _-]?me|licen[cs]e|copying|notice|change(log|s)|manifest)\b.*", re.I)
# A folder that names a subject: "tech", "World News"; not "2024" or "batch-07".
_NO_SUBJECTS = set(
    "html htm text txt json xml pdf warc csv data raw files docs archive src".split()
)
_NO_SUBJECTS |= set("articles stories news posts content pages documents new old all misc".split())
_SUBJECT = re.compile(r"[^\W\d_][^\W\d_]*(?:[ &_-]+[^\W\d_]+){0,3}")


def is_hidden(path: str) -> bool:
    """Whether a path is none of its owner's making: hidden, or what other systems leave behind.

    >>> is_hidden("news/.DS_Store"), is_hidden("news/today.txt")
    (True, False)
    """
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(path).parts)


def is_wanted(path: str, glob: str | None) -> bool:
    """Whether a pattern matches a path or the file's name; `*` also stands for slashes."""
    return not glob or fnmatchcase(path, glob) or fnmatchcase(PurePosixPath(path).name, glob)


def leads_out(path: str) -> bool:
    """Whether a path in an archive is one that would be unpacked outside it."""
    parts = re.split(r"[/\\]", path)
    return ".." in parts or path.startswith(("/", "\\")) or bool(re.match(r"[A-Za-z]:", path))


def tells_about_files(path: str) -> bool:
    """Whether a file describes the files around it, as a README does."""
    return bool(_ABOUT.fullmatch(PurePosixPath(path).name))


def section_of(path: str, n_outer: int = 0) -> str | None:
    """Return the folder that a file lies in where that names a subject.

    The first `n_outer` folders hold everything, and name nothing.

    >>> section_of("bbc/world news/1.txt", 1), section_of("2024/1.txt"), section_of("html/1.txt")
    ('world news', None, None)
    """
    folders = PurePosixPath(path).parts[n_outer:-1]
    if not folders or folders[-1].lower() in _NO_SUBJECTS:
        return None
    return folders[-1] if _SUBJECT.fullmatch(folders[-1]) else None

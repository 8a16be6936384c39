"""How plainly README, docs and messages are written.

`python -m benchmarks.words [--before REV]`: lists the phrases that were found hard to understand
and are still there, with the plain ones to use, and the reading ease of README and each page of the
docs; with `--before` beside that of another revision. Exits with 1 if a phrase is left.

Reading ease is that of Flesch (1948), "A new readability yardstick": 206.835 - 1.015 words per
sentence - 84.6 syllables per word; 100 is very easy, 30 very hard. Syllables are counted by groups
of vowels. Code, tables, links and headings are left out.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import rich_click as click

__all__ = ["PLAIN", "found_in", "reading_ease", "texts"]

ROOT = Path(__file__).parent.parent
# What is hard to understand, and what to say instead.
PLAIN = {
    "what has none is indexed without": "pages without a date are indexed undated",
    "is told by its content": "formats are detected from content",
    "of folders and archives only these files": "only read files matching this pattern",
    "only what was published until then": "published on or before DATE",
    "only what was published from then": "published on or after DATE",
    "tell by which rules texts are cleaned": "list the cleaning rules",
    "first take away what milvus holds": "delete Milvus's copy first",
    "shows that it is still in use": "SSE keep-alive interval",
    "larger than is taken": "request body too large",
    "opens nothing any more": "revoked",
    "cannot be listened on": "port 8000 is already in use",
    "is not a valid integer range": "must be a number from 0 to 65535",
    "with the sentence it stands in": "quoted word for word, with its sentence and source",
    "nearest passages, no answer": "closest passages",
    "candidates not trusted enough": "possible answers",
    "each of them (": "3 items",
    "thank you, that was kept": "thanks, saved",
    "what is right, if you know": "what's the correct answer? (optional)",
    "this page asks with javascript": "asking needs JavaScript",
    "what stands twice": "repeated text",
    "nobody knows which is the month": "ambiguous dates are left unread",
    "who hears instead of seeing": "screen-reader users",
    "passages embedded; trouble none": "1 passage embedded; no problems",
}
_SOURCES = (
    "corpus/**/*.py",
    "index/**/*.py",
    "service/**/*.py",
    "service/web/*.[hj]*",
    "docs/*.md",
)
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LEFT_OUT = re.compile(r"^(?:#|\||!\[|<!--).*$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_CODE = re.compile(r"`[^`]*`")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE = re.compile(r"[.!?:](?=\s|$)|\n\s*\n|\n- ")
_VOWELS = re.compile(r"[aeiouy]+")


def texts() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of everything that people read."""
    yield from ((name, (ROOT / name).read_text("utf-8")) for name in ("README.md", "CHANGELOG.md"))
    for pattern in _SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def found_in(text: str) -> list[str]:
    """Return the hard phrases in a text, however its lines are broken."""
    joined = " ".join(re.sub(r'["\']\s*\n\s*f?["\']', "", text).casefold().split())
    return [phrase for phrase in PLAIN if re.search(rf"(?<![\w,.]){re.escape(phrase)}", joined)]


def reading_ease(markdown: str) -> float:
    """Return the Flesch reading ease of the prose in a Markdown text."""
    prose = _LINK.sub(r"\1", _LEFT_OUT.sub("", _FENCE.sub("", markdown)))
    prose = _CODE.sub("x", prose).replace("**", "")
    words = _WORD.findall(prose)
    sentences = [one for one in _SENTENCE.split(prose) if _WORD.search(one)]
    if not words:
        return 100.0
    per_sentence = len(words) / len(sentences)
    return 206.835 - 1.015 * per_sentence - 84.6 * sum(map(_syllables, words)) / len(words)


def _syllables(word: str) -> int:
    """Return how many groups of vowels a word has, without a silent e at its end."""
    word = word.casefold()
    groups = len(_VOWELS.findall(word))
    is_silent = word.endswith("e") and not word.endswith("le") and groups > 1
    return max(1, groups - is_silent)


def _at(revision: str, name: str) -> str | None:
    args = ["git", "show", f"{revision}:{name}"]
    done = subprocess.run(args, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout if done.returncode == 0 else None


@click.command()
@click.option("--before", metavar="REV", help="Compare with the texts of this revision.")
def main(before: str | None) -> None:
    """Print the phrases that are left, and the reading ease of README and docs."""
    left = [(name, phrase) for name, text in texts() for phrase in found_in(text)]
    for name, phrase in left:
        print(f"{name}: {phrase!r}: better {PLAIN[phrase]!r}")
    print(f"phrases left: {len(left)}")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        name = path.relative_to(ROOT).as_posix()
        old = _at(before, name) if before else None
        shown = f", before {reading_ease(old):.1f}" if old else ""
        print(f"{name}: reading ease {reading_ease(path.read_text(encoding='utf-8')):.1f}{shown}")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()

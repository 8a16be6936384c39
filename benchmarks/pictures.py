"""Draws the two pictures of `docs/architecture.md` from the sources.

`python -m benchmarks.pictures docs/images`: the house (packages as floors, their folders as rooms)
and the way of a question (its steps, with the module that makes each). Names and captions are
those of the code; a test tells when the pictures are older than it.
"""

import ast
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import rich_click as click

__all__ = ["draw_house", "draw_way"]

# From the top floor down, which is the way that imports go.
_FLOORS = ("service", "index", "corpus")
_WAY = (
    ("Analyse", "service/answering/analysis.py"),
    ("Search", "index/search/retriever.py"),
    ("Read", "service/reader/span_reader.py"),
    ("Find mentions, and group those that say the same", "service/answering/mentions.py"),
    ("Score", "service/answering/scoring.py"),
    ("Form the answer", "service/answering/forming.py"),
    ("Answer or refuse", "service/answering/refusal.py"),
)
_GAP, _HEAD = 12, 34
_ROOM_WIDTH, _MIN_ROOM_HEIGHT, _PER_ROW = 202, 108, 5
_NAME_HEIGHT, _LINE_HEIGHT = 33, 15
_STEP_WIDTH, _STEP_HEIGHT = 620, 72
_WIDTH = _GAP + _PER_ROW * (_ROOM_WIDTH + _GAP)
_PIXELS_PER_CHAR = 6.7
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#5b5750}.name{font-weight:600;font-size:14px;"
    "fill:#1c1b19}.floor{fill:#f4f1ea}.room{fill:#fff;stroke:#cfc8ba}"
    "path{stroke:#7a5c1e;fill:none;stroke-width:1.5}"
    "@media (prefers-color-scheme:dark){text{fill:#b2aca1}.name{fill:#eceae5}"
    ".floor{fill:#232220}.room{fill:#2e2c29;stroke:#4c4840}path{stroke:#d9b25f}}"
)


@dataclass(frozen=True, slots=True)
class _Box:
    x: int
    y: int
    width: int
    height: int

    def drawn(self, name: str, caption: str) -> str:
        """Return the box as SVG, with a name and below it a caption of a few lines."""
        x, y = self.x + 10, self.y + 22
        lines = _lines(caption, self.width)
        texts = [_text(x, y + 19 + _LINE_HEIGHT * i, line) for i, line in enumerate(lines)]
        return self.outline("room") + _text(x, y, name, "name") + "".join(texts)

    def outline(self, kind: str) -> str:
        """Return the empty box as SVG."""
        return (
            f'<rect class="{kind}" x="{self.x}" y="{self.y}" width="{self.width}" '
            f'height="{self.height}" rx="6"/>'
        )


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Write `house.svg` and `question.svg` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    root = Path(__file__).parent.parent
    (folder / "house.svg").write_text(draw_house(root), encoding="utf-8")
    (folder / "question.svg").write_text(draw_way(root), encoding="utf-8")


def draw_house(root: Path) -> str:
    """Return a picture of the packages below `root`: a floor each, a room for each folder."""
    parts, y = [], 0
    for floor in _FLOORS:
        rooms = _rooms(root / floor)
        n_lines = max(len(_lines(caption, _ROOM_WIDTH)) for _, caption in rooms)
        room_height = max(_MIN_ROOM_HEIGHT, _NAME_HEIGHT + _LINE_HEIGHT * n_lines)
        height = _HEAD + -(-len(rooms) // _PER_ROW) * (room_height + _GAP)
        parts.append(_Box(0, y, _WIDTH, height).outline("floor"))
        parts.append(_text(_GAP, y + 23, f"{floor}/", "name"))
        parts.append(_text(_GAP + 80, y + 23, _docstring(root / floor / "__init__.py")))
        for i, (name, caption) in enumerate(rooms):
            column, row = i % _PER_ROW, i // _PER_ROW
            left = _GAP + column * (_ROOM_WIDTH + _GAP)
            top = y + _HEAD + row * (room_height + _GAP)
            parts.append(_Box(left, top, _ROOM_WIDTH, room_height).drawn(name, caption))
        y += height + _GAP
    parts.append(_text(_GAP, y + 8, "Imports go down only: a floor knows the ones below it."))
    return _svg("The house: three packages and their folders", _WIDTH, y + 20, parts)


def draw_way(root: Path) -> str:
    """Return a picture of what happens to a question, a step below the other."""
    parts, y = [], _GAP
    for i, (step, module) in enumerate(_WAY):
        if i:
            parts.append(f'<path d="M{_GAP + 40} {y - 20}v16m-4 -5l4 5l4 -5"/>')
        box = _Box(_GAP, y, _STEP_WIDTH, _STEP_HEIGHT)
        parts.append(box.drawn(f"{i + 1}. {step}", f"{_docstring(root / module)}. {module}"))
        y += _STEP_HEIGHT + 24
    return _svg("The way of a question", _STEP_WIDTH + 2 * _GAP, y - 12, parts)


def _rooms(floor: Path) -> list[tuple[str, str]]:
    """Return name and caption of each folder of a package, and of the files beside them."""
    rooms = []
    for marker in sorted(floor.rglob("__init__.py")):
        folder = marker.parent
        # Folders of data hold no code.
        if folder != floor and list(folder.glob("*.py")) != [marker]:
            rooms.append((f"{folder.relative_to(floor).as_posix()}/", _docstring(marker)))
    files = ", ".join(path.stem for path in sorted(floor.glob("*.py")) if path.stem[0] != "_")
    return [*rooms, ("beside them", files)]


def _docstring(path: Path) -> str:
    """Return the first line of what a module says of itself."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return (said or "").partition("\n")[0].rstrip(".").replace("`", "")


def _lines(caption: str, width: int) -> list[str]:
    return textwrap.wrap(caption, int((width - 20) / _PIXELS_PER_CHAR))


def _text(x: int, y: int, text: str, kind: str = "") -> str:
    marked = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{marked}>{escape(text)}</text>'


def _svg(title: str, width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


if __name__ == "__main__":
    main()

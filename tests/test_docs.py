"""The docs say what the code does."""

import json
import re
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from benchmarks.pictures import draw_house, draw_way
from service.settings import Settings
from tests.test_layout import DOORS

ROOT = Path(__file__).parent.parent


def settings_table() -> str:
    rows = [
        f"| `DATELINE_{name.upper()}` | {_default(field)} | {_text(field)} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | is |", "| --- | --- | --- |", *rows])


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if value is None or value == () or value == SecretStr(""):
        return ""
    return f"`{json.dumps(value) if isinstance(value, bool | int | float) else value}`"


def _text(field: FieldInfo) -> str:
    return (field.description or "").replace("\n", " ").replace("|", "\\|")


def test_the_table_of_settings_is_that_of_the_code() -> None:
    docs = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- settings -->\n(.*?)\n<!-- /settings -->", docs, re.DOTALL)
    assert found and found[1] == settings_table()


def test_settings_that_the_docs_name_are_there() -> None:
    known = {f"DATELINE_{name.upper()}" for name in Settings.model_fields}
    # The key of a client, and where benchmarks find their data.
    known |= {"DATELINE_KEY", "DATELINE_DATA"}
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        named = set(re.findall(r"DATELINE_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
        assert named <= known, path.name


def test_figures_that_the_docs_watch_are_there() -> None:
    metrics = (ROOT / "service/api/metrics.py").read_text(encoding="utf-8")
    docs = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(dateline_\w+?)(?:_total|_bucket)?\b(?=[\[{ )])", docs))
    assert named and {name for name in named if f'"{name}"' not in metrics} == set()


def test_links_between_the_docs_lead_somewhere() -> None:
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert target.startswith("http") or (path.parent / target).exists(), (path.name, target)


def test_pictures_are_those_of_the_code() -> None:
    for name, draw in (("house", draw_house), ("question", draw_way)):
        drawn = (ROOT / f"docs/images/{name}.svg").read_text(encoding="utf-8")
        assert drawn == draw(ROOT), "run `python -m benchmarks.pictures docs/images`"


def test_the_docs_name_every_door() -> None:
    docs = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = docs.partition("| library | door |")[2].partition("\n\n")[0]
    files = {name.rpartition("/")[2] for name in re.findall(r"`([^`]+\.py)`", table)}
    doors = {path.rpartition("/")[2] for path in DOORS.values()}
    assert doors <= files, "a door is missing from the table in docs/architecture.md"

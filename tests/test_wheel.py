"""The wheel is complete, and the installed command runs no code of the folder it is run in."""

import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "index", "service")
MADE_OF = ("pyproject.toml", "README.md", "LICENSE", "NOTICE", *PACKAGES)
QUESTION = "Which search dog located the buried ski instructor?"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a wheel's files, made without a network."""
    work = tmp_path_factory.mktemp("wheel")
    tree = work / "tree"
    tree.mkdir()
    for name in MADE_OF:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tree)
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    made = subprocess.run(
        [*build, "--no-index", "--wheel-dir", work, tree], check=False, capture_output=True
    )
    assert made.returncode == 0, made.stderr.decode()
    (wheel,) = work.glob("dateline-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(work / "site")
    return work / "site"


def environment(site: Path) -> dict[str, str]:
    # A terminal would break the line with the address.
    return {**os.environ, "PYTHONPATH": str(site), "HF_HUB_OFFLINE": "1", "COLUMNS": "200"}


def dateline(site: Path, cwd: Path, *words: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "service.cli", *words],
        cwd=cwd,
        env=environment(site),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live").status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def served(site: Path, cwd: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "service.cli", "serve", "--index", "index", "--port", "0"]
    with subprocess.Popen(
        command, cwd=cwd, env=environment(site), stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr
            lines = iter(process.stderr.readline, "")
            (address,) = [next(line for line in lines if "answers on" in line)]
            url = address.split()[3].rstrip("/")
            # The address is told when it is taken, a moment before it answers.
            while process.poll() is None and not is_up(url):
                time.sleep(0.05)
            yield url
        finally:
            process.terminate()
            process.communicate()


@pytest.mark.e2e
def test_an_unpacked_wheel_builds_asks_and_serves(unpacked: Path, tmp_path: Path) -> None:
    code = "import corpus, index, service; print(corpus.__file__, index.__file__, service.__file__)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment(unpacked), stdout=-1, check=True
    )
    assert loaded.stdout.decode().count(str(unpacked)) == len(PACKAGES)

    dateline(unpacked, tmp_path, "build", "--samples", "--index", "index")
    answered = json.loads(
        dateline(unpacked, tmp_path, "ask", QUESTION, "--json", "--index", "index")
    )
    assert answered["answer"]["text"] == "Biscuit"

    with served(unpacked, tmp_path) as address, httpx.Client(base_url=address) as client:
        page = client.get("/", headers={"Accept": "text/html"})
        assert page.status_code == 200 and page.headers["Content-Type"].startswith("text/html")
        answer = client.get("/", params={"q": QUESTION}, headers={"Accept": "text/html"})
        assert "Biscuit" in answer.text
        for path in ("/articles", "/schema", "/schema/openapi.json"):
            assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, path
        for asset in sorted(path for path in (ROOT / "service/web").iterdir()):
            if asset.suffix in (".js", ".css", ".svg"):
                assert client.get(f"/static/{asset.name}").status_code == 200, asset.name


@pytest.mark.e2e
def test_every_file_of_the_packages_is_in_the_wheel(unpacked: Path) -> None:
    ours = {
        path.relative_to(ROOT)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {path for path in ours if not (unpacked / path).exists()} == set()
    assert all((unpacked / package / "py.typed").exists() for package in PACKAGES)


def test_the_command_runs_no_code_of_the_folder_it_is_in(tmp_path: Path) -> None:
    here, ran = tmp_path / "here", tmp_path / "ran"
    here.mkdir()
    for name in (*PACKAGES, "click", "json", "sitecustomize"):
        (here / f"{name}.py").write_text(f"open({str(ran)!r}, 'w').write({name!r})")
    # What pip makes of the entry point, in a folder of its own like that of an environment.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["dateline"].partition(":")
    script = tmp_path / "bin" / "dateline"
    script.parent.mkdir()
    script.write_text(f"from {module} import {function}\n{function}()\n")
    ended = subprocess.run(
        [sys.executable, script, "info", "--cleaning"],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert not ran.exists()

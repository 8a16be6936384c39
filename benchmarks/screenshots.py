"""Take a screenshot of every state of the page, on the sample archive.

`python -m benchmarks.screenshots OUTDIR [--index DIR] [--readme docs/images]`: serves the sample
archive (or another index), drives Chromium through each state of `benchmarks/page_states.py` at
three widths, in light and in dark, and writes `STATE-WIDTH-SCHEME.png`. With `--readme` it also
writes the two that the README shows.
"""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Literal
from urllib.error import URLError
from urllib.request import urlopen

import rich_click as click
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.page_states import STATES, show

SAMPLES = Path("corpus/samples/articles.jsonl")
CHROMIUM = "/usr/bin/chromium"
WIDTHS = (390, 1280, 2560)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
README = {"light": "answer", "dark": "article"}
_START_S = 120.0


@click.command()
@click.argument("outdir", type=click.Path(file_okay=False, path_type=Path))
@click.option("--index", type=click.Path(exists=True, path_type=Path), help="Index to serve.")
@click.option("--readme", type=click.Path(file_okay=False, path_type=Path), help="README's folder.")
@click.option("--state", "states", multiple=True, type=click.Choice(list(STATES)))
def main(outdir: Path, index: Path | None, readme: Path | None, states: tuple[str, ...]) -> None:
    """Write the screenshots into OUTDIR."""
    outdir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        served = index or _build(Path(folder) / "index")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with _serving(served) as address:
            for width, scheme in product(WIDTHS, SCHEMES):
                for state in states or STATES:
                    with _page(browser, width, 900, scheme) as page:
                        show(state, page, address)
                        page.screenshot(path=outdir / f"{state}-{width}-{scheme}.png")
                print(f"{width} px, {scheme}")
            if readme:
                _for_readme(browser, address, readme)
        browser.close()


def _for_readme(browser: Browser, address: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in SCHEMES:
        with _page(browser, 1040, 600, scheme) as page:
            show(README[scheme], page, address)
            page.screenshot(path=folder / f"{README[scheme]}.png")


@contextmanager
def _page(
    browser: Browser, width: int, height: int, scheme: Literal["light", "dark"]
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def _build(index: Path) -> Path:
    args = [sys.executable, "-m", "service.cli", "build", str(SAMPLES), "--index", str(index)]
    subprocess.run(args, check=True)
    return index


@contextmanager
def _serving(index: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    args = ["serve", "--index", str(index), "--port", str(port)]
    server = subprocess.Popen(
        [sys.executable, "-m", "service.cli", *args], stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/health/ready")
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(url: str) -> None:
    end = time.monotonic() + _START_S
    while True:
        try:
            urlopen(url).close()  # noqa: S310 - our own server
            return
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


if __name__ == "__main__":
    main()

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from service.settings import Settings
from service.wiring import open_answerer
from tests.service.api.conftest import serving
from tests.service.api.fakes import FakeAnswerer

_CHROMIUM = "/usr/bin/chromium"
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
# Machines are of any speed: what is expected comes, or the test hangs for long.
_PATIENCE_MS = 120_000
expect.set_options(timeout=_PATIENCE_MS)

OpenPage = Callable[..., AbstractContextManager[Page]]


# For a module: as long as it is open, its event loop runs in this thread, and no other may.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def answerer() -> FakeAnswerer:
    return FakeAnswerer()


@pytest.fixture
def address(answerer: FakeAnswerer, tmp_path: Path) -> Iterator[str]:
    """Serve the pages on a free port of this machine and return where."""
    with serving(answerer, Settings(index_dir=tmp_path)) as address:
        yield address


@pytest.fixture(scope="session")
def samples(sample_index: Path) -> Iterator[str]:
    """Serve the sample archive with the real models and return where."""
    settings = Settings(index_dir=sample_index)
    answerer, archive = open_answerer(settings)
    with serving(answerer, settings, archive) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser) -> OpenPage:
    """Return what opens a page; whatever the browser complains about fails the test."""

    @contextmanager
    def opened(
        address: str,
        *,
        complains: bool = False,
        **options: Any,  # noqa: ANN401 - Playwright's own
    ) -> Iterator[Page]:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        context.set_default_timeout(_PATIENCE_MS)
        complaints: list[str] = []
        context.on("console", lambda message: complaints.append(message.text))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        page = context.new_page()
        page.goto(address)
        yield page
        context.close()
        assert complains or complaints == []

    return opened


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Iterator[Page]:
    """Open the chat page of the server with the fakes."""
    with open_page(address) as page:
        yield page


@pytest.fixture
def sample_page(open_page: OpenPage, samples: str) -> Iterator[Page]:
    """Open the chat page of the sample archive."""
    with open_page(samples) as page:
        yield page

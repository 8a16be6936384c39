"""How new the archive is, on the page in a browser."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from service.following.source import Source
from service.following.state import State
from tests.service.web.conftest import OpenPage

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_says_how_new_the_archive_is_and_what_is_late(
    open_page: OpenPage, address: str, tmp_path: Path, width: int
) -> None:
    with State(tmp_path) as state:
        late = Source("https://a.example/feed", "A feed with a long name of the Harbour Post")
        state.enlist([late, Source("https://b.example/", "B")], 900)
        state.begin_look("https://b.example/", time.time() - 200, 0)
        state.end_look("https://b.example/", time.time() - 200, 0)
        state.fail_look(late.key, "410", 0, is_ended=True)
    with open_page(address) as page:
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator("#fresh")).to_have_text(
            "Articles up to 5 Mar 2024; last looked 3 minutes ago"
        )
        expect(page.locator(".late")).to_have_text(
            "A feed with a long name of the Harbour Post is late: it is gone for good."
        )
        expect(page.locator(".late")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.fill("#question", "How many were rescued?")
        page.keyboard.press("Enter")
        expect(page.locator("#turns")).to_contain_text("Nine")
        expect(page.locator("#checked")).to_have_text("3 minutes ago")

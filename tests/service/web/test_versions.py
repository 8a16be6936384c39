"""The banner of an earlier version, corrections, and two versions side by side, in Chromium."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from service.links import comparison_address, permalink
from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import NOTICE, CorrectedAnswerer, FakeAnswerer
from tests.service.api.routes.test_versions import END, NEW, OLD, START, ChangedArchive
from tests.service.web.axe import violations
from tests.service.web.conftest import OpenPage

pytestmark = pytest.mark.e2e

WIDTHS = [390, 1280]
LINK = permalink(OLD.id, START, END, OLD.version)
PLACE = f"article={quote(OLD.id, safe='')}&at={START}-{END}&v={OLD.version}"


@pytest.fixture
def changed(tmp_path: Path) -> Iterator[str]:
    """Serve an archive with an article that was changed, and return where."""
    with serving(FakeAnswerer(), Settings(index_dir=tmp_path), ChangedArchive()) as address:
        yield address


def fits(page: Page) -> bool:
    """Whether nothing is wider than the page."""
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"))


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_an_earlier_version_says_what_stands_there_now(
    open_page: OpenPage, changed: str, width: int, scripts: bool
) -> None:
    with open_page(f"{changed}{LINK}", java_script_enabled=scripts) as page:
        page.set_viewport_size({"width": width, "height": 844})
        banner = page.locator(".banner")
        expect(banner).to_contain_text("The article was changed on 8 Mar 2024.")
        expect(banner.locator("q")).to_have_text("Nine people <b>died</b>.")
        expect(page.locator("#quote")).to_have_text("Eleven people died.")
        if scripts:
            assert fits(page)
        banner.get_by_role("link", name="Compare the two").click()
        expect(page.locator("h1")).to_have_text(NEW.title)
        page.get_by_role("link", name="Read the article").click()
        expect(page.locator(".banner")).to_have_count(0)
        expect(page.locator(".notices")).to_contain_text("Correction, 8 Mar 2024: The toll was")


@pytest.mark.parametrize("width", WIDTHS)
def test_two_versions_are_side_by_side_on_a_wide_screen_and_below_on_a_narrow_one(
    open_page: OpenPage, changed: str, width: int
) -> None:
    with open_page(f"{changed}{comparison_address(OLD.id, OLD.version)}") as page:
        page.set_viewport_size({"width": width, "height": 844})
        old = page.locator("del").last
        new = page.locator("ins").last
        expect(old).to_have_text("Eleven people died. It was cold.")
        expect(new).to_have_text("Nine people <b>died</b>. The captain was rescued.")
        left, right = old.bounding_box(), new.bounding_box()
        assert left and right
        if width > 800:
            assert left["y"] == right["y"] and left["x"] + left["width"] <= right["x"]
        else:
            assert left["x"] == right["x"] and left["y"] + left["height"] <= right["y"]
        assert fits(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_correction_stands_under_the_quote_with_and_without_scripts(
    open_page: OpenPage, tmp_path: Path, width: int
) -> None:
    said = f"Correction, 8 Mar 2024: {NOTICE.text}"
    with serving(CorrectedAnswerer(), Settings(index_dir=tmp_path)) as address:
        with open_page(f"{address}/?q=How+many%3F", java_script_enabled=False) as page:
            expect(page.locator("figure .notices")).to_have_text(said)
        with open_page(address) as page:
            page.set_viewport_size({"width": width, "height": 844})
            page.locator("#question").fill("How many were rescued?")
            page.keyboard.press("Enter")
            expect(page.locator("figure .notices")).to_have_text(said)
            assert fits(page)


def test_the_article_beside_the_conversation_is_the_version_that_is_quoted(
    open_page: OpenPage, changed: str
) -> None:
    with open_page(f"{changed}/?{PLACE}") as page:
        expect(page.locator("#proof-body #quote")).to_have_text("Eleven people died.")
        expect(page.locator("#proof-page")).to_have_attribute("href", LINK)


@pytest.mark.parametrize("address", [LINK, comparison_address(OLD.id, OLD.version), f"/?{PLACE}"])
def test_axe_finds_nothing_on_the_pages_of_versions(
    open_page: OpenPage, changed: str, address: str
) -> None:
    with open_page(f"{changed}{address}", complains=True, bypass_csp=True) as page:
        expect(page.locator("#quote, del").first).to_be_visible()
        assert list(violations(page)) == []


def test_axe_finds_nothing_where_a_correction_stands_under_a_quote(
    open_page: OpenPage, tmp_path: Path
) -> None:
    with (
        serving(CorrectedAnswerer(), Settings(index_dir=tmp_path)) as address,
        open_page(f"{address}/?q=How+many%3F", complains=True, bypass_csp=True) as page,
    ):
        expect(page.locator("figure .notices")).to_be_visible()
        assert list(violations(page)) == []

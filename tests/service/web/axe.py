"""What axe-core has against a page, in light and dark, wide and narrow."""

from collections.abc import Iterator
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

__all__ = ["violations"]

# Everything that axe-core knows, best practices included.
_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}

# A button half beneath the question's bar is scrolled from under it, yet axe-core counts only
# what is free at the moment. That the focus is never hidden there is tested with the keyboard.
_NOTHING_STICKS = "#ask { position: static !important; }"

_SCREENS: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 390))


def violations(page: Page) -> Iterator[str]:
    """Yield each violation; the page must have been opened with `bypass_csp`."""
    page.add_style_tag(content=_NOTHING_STICKS)
    for scheme, width in _SCREENS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        for found in Axe().run(page, options=_OPTIONS).response["violations"]:
            targets = [node["html"] for node in found["nodes"]]
            yield f"{scheme}, {width} px: {found['id']}: {targets}"

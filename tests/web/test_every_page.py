"""Every page in Chromium: accessible, valid, small, and fit for each width and light (SPEC 10)."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, Page, Response
from tinyhtml5.parser import HTMLParser

from services.adapters.disk_media import DiskMediaStore
from tests import files
from tests.browser import SHARED
from tests.web.every_page import CUT, PAGES, TOO_SMALL
from tests.web.visiting import KEY, Pages, opened_pages
from tests.web.ways import STRANGER, populated
from web.app import create_app
from web.server import listen, serving

pytestmark = [pytest.mark.browser, SHARED]

WIDTHS = (320, 360, 390, 768, 1024, 1280, 1440)
LOW = 200
"""How high the window is where only widths count: what is not seen is not painted."""
GRAVE = frozenset({"serious", "critical"})
ALL_IN_ALL = 60_000
"""Bytes of a page with its style and script."""
FRAME = """() => getComputedStyle(document.querySelector(".top") ?? document.body).maxWidth
    .replace("none", "")"""
"""How wide the navigation may be; nothing on a page that is printed."""
FITS = f"(width) => [document.documentElement.scrollWidth, ({CUT})(width), ({TOO_SMALL})()]"
"""How wide a page is, and what is cut or too small on it."""
VIOLATIONS = """(options) => axe.run(document, options).then(({violations}) => violations.map(
    ({id, impact, nodes}) => ({id, impact, nodes: nodes.map(({html}) => html.slice(0, 100))})
))"""
BLOCKING = "script:not([defer]):not([async]):not([type=module])"


@pytest_asyncio.fixture(loop_scope="session")
async def furnished(database_url: str, tmp_path: Path) -> AsyncIterator[Pages]:
    """Pages whose photos are there."""
    store = DiskMediaStore(tmp_path / "media")
    await store.put(KEY, files.jpeg_photo(), "image/jpeg")
    async with opened_pages(database_url, store) as pages:
        yield pages


@pytest.mark.parametrize("who", PAGES)
async def test_every_page_is_accessible_valid_small_and_fits_every_width(
    furnished: Pages, browser: Browser, who: str
) -> None:
    there = populated(furnished)
    site, complaints, said = furnished.site(), list[str](), list[str]()
    frames = set[str]()
    context = await browser.new_context(reduced_motion="reduce")  # colours at once, not fading in
    page = await context.new_page()
    page.on("console", lambda line: said.append(line.text))
    async with serving(create_app(site), listen("127.0.0.1", 0)) as address:
        if who != STRANGER:
            await page.goto(address + furnished.link(there.people[who]))
            await page.get_by_role("button", name="Sign in").click()
            await page.wait_for_url("**/*")
        for path in PAGES[who]:
            where = path.format(**there.values)
            await page.emulate_media(color_scheme="light")
            answer = await page.goto(address + where)
            assert answer
            found = [*await looked_through(page, answer), *await barriers(page, {})]
            await page.emulate_media(color_scheme="dark")
            found += await barriers(page, {"runOnly": ["color-contrast"]})
            complaints += [f"{where}: {one}" for one in found]
            frames.add(await page.evaluate(FRAME))
        await context.close()
        site.changes.close()

    assert complaints == []
    assert who == STRANGER or len(frames - {""}) == 1, "the navigation shifts between pages"
    assert [one for one in said if "Failed to load resource" not in one] == []


async def looked_through(page: Page, answer: Response) -> list[str]:
    """What is wrong with a page's text and its weight, and at each width."""
    found = []
    parser = HTMLParser()
    content = await answer.body()
    parser.parse(content, transport_encoding="utf-8")
    found += [f"not valid: {place} {error}" for place, error, _ in parser.errors]
    found += [f"maxlength of {one}" for one in unlimited(content.decode())]
    if await page.locator(BLOCKING).count():
        found.append("a script holds the page up")
    shared = await page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter((one) => /\\.(css|js|svg)\\?/.test(one.name))"
        ".reduce((sum, one) => sum + one.decodedBodySize, 0)"
    )
    if len(content) + shared > ALL_IN_ALL:
        found.append(f"{len(content) + shared} bytes")
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": LOW})
        wide, cut, small = await page.evaluate(FITS, width)
        if wide > width:
            found.append(f"{wide} px wide at {width}")
        if cut:
            found.append(f"cut at {width}: {cut}")
        if width < 1024 and small:
            found.append(f"too small at {width}: {small}")
    await page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    return found


def unlimited(text: str) -> list[str]:
    """Inputs with a `maxlength` that their type does not have."""
    inputs = re.findall(r"<input[^>]*maxlength[^>]*>", text)
    return [one for one in inputs if re.search(r'type="(?:date|time|number)"', one)]


async def barriers(page: Page, only: dict[str, list[str]]) -> list[str]:
    """Serious findings of axe-core, by all its rules or some `only`; a page is given it once."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    found = await page.evaluate(VIOLATIONS, {"resultTypes": ["violations"], **only})
    return [f"{one['id']}: {one['nodes']}" for one in found if one["impact"] in GRAVE]


async def test_what_is_wrong_with_a_page_is_found(page: Page) -> None:
    await page.set_content(
        "<!doctype html><html lang='en'><title>x</title><main><h1>x</h1>"
        "<div style='color: #bbb; background: #fff'>Hello there</div><input type='text'>"
        "<nav class='tabs'><a style='position: absolute; left: 300px'>Past</a></nav>"
    )
    parser = HTMLParser()
    parser.parse(b"<!doctype html><p><div></p></div>", transport_encoding="utf-8")

    assert await page.evaluate(TOO_SMALL)
    assert await page.evaluate(CUT, 320) == ["Past"]
    found = {one.partition(":")[0] for one in await barriers(page, {})}
    assert found == {"color-contrast", "label"}
    assert parser.errors

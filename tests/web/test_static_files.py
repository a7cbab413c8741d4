"""Static files: a style sheet is sent without what only its authors read (SPEC 10)."""

import pytest
from playwright.async_api import Page

from tests.browser import SHARED
from web.static_files import ASSETS, style_sheet

SHEET = ASSETS / "pages.css"
RULES = """text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return [...sheet.cssRules].map(rule => rule.cssText);
}"""


def test_a_style_sheet_is_sent_without_comments_and_indentation() -> None:
    sent, written = style_sheet(SHEET).decode(), SHEET.read_text("utf-8")

    assert "/*" not in sent
    assert "\n " not in sent
    assert len(sent) < 0.9 * len(written)


@SHARED
@pytest.mark.browser
async def test_what_is_sent_has_the_rules_that_were_written(page: Page) -> None:
    sent = await page.evaluate(RULES, style_sheet(SHEET).decode())
    written = await page.evaluate(RULES, SHEET.read_text("utf-8"))

    assert len(written) > 200
    assert sent == written

"""What browsers are told, and whose buttons count (SPEC 10)."""

import re

import pytest

from tests.web.visiting import ADDRESS, Pages, press

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; connect-src 'self'; "
    "style-src 'self' 'nonce-{nonce}'; img-src {media}; media-src {media}; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def nonce_in(page: str) -> str:
    """The nonce of the page's only script."""
    [found] = re.findall(r'<script src="/assets/pages\.js\?v=[0-9a-f]{12}" nonce="([^"]+)"', page)
    return str(found)


async def test_a_nonce_is_good_for_one_answer(pages: Pages) -> None:
    async with pages.browser() as browser:
        nonces = {nonce_in((await browser.get("/notes")).text) for _ in range(3)}

    assert len(nonces) == 3
    assert all(len(nonce) >= 22 for nonce in nonces)


async def test_every_answer_tells_browsers_to_be_careful(pages: Pages) -> None:
    pages.note(text="Fractions.")
    async with pages.browser(pages.there.grace) as browser:
        answers = [
            await browser.get(path) for path in ("/notes", f"/notes/{pages.there.id}", "/nowhere")
        ]

    for answer in answers:
        assert answer.headers["Content-Security-Policy"] == POLICY.format(
            media="'self'", nonce=nonce_in(answer.text)
        )
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "max-age" in answer.headers["Strict-Transport-Security"]


async def test_a_style_sheet_is_kept_until_it_is_another(pages: Pages) -> None:
    async with pages.browser() as browser:
        text = (await browser.get("/notes")).text
        address = re.search(r'href="(/assets/pages\.css\?v=[0-9a-f]{12})"', text)
        assert address
        sheet = await browser.get(address[1])
        bare = await browser.get("/assets")

    assert sheet.status_code == 200
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sheet.headers["X-Content-Type-Options"] == "nosniff"
    assert bare.status_code == 404


async def test_no_answer_leads_where_a_host_header_says(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        for path in ("/notes/", f"/notes/{pages.there.id}/", "/assets", "/sign-in/", "/"):
            answer = await browser.get(path, headers={"Host": "evil.example"})
            assert "evil.example" not in answer.headers.get("Location", "")


async def test_behind_a_proxy_with_another_host_our_own_buttons_work(pages: Pages) -> None:
    link = pages.link(pages.there.grace)
    async with pages.browser(host="127.0.0.1:8080") as browser:
        assert (await press(browser, link, Origin=ADDRESS)).status_code == 303
        answer = await browser.post("/sign-out", headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403


async def test_photos_may_come_from_where_signed_links_lead_and_from_nowhere_else(
    pages: Pages,
) -> None:
    pages.options["media_origin"] = "https://r2.example"
    async with pages.browser() as browser:
        answer = await browser.get("/notes")

    assert answer.headers["Content-Security-Policy"] == POLICY.format(
        media="'self' https://r2.example", nonce=nonce_in(answer.text)
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": ADDRESS},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "https://pages.example.evil.example"},
    ],
)
async def test_a_button_on_another_site_does_nothing(pages: Pages, headers: dict[str, str]) -> None:
    async with pages.browser(pages.there.grace) as browser:
        answer = await browser.post("/sign-out", headers=headers)
        assert answer.status_code == 403
        assert "That came from another site" in answer.text
        assert (await browser.get("/notes")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": ADDRESS}, {}],
)
async def test_our_own_buttons_work_in_new_and_old_browsers(
    pages: Pages, headers: dict[str, str]
) -> None:
    link = pages.link(pages.there.grace)
    async with pages.browser() as browser:
        assert (await press(browser, link, **headers)).status_code == 303


async def test_a_page_can_be_come_to_from_anywhere(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        answer = await browser.get("/notes", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200


async def test_what_is_too_long_for_a_form_is_turned_away(pages: Pages) -> None:
    link = pages.link(pages.there.grace)
    async with pages.browser() as browser:
        answer = await browser.post(link, content=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "more than can be sent at once" in answer.text
    assert "Content-Security-Policy" in answer.headers

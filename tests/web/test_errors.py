"""Whatever goes wrong is one clear sentence in the reader's language (UX 6)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, update

import locales.reader as reader_module
from chat.deep_links import OpenPages, address
from locales.pseudo import PSEUDO
from models import Person
from services.people.sign_in import SignIn
from tests.builders import AGENCY, NOW
from tests.pseudo import leaked_english
from tests.services.scenes import another_session, open_thread
from tests.web.test_notes import summed_up
from tests.web.visiting import KEY, Pages
from web import notes

DATA = (
    "Grace Lim", "Emily Lim", "Tan Wei Ming", "Mathematics", AGENCY.name, "Fractions went well",
    "Comparing fractions", "She asked for more", "Practise", "b", "thirds",
    "halves and thirds", "Fractions", "board.jpg", "Ohm.pdf", "/web", "Telegram", "AI",
    "12 Orchard Road", "Daniel Lim",
)  # fmt: skip
"""What people brought, and names that stay as they are."""


async def test_an_address_that_there_is_not(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        answer = await browser.get("/nowhere")

    assert answer.status_code == 404
    assert "There is no such page." in answer.text
    assert 'href="/notes"' in answer.text


async def test_a_page_that_is_asked_for_in_the_wrong_way(pages: Pages) -> None:
    async with pages.browser() as browser:
        answer = await browser.get("/sign-out")
        posted = await browser.post("/notes")

    assert (answer.status_code, posted.status_code) == (405, 405)
    assert "That is not how this page is used." in answer.text


async def test_what_nobody_foresaw_is_admitted_and_tells_nothing(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(notes, "with_notes", broken)
    async with pages.browser(pages.there.grace) as browser:
        answer = await browser.get("/notes")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "secret" not in answer.text


async def test_a_database_that_fails_is_admitted_as_well(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret of ours")

    async with pages.browser(pages.there.grace) as browser:
        monkeypatch.setattr(SignIn, "looking", broken)
        answers = [await browser.get(path) for path in ("/notes", "/nowhere", "/files/1")]

    assert [answer.status_code for answer in answers] == [500, 500, 500]
    assert all("Something went wrong on our side" in answer.text for answer in answers)


SPOKEN = re.compile(r'(?:alt|aria-label)="([^"]*)"')
"""What is read out for a picture or a player."""


async def test_no_english_is_left_on_pages_in_another_language(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "language_for", lambda _: PSEUDO)
    with pages.database.unit_of_work() as session:
        session.exec(update(Person).values(language=PSEUDO).where(col(Person.id) > 0))
    pages.options["bot_link"] = lambda: address("tutorline_bot", OpenPages())
    link, old = pages.link(pages.there.daniel), pages.link(pages.there.grace)
    notes_page = f"/notes/{pages.there.id}"
    async with pages.browser() as stranger, pages.browser(pages.there.grace) as grace:
        answers = [
            *[
                await stranger.get(path)
                for path in (link, old, "/notes", "/sign-in/no", "/nowhere")
            ],
            await stranger.post(link, headers={"Origin": "https://evil.example"}),
            *[await grace.get(path) for path in ("/notes", notes_page, "/sign-out")],
        ]
        pages.note(text="Fractions.", is_late=True)
        for over in one_of_each():
            pages.photo(**over)
        summed_up(pages)
        answers += [
            await grace.get(path) for path in ("/notes", notes_page, "/files/2", "/files/5")
        ]

    leaks = {
        str(answer.url): words
        for answer in answers
        for text in (answer.text, " ".join(SPOKEN.findall(answer.text)))
        if (words := leaked_english(text, DATA))
    }
    assert {answer.status_code for answer in answers} == {200, 401, 403, 404, 405, 410, 503}
    assert leaks == {}


def one_of_each() -> list[dict[str, Any]]:
    """Parts of every kind that a page shows in its own way."""
    return [
        {"media_key": KEY},
        {"file_name": None, "media_type": "audio/ogg"},
        {"file_name": "Ohm.pdf", "media_type": "application/pdf"},
        {"media_key": None, "telegram_file_id": "telegram-1"},
    ]


async def test_no_english_is_left_on_the_pages_of_tutor_and_family(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "language_for", lambda _: PSEUDO)
    with pages.database.unit_of_work() as session:
        session.exec(update(Person).values(language=PSEUDO).where(col(Person.id) > 0))
    there, later = pages.there, NOW + timedelta(days=9)
    ahead = another_session(pages.database, there, starts_at=NOW + timedelta(minutes=45))
    free = another_session(pages.database, there, starts_at=NOW + timedelta(days=4))
    asked = another_session(pages.database, there, starts_at=later)
    open_thread(pages.database, asked)
    pages.note(text="Fractions.")
    summed_up(pages)
    family = (
        *("/family", "/family?tab=upcoming", "/family?tab=future", "/family?tab=past"),
        *(f"/sessions/{there.id}{way}" for way in ("", "/dispute", "/report-problem", "/cancel")),
        *(f"/sessions/{free.id}/{way}" for way in ("cancel", "propose", "propose?typed=soon")),
        f"/sessions/{free.id}/propose?at=20261127T0800Z",
        f"/sessions/{asked.id}",
    )
    tutor = (
        *("/tutor", "/tutor?tab=upcoming", "/tutor?tab=past", f"/sessions/{ahead.id}"),
        *(
            f"/sessions/{there.id}{way}"
            for way in ("", "/add-notes", "/summary-is-wrong?summary=1")
        ),
        *(f"/sessions/{asked.id}", f"/sessions/{asked.id}/counter?proposal=1", "/family"),
    )
    leaks: dict[str, list[str]] = {}
    for person, paths in ((there.grace, family), (there.tutor, tutor)):
        async with pages.browser(person) as browser:
            for path in paths:
                text = (await browser.get(path)).text
                words = leaked_english(text, DATA) + leaked_english(
                    " ".join(SPOKEN.findall(text)), DATA
                )
                leaks |= {path: words} if words else {}

    assert leaks == {}


@pytest.mark.parametrize(
    ("accepted", "language"), [("en-GB,en;q=0.9", "en"), ("", "en"), ("tlh", "en"), (";;,", "en")]
)
async def test_a_stranger_reads_the_language_of_their_browser(
    pages: Pages, accepted: str, language: str
) -> None:
    async with pages.browser() as browser:
        text = (await browser.get("/notes", headers={"Accept-Language": accepted})).text

    assert f'<html lang="{language}">' in text

"""Siblings taught together on the tutor's page: one press for both (SPEC 3, 6, 10)."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

from sqlmodel import col, select

from models import Appointment, AuditEvent, Person
from models.enums import Action, Status
from tests import builders
from tests.builders import NOW
from tests.services.proofs import as_it_stands
from tests.services.scenes import Scene, another_session
from tests.web.visiting import Pages, hidden_in

SOON = NOW + timedelta(minutes=10)


def with_ryan(pages: Pages, **over: Any) -> tuple[Scene, Scene]:
    """The tutor has Emily and her brother Ryan at the same time, from 15:10 on."""
    over = {"starts_at": SOON} | over
    with pages.database.unit_of_work() as session:
        grace = session.get_one(Person, pages.there.grace.id)
        ryan = builders.student(session, [grace], name="Ryan Lim")
    emilys = another_session(pages.database, pages.there, **over)
    return emilys, another_session(pages.database, pages.there, student=ryan, **over)


def buttons(text: str) -> list[str]:
    """What the buttons of the rows say."""
    found = re.findall(r"<button class=\"button [a-z]*\"[^>]*>([^<]+)</button>", text)
    return [unescape(one) for one in found]


def statuses(pages: Pages, *sessions: Scene) -> list[Status]:
    return [as_it_stands(pages.database, one.id).status for one in sessions]


async def test_one_press_checks_in_to_both_and_both_are_told(pages: Pages) -> None:
    emilys, ryans = with_ryan(pages)
    async with pages.browser(pages.there.tutor) as browser:
        shown = (await browser.get("/tutor")).text
        assert buttons(shown) == ["Check in: Emily and Ryan", "Check in", "Check in"]
        assert shown.count("button primary") == 2  # of both, and of Ryan alone
        form = {"csrf": pages.token(browser), "back": "/tutor", "beside": str(ryans.id)}
        answer = await browser.post(f"/sessions/{emilys.id}/check-in", data=form)
        told = (await browser.get(answer.headers["Location"])).text

    assert answer.status_code == 303
    assert statuses(pages, emilys, ryans) == [Status.CHECKED_IN] * 2
    assert told.count("You checked in at 15:00: <a ") == 2
    assert hidden_in(shown)["beside"] == str(ryans.id)


async def test_one_press_checks_out_of_both_and_notes_of_each_are_next(pages: Pages) -> None:
    since = NOW - timedelta(minutes=85)
    emilys, ryans = with_ryan(pages, starts_at=since, checked_in_at=since, status=Status.CHECKED_IN)
    async with pages.browser(pages.there.tutor) as browser:
        assert "Check out: Emily and Ryan" in (await browser.get("/tutor")).text
        form = {"csrf": pages.token(browser), "back": "/tutor", "beside": str(ryans.id)}
        answer = await browser.post(f"/sessions/{emilys.id}/check-out", data=form)
        told = (await browser.get(answer.headers["Location"])).text
        again = await browser.post(f"/sessions/{emilys.id}/check-out", data=form)

    assert statuses(pages, emilys, ryans) == [Status.AWAITING_APPROVAL_PARENT] * 2
    notice = told[told.index('class="notice good"') : told.index('class="section"')]
    for one in (emilys, ryans):
        assert f'href="/sessions/{one.id}/add-notes"' in notice
    assert again.headers["Location"] == f"/sessions/{emilys.id}?done=check_out"
    with pages.database.reading() as session:
        events = session.exec(
            select(AuditEvent.appointment_id)
            .where(AuditEvent.action == Action.CHECK_OUT)
            .order_by(col(AuditEvent.appointment_id))
        ).all()
    assert events == [emilys.id, ryans.id]


async def test_the_page_of_one_has_the_button_for_both_too(pages: Pages) -> None:
    emilys, ryans = with_ryan(pages)
    async with pages.browser(pages.there.tutor) as browser:
        shown = (await browser.get(f"/sessions/{ryans.id}")).text
        assert buttons(shown)[:2] == ["Check in: Emily and Ryan", "Check in"]
        form = hidden_in(shown)
        assert (form["beside"], form["back"]) == (str(emilys.id), "/tutor")
        answer = await browser.post(f"/sessions/{ryans.id}/check-in", data=form)
        told = (await browser.get(answer.headers["Location"])).text
        left = (await browser.get(f"/sessions/{ryans.id}")).text
    async with pages.browser(pages.there.grace) as browser:
        parents = (await browser.get(f"/sessions/{ryans.id}")).text

    assert statuses(pages, emilys, ryans) == [Status.CHECKED_IN] * 2
    assert told.count("You checked in at 15:00: <a ") == 2
    assert "Emily and Ryan" not in left
    assert "Emily and Ryan" not in parents


async def test_one_that_is_refused_holds_up_no_other(pages: Pages) -> None:
    emilys, ryans = with_ryan(pages)
    with pages.database.unit_of_work() as session:
        session.get_one(Appointment, ryans.id).status = Status.CANCELLED_BY_PARENT
    async with pages.browser(pages.there.tutor) as browser:
        form = {"csrf": pages.token(browser), "back": "/tutor", "beside": str(ryans.id)}
        answer = await browser.post(f"/sessions/{emilys.id}/check-in", data=form)

    assert answer.status_code == 409
    assert statuses(pages, emilys, ryans) == [Status.CHECKED_IN, Status.CANCELLED_BY_PARENT]
    assert "Emily Lim: You checked in at 15:00<br>Ryan Lim: " in answer.text


async def test_a_session_of_somebody_else_is_as_one_that_is_not_there(pages: Pages) -> None:
    emilys, _ = with_ryan(pages)
    with pages.database.unit_of_work() as session:
        other = builders.tutor(session, name="Arjun Rao")
    theirs = another_session(pages.database, pages.there, tutor=other, starts_at=SOON)
    async with pages.browser(pages.there.tutor) as browser:
        form = {"csrf": pages.token(browser), "back": "/tutor"}
        address = f"/sessions/{emilys.id}/check-in"
        answer = await browser.post(address, data=form | {"beside": str(theirs.id)})
        nowhere = await browser.post(address, data=form | {"beside": "4711"})
        badly = await browser.post(address, data=form | {"beside": "one-two"})

    assert statuses(pages, emilys, theirs) == [Status.CHECKED_IN, Status.SCHEDULED]
    assert (answer.status_code, nowhere.status_code, badly.status_code) == (409, 409, 303)
    said = [
        re.findall(r'<p class="notice bad".*?</p>', one.text, re.DOTALL)
        for one in (answer, nowhere)
    ]
    assert said[0] == said[1] != []


async def test_who_are_not_siblings_or_not_both_ready_have_a_button_each(pages: Pages) -> None:
    emilys, _ = with_ryan(pages)
    with pages.database.unit_of_work() as session:
        session.get_one(Appointment, emilys.id).ends_at += timedelta(minutes=30)
    async with pages.browser(pages.there.tutor) as browser:
        shown = (await browser.get("/tutor")).text

    assert buttons(shown) == ["Check in", "Check in"]

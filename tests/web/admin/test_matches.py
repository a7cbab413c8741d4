"""Matches on the coordinators' pages: offered, read, changed with a preview, ended (SPEC 7, 10)."""

import re
from datetime import date, timedelta
from html import unescape

import httpx
import pytest
from sqlmodel import col, select

from models import Appointment, Holiday, Match
from models.enums import Kind, MatchStatus, MessageKind, Status
from services.matches.answers import accept
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.services.proofs import outbox_rows, recipients
from tests.services.scenes import carry_out
from tests.web.visiting import Pages, hidden_in, send

PATH = "/admin/matches"
MONDAYS = {"weekday1": "1", "start1": "15:00", "minutes1": "90"}


def matches(pages: Pages) -> list[Match]:
    with pages.database.reading() as session:
        return list(session.exec(select(Match).order_by(col(Match.id))).all())


def booked(pages: Pages) -> list[Appointment]:
    with pages.database.reading() as session:
        found = session.exec(
            select(Appointment)
            .where(col(Appointment.match_id).is_not(None))
            .order_by(col(Appointment.starts_at))
        )
        return list(found.all())


async def fill_in(browser: httpx.AsyncClient, path: str, values: dict[str, str]) -> httpx.Response:
    """Open a page with a form, and send it with these values."""
    opened = await browser.get(path)
    return await browser.post(path, data=hidden_in(opened.text) | values)


async def offer(browser: httpx.AsyncClient, pages: Pages, **over: str) -> httpx.Response:
    """Send the form of a new match: Mondays at three, from next week on."""
    there = pages.there
    values = {
        "child": str(there.student.id),
        "tutor": str(there.tutor.id),
        "subject": "Physics",
        "kind": "regular",
        "starts_on": "2026-11-30",
    }
    values = MONDAYS | values | over
    shown = await fill_in(browser, f"{PATH}/new", values)
    if "Offer anyway" not in shown.text:
        return shown
    return await browser.post(f"{PATH}/new", data=values | hidden_in(shown.text))


async def accepted(browser: httpx.AsyncClient, pages: Pages) -> Match:
    await offer(browser, pages)
    (match,) = matches(pages)
    carry_out(pages.database, accept, match.id, acting(pages.there.grace), AGENCY)
    return match


async def test_a_match_is_offered_once_and_read_on_its_page(pages: Pages) -> None:
    there = pages.there
    async with pages.browser(there.coordinator) as browser:
        opened = (await browser.get(f"{PATH}/new")).text
        values = MONDAYS | {
            "child": str(there.student.id),
            "tutor": str(there.tutor.id),
            "subject": "Physics",
            "kind": "regular",
            "starts_on": "2026-11-30",
            "held_back": "1",
            **hidden_in(opened),
        }
        answers = [await browser.post(f"{PATH}/new", data=values) for _ in range(2)]
        page = (await browser.get(answers[0].headers["Location"])).text
        listed = (await browser.get(f"{PATH}?show=waiting")).text

    (match,) = matches(pages)
    assert [one.status_code for one in answers] == [303, 303]
    assert (match.status, match.is_tutor_held_back) == (MatchStatus.OFFERED, True)
    assert recipients(pages.database, MessageKind.MATCH_OFFERED) == [
        there.grace.id,
        there.daniel.id,
    ]
    for told in ("Emily Lim · Physics", "Every Monday 15:00-16:30", "Waits for the parents"):
        assert told in page
    assert "Every Monday 15:00-16:30" in listed


async def test_what_the_family_has_agreed_to_is_booked_at_once(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await offer(browser, pages, agreed="1")
        page = (await browser.get(answer.headers["Location"])).text

    assert len(booked(pages)) == 8
    assert page.count('href="/sessions/') == 8
    assert "Going on" in page


def taken(pages: Pages) -> Appointment:
    """A session of the tutor's with another child at one of the match's times."""
    with pages.database.unit_of_work() as session:
        return builders.appointment(
            session,
            tutor=pages.there.tutor,
            student=builders.student(session, name="Ryan"),
            starts_at=NOW + timedelta(days=12),
        )


async def test_what_would_clash_is_shown_before_a_match_is_offered(pages: Pages) -> None:
    there, other = pages.there, taken(pages)
    with pages.database.unit_of_work() as session:
        session.add(Holiday(date=date(2026, 12, 28), name="Founders' day"))
    values = MONDAYS | {
        "child": str(there.student.id),
        "tutor": str(there.tutor.id),
        "subject": "Physics",
        "kind": "regular",
        "starts_on": "2026-11-30",
    }
    async with pages.browser(there.coordinator) as browser:
        shown = await fill_in(browser, f"{PATH}/new", values)
        assert matches(pages) == []
        for told in (
            "Nothing has been offered yet",
            "Mon 7 Dec 15:00-16:30",
            "the tutor has another session then",
            "Mon 28 Dec 15:00-16:30",
            "6 sessions would be booked",
            'value="Physics"',
            "Offer anyway",
        ):
            assert told in shown.text

        with pages.database.unit_of_work() as session:
            row = session.get_one(Appointment, other.id)
            row.starts_at, row.ends_at = (
                at + timedelta(days=7) for at in (row.starts_at, row.ends_at)
            )
        seen = values | hidden_in(shown.text)
        anew = await browser.post(f"{PATH}/new", data=seen)
        assert "Mon 14 Dec 15:00-16:30" in anew.text
        assert matches(pages) == []

        seen = values | hidden_in(anew.text)
        answers = [await browser.post(f"{PATH}/new", data=seen) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert [one.status for one in matches(pages)] == [MatchStatus.OFFERED]


async def test_the_list_says_where_nothing_is_booked(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        await offer(browser, pages, agreed="1", starts_on="2027-03-01")
        listed = (await browser.get(PATH)).text

    assert "Nothing is booked" in listed


@pytest.mark.parametrize(
    ("over", "field", "told"),
    [
        ({"weekday1": ""}, "times", "weekly times"),
        ({"start1": "soon"}, "times", "weekly times"),
        ({"minutes1": "5"}, "times", "A session lasts between"),
        ({"weekday2": "1", "start2": "16:00", "minutes2": "60"}, "times", "overlap"),
        ({"starts_on": ""}, "starts_on", "choose a day"),
        ({"ends_on": "2026-11-01"}, "starts_on", "before the first"),
        ({"subject": " "}, "subject", "enter a subject"),
        ({"subject": "x" * 61}, "subject", "longer than 60"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    pages: Pages, over: dict[str, str], field: str, told: str
) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await offer(browser, pages, **over)

    assert answer.status_code == 409
    assert matches(pages) == []
    beside = re.search(rf'id="{field}-error">([^<]+)<', answer.text)
    assert beside
    assert told in unescape(beside[1])


async def test_other_times_are_looked_at_and_then_applied_as_they_were_read(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        match = await accepted(browser, pages)
        times = f"{PATH}/{match.id}/times"
        wanted = {
            "weekday1": "2",
            "start1": "16:00",
            "minutes1": "90",
            "starts_on": "2026-12-07",
            "side": "parent",
            "reason": "Swimming",
        }
        looked = await fill_in(browser, times, wanted)
        assert "Mon 7 Dec 15:00-16:30 → Tue 8 Dec 16:00-17:30" in looked.text
        assert {f"{one.starts_at:%a}" for one in booked(pages)} == {"Mon"}

        done = await browser.post(times, data=hidden_in(looked.text))
        page = (await browser.get(done.headers["Location"])).text

    assert done.status_code == 303
    assert [f"{one.starts_at:%a}" for one in booked(pages)] == ["Mon", *["Tue"] * 7]
    assert "Every Tuesday 16:00-17:30" in page
    assert len(outbox_rows(pages.database, MessageKind.MATCH_CHANGED)) == 3


async def test_a_preview_that_is_out_of_date_is_shown_anew(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        match = await accepted(browser, pages)
        times = f"{PATH}/{match.id}/times"
        typed = {"weekday1": "2", "start1": "16:00", "minutes1": "90", "reason": "Swimming"}
        wanted = typed | {"starts_on": "2026-12-07", "side": "parent"}
        looked = await fill_in(browser, times, wanted)
        with pages.database.unit_of_work() as session:
            row = session.get_one(Appointment, booked(pages)[3].id)
            row.starts_at, row.ends_at = (
                row.starts_at + timedelta(hours=1),
                row.ends_at + timedelta(hours=1),
            )

        refused = await browser.post(times, data=hidden_in(looked.text))
        assert refused.status_code == 409
        assert "Something has changed since you looked" in refused.text
        assert "was moved separately" in refused.text
        done = await browser.post(times, data=hidden_in(refused.text))

    assert done.status_code == 303


async def test_a_match_ends_and_what_is_booked_stays(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        match = await accepted(browser, pages)
        asked = (await browser.get(f"{PATH}/{match.id}/end")).text
        assert "8 sessions are booked. What becomes of those after the last day?" in asked
        done = await send(browser, f"{PATH}/{match.id}/end", ends_on="2026-12-14")
        page = (await browser.get(done.headers["Location"])).text

    assert "From Mon 30 Nov to Mon 14 Dec" in page
    assert {one.status for one in booked(pages)} == {Status.SCHEDULED}


async def test_what_is_booked_after_the_last_day_is_shown_before_it_is_cancelled(
    pages: Pages,
) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        match = await accepted(browser, pages)
        path = f"{PATH}/{match.id}/end"
        opened = hidden_in((await browser.get(path)).text)
        wanted = opened | {"ends_on": "2027-01-04", "after": "cancel", "side": "parent"}
        unsaid = await browser.post(path, data=wanted | {"reason": ""})
        shown = await browser.post(path, data=wanted | {"reason": "They move away."})
        untouched = {one.status for one in booked(pages)}
        form = hidden_in(shown.text) | wanted | {"reason": "They move away."}
        outdated = await browser.post(path, data=form | {"ends_on": "2027-01-11"})
        done = await browser.post(path, data=form)

    assert (unsaid.status_code, shown.status_code, outdated.status_code) == (409, 200, 409)
    assert '<p class="error" id="reason-error">' in unsaid.text
    assert "2 sessions will be cancelled" in shown.text
    assert "<li>Mon 11 Jan 2027 " in shown.text
    assert "They move away.</textarea>" in shown.text
    assert untouched == {Status.SCHEDULED}
    assert "Something has changed since you looked" in outdated.text
    assert done.status_code == 303
    statuses = [one.status for one in sorted(booked(pages), key=lambda one: one.starts_at)]
    assert statuses == [Status.SCHEDULED] * 6 + [Status.CANCELLED_BY_PARENT] * 2


async def test_an_offer_is_taken_back(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        await offer(browser, pages)
        (match,) = matches(pages)
        await send(browser, f"{PATH}/{match.id}/end")
        page = (await browser.get(f"{PATH}/{match.id}")).text

    assert matches(pages)[0].status is MatchStatus.WITHDRAWN
    assert "Taken back" in page


async def test_days_that_were_taken_can_be_booked_once_they_are_free(pages: Pages) -> None:
    there, other = pages.there, taken(pages)
    async with pages.browser(there.coordinator) as browser:
        match = await accepted(browser, pages)
        page = (await browser.get(f"{PATH}/{match.id}")).text
        assert "the tutor has another session then" in page
        assert "Book what is free" not in page
        with pages.database.unit_of_work() as session:
            session.get_one(Appointment, other.id).status = Status.CANCELLED_BY_PARENT
        page = (await browser.get(f"{PATH}/{match.id}")).text
        assert "free by now" in page
        done = [
            await browser.post(f"{PATH}/{match.id}/book", data=hidden_in(page)) for _ in range(2)
        ]

    assert [one.status_code for one in done] == [303, 303]
    assert len(booked(pages)) == 8


async def test_a_trial_has_no_weekly_times_to_change(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        await offer(browser, pages, kind=Kind.TRIAL.value, agreed="1")
        (match,) = matches(pages)
        page = (await browser.get(f"{PATH}/{match.id}")).text

    assert "Change times" not in page
    assert len(booked(pages)) == 1


async def test_a_list_is_searched_by_name(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        await accepted(browser, pages)
        found = (await browser.get(f"{PATH}?name=emi")).text
        nobody = (await browser.get(f"{PATH}?name=zzz")).text

    assert "Emily Lim · Physics" in found
    assert "Nobody of this name here" in nobody


async def test_to_others_the_pages_do_not_exist(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        match = await accepted(browser, pages)
    for person in (pages.there.tutor, pages.there.grace):
        async with pages.browser(person) as browser:
            for path in ("", "/new", f"/{match.id}", f"/{match.id}/times", f"/{match.id}/end"):
                assert (await browser.get(PATH + path)).status_code == 404
            data = {"csrf": pages.token(browser)}
            for path in ("/new", f"/{match.id}/times", f"/{match.id}/end", f"/{match.id}/book"):
                assert (await browser.post(PATH + path, data=data)).status_code == 404
    assert matches(pages)[0].status is MatchStatus.ACCEPTED


async def test_the_first_day_is_filled_in_and_an_empty_one_is_asked_for(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        new = (await browser.get("/admin/matches/new")).text
        emptied = (await send(browser, "/admin/matches/new", starts_on="")).text

    assert re.search(r'name="starts_on" value="2026-11-26"', new)
    assert "Please choose a day." in emptied
    assert 'value="2026-11-26"' not in emptied

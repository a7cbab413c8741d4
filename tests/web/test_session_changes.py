"""Cancelling, and asking for another time, on pages (SPEC 6; UX 5, 10)."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from models import Cancellation, Holiday, RescheduleProposal
from models.enums import Channel, MessageKind, Status
from services.rules.penalties import read_penalty_sheet
from services.sessions.penalty_sheet import Penalties
from tests.builders import NOW
from tests.services.proofs import as_it_stands, every_row, recipients, trail
from tests.services.scenes import Scene, another_session, open_thread
from tests.web.visiting import Pages, hidden_in, send

SHEET = """\
role,notice_hours_min,notice_hours_max,penalty,guidance
parent,0,96,50 % of the fee,Less than four days' notice.
"""
REASONS = {
    "grace": ["child_unwell", "school_event", "family_matter", "schedule_conflict", "other"],
    "tutor": ["unwell", "emergency", "schedule_conflict", "student_unavailable", "other"],
}


def in_three_days(pages: Pages) -> Scene:
    return another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))


def proposals(pages: Pages) -> list[RescheduleProposal]:
    with pages.database.reading() as session:
        return list(session.exec(select(RescheduleProposal)).all())


def with_penalties(pages: Pages, sheet: str = SHEET) -> Penalties:
    penalties = pages.options.setdefault("penalties", Penalties())
    penalties.sheet = read_penalty_sheet(sheet)
    return penalties  # type: ignore[no-any-return]


async def test_the_page_says_until_when_the_penalty_that_it_shows_holds(pages: Pages) -> None:
    with_penalties(pages, SHEET.replace("0,96", "24,96") + "parent,3,24,The whole fee,\n")
    later = in_three_days(pages)
    sooner = another_session(pages.database, pages.there, starts_at=NOW + timedelta(hours=20))
    async with pages.browser(later.grace) as browser:
        half = (await browser.get(f"/sessions/{later.id}/cancel")).text
        whole = (await browser.get(f"/sessions/{sooner.id}/cancel")).text

    assert "Penalty: 50 % of the fee" in half
    assert "After Fri 27 Nov 15:00, the sheet names another penalty." in half
    assert "Penalty: The whole fee" in whole  # three hours before, only a coordinator cancels
    assert "another penalty" not in whole


@pytest.mark.parametrize("who", ["grace", "tutor"])
async def test_reasons_are_those_of_the_role(pages: Pages, who: str) -> None:
    there = in_three_days(pages)
    async with pages.browser(getattr(there, who)) as browser:
        for path in ("cancel", "propose?at=20261130T0700Z"):
            text = (await browser.get(f"/sessions/{there.id}/{path}")).text
            places = [text.index(f'name="reason" value="{one}"') for one in REASONS[who]]
            assert places == sorted(places)
            assert text.count('name="reason"') == len(REASONS[who])


async def test_the_penalty_and_the_waiver_are_shown_and_what_was_shown_is_kept(
    pages: Pages,
) -> None:
    with_penalties(pages)
    there, path = in_three_days(pages), "/cancel"
    page = f"/sessions/{there.id}"
    async with pages.browser(there.grace) as browser:
        text = (await browser.get(page + path)).text
        answer = await send(browser, page + path, reason="family_matter")
        told = (await browser.get(answer.headers["Location"])).text

    for line in (
        "Penalty: 50 % of the fee",
        "Less than four days&#39; notice.",
        "A coordinator can waive a penalty.",
    ):
        assert line in text
    assert "You cancelled this at 15:00" in told
    assert as_it_stands(pages.database, there.id).status is Status.CANCELLED_BY_PARENT
    with pages.database.reading() as session:
        [kept] = session.exec(select(Cancellation)).all()
    assert (kept.penalty, kept.guidance) == ("50 % of the fee", "Less than four days' notice.")
    assert trail(pages.database, there.id)[-1].channel is Channel.WEB
    told_to = set(recipients(pages.database, MessageKind.SESSION_CANCELLED))
    assert told_to == {there.tutor.id, there.daniel.id, None}


async def test_a_request_that_came_meanwhile_is_read_of_before_it_ends(pages: Pages) -> None:
    there = in_three_days(pages)
    path = f"/sessions/{there.id}/cancel"
    typed = {"reason": "other", "text": "We have to move house."}
    async with pages.browser(there.grace) as browser:
        form = hidden_in((await browser.get(path)).text)
        open_thread(pages.database, there)
        again = await browser.post(path, data=form | typed)
        done = await browser.post(path, data=hidden_in(again.text) | typed)

    assert again.status_code == 409
    assert "There is a new request to move it: please read this again." in again.text
    assert "will end, too." in again.text
    assert done.status_code == 303


async def test_a_penalty_that_has_changed_is_read_again_first(pages: Pages) -> None:
    with_penalties(pages)
    there = in_three_days(pages)
    path = f"/sessions/{there.id}/cancel"
    async with pages.browser(there.grace) as browser:
        form = hidden_in((await browser.get(path)).text)
        with_penalties(pages, SHEET.replace("50", "90"))
        answer = await browser.post(
            path, data=form | {"reason": "other", "text": "We have to move house."}
        )

    assert answer.status_code == 409
    assert "The penalty has changed in the meantime: please read it again." in answer.text
    assert "Penalty: 90 % of the fee" in answer.text
    assert "We have to move house.</textarea>" in answer.text
    assert 'value="other" required checked' in answer.text
    assert as_it_stands(pages.database, there.id).status is Status.SCHEDULED


@pytest.mark.parametrize(
    ("typed", "told", "field"),
    [
        ({}, "Please choose a reason.", "reason"),
        ({"reason": "unwell"}, "Please choose a reason.", "reason"),
        ({"reason": "other"}, "Please say why, in a few words.", "text"),
        ({"reason": "other", "text": "x" * 1001}, "longer than 1000 characters", "text"),
    ],
)
async def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(
    pages: Pages, typed: dict[str, str], told: str, field: str
) -> None:
    there = in_three_days(pages)
    async with pages.browser(there.grace) as browser:
        path = f"/sessions/{there.id}/cancel"
        answer = await browser.post(path, data=hidden_in((await browser.get(path)).text) | typed)

    assert answer.status_code == 409
    assert f'id="{field}-error">' in answer.text
    assert f'aria-invalid="true" aria-describedby="{field}-error"' in answer.text
    assert told in answer.text
    assert typed.get("text", "") + "</textarea>" in answer.text
    assert as_it_stands(pages.database, there.id).status is Status.SCHEDULED


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("fri or sun 6pm", ["Sun 29 Nov 18:00"]),
        ("fri or sun", ["Sun 29 Nov"]),
        ("fri or fri 6pm", []),
    ],
)
async def test_a_typed_time_on_a_closed_day_is_not_offered_beside_others(
    pages: Pages, typed: str, offered: list[str]
) -> None:
    there = in_three_days(pages)
    with pages.database.unit_of_work() as session:
        session.add(Holiday(date=date(2026, 11, 27), name="Founders' day"))
    async with pages.browser(there.grace) as browser:
        answer = await browser.get(f"/sessions/{there.id}/propose", params={"typed": typed})

    field = answer.text.partition('<label for="typed">')[2].partition("</form>")[0]
    assert "Fri 27 Nov is a holiday. Please choose another day." in field
    assert (
        re.findall(r'<a class="button" href="[^"]+(?:at|day)=[^"]+">([^<]+)</a>', field) == offered
    )


async def test_of_a_typed_day_that_there_is_not_the_page_says_so(pages: Pages) -> None:
    there = in_three_days(pages)
    async with pages.browser(there.grace) as browser:
        answer = await browser.get(f"/sessions/{there.id}/propose", params={"typed": "31/11 6pm"})

    field = answer.text.partition('<label for="typed">')[2].partition("</form>")[0]
    assert "There is no such day: November 2026 has only 30 days." in field
    assert re.findall(r'href="[^"]+at=[^"]+">([^<]+)</a>', field) == [
        "Mon 30 Nov 18:00",
        "Tue 1 Dec 18:00",
    ]


async def test_inside_four_hours_the_page_says_who_can_help(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(hours=4))
    async with pages.browser(there.grace) as browser:
        for path in ("cancel", "propose"):
            answer = await browser.get(f"/sessions/{there.id}/{path}")
            assert answer.status_code == 409
            assert "In the last four hours only a coordinator can change it" in answer.text


async def test_it_is_rechecked_when_it_is_sent(pages: Pages) -> None:
    there = in_three_days(pages)
    path = f"/sessions/{there.id}/cancel"
    async with pages.browser(there.grace) as browser:
        form = hidden_in((await browser.get(path)).text) | {"reason": "child_unwell"}
        pages.clock.forward(days=2, hours=20)
        answer = await browser.post(path, data=form)

    assert answer.status_code == 409
    assert "In the last four hours" in answer.text
    assert as_it_stands(pages.database, there.id).status is Status.SCHEDULED


@pytest.mark.parametrize(
    ("step", "chosen"),
    [("cancel", ""), ("propose?at=20261126T0700Z", "New time: Thu 26 Nov 15:00\n")],
)
async def test_what_was_written_when_the_four_hours_begin_is_offered_to_the_coordinators(
    pages: Pages, step: str, chosen: str
) -> None:
    starts_at = NOW + timedelta(hours=4, minutes=1)
    there = another_session(pages.database, pages.there, starts_at=starts_at)
    page = f"/sessions/{there.id}/"
    words = {"reason": "other", "text": "We are at the hospital."}
    async with pages.browser(there.grace) as browser:
        form = hidden_in((await browser.get(page + step)).text)
        pages.clock.forward(minutes=1)
        late = await browser.post(page + step.partition("?")[0], data=form | words)
        written = hidden_in(late.text) | words
        again = await browser.post(page + "tell-coordinators", data=written)

    assert late.status_code == 409
    assert "What you wrote is kept: you can send it to them here." in late.text
    assert f'<form class="form" action="{page}tell-coordinators" method="post">' in late.text
    assert f">{chosen}We are at the hospital.</textarea>" in late.text
    assert re.search(r'value="other"[^>]* checked', late.text)
    assert again.status_code == 303


async def test_cancelling_twice_is_the_same_friendly_answer(pages: Pages) -> None:
    there = in_three_days(pages)
    path = f"/sessions/{there.id}/cancel"
    async with pages.browser(there.grace) as browser:
        form = hidden_in((await browser.get(path)).text) | {"reason": "child_unwell"}
        await browser.post(path, data=form)
        again = await browser.post(path, data=form)

    assert again.status_code == 200
    assert "You cancelled this at 15:00" in again.text


async def test_free_times_are_links_and_nothing_is_written_on_the_way(pages: Pages) -> None:
    there = in_three_days(pages)
    page = f"/sessions/{there.id}/propose"
    async with pages.browser(there.grace) as browser:
        before = every_row(pages.database)
        first = (await browser.get(page)).text
        day = (await browser.get(f"{page}?day=2026-11-27")).text
        chosen = (await browser.get(f"{page}?at=20261126T0700Z")).text
        assert every_row(pages.database) == before

    assert f'href="{page}?at=20261126T0700Z">Tomorrow 15:00</a>' in first
    assert first.count("?day=") == 14
    assert f'href="{page}?at=20261127T0200Z" aria-label="Fri 27 Nov 10:00">10:00</a>' in day
    for told in (
        "Thu 26 Nov 15:00-16:30",
        "Instead of Sat 28 Nov 15:00-16:30",
        "Ask the tutor?",
        "They can answer until Sat 28 Nov 15:00. Without an answer by then, the session will not ",
    ):
        assert told in chosen


async def test_for_a_session_weeks_ahead_the_days_around_it_are_offered(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=46))
    page = f"/sessions/{there.id}/propose"
    async with pages.browser(there.grace) as browser:
        first = (await browser.get(page)).text
        earlier = (await browser.get(f"{page}?page=2")).text
        soonest = (await browser.get(f"{page}?page=0")).text
        forged = (await browser.get(f"{page}?page=²9999")).text
        last = (await browser.get(f"{page}?page=99")).text
        typed = (await browser.get(page, params={"typed": "sat 4pm"})).text

    assert re.findall(r"\?at=(\w+)T0700Z", first) == [
        f"202701{day}" for day in ("08", "09", "11", "12", "13")
    ]
    shown = ["?day=2027-01-10" in one for one in (first, forged, earlier, soonest)]
    assert shown == [True, True, False, False]
    assert "?day=2026-11-25" in soonest
    assert re.findall(r"\?page=(\d+)", first) == ["2", "4"]
    assert re.findall(r"\?page=(\d+)", soonest) == ["1"]
    assert re.findall(r"\?page=(\d+)", last) == ["25"]
    assert "Which of these days do you mean?" in typed
    assert {"at=20261128T0800Z", "at=20270109T0800Z"} <= set(re.findall(r"at=\w+", typed))


async def test_a_request_is_sent_once_and_tells_the_other_side(pages: Pages) -> None:
    there = in_three_days(pages)
    page = f"/sessions/{there.id}/propose"
    async with pages.browser(there.grace) as browser:
        form = hidden_in((await browser.get(f"{page}?at=20261126T0700Z")).text)
        form |= {"reason": "school_event", "text": ""}
        answers = [await browser.post(page, data=form) for _ in range(2)]
        told = (await browser.get(answers[0].headers["Location"])).text

    assert [one.status_code for one in answers] == [303, 303]
    assert "You asked to move this at 15:00" in told
    assert "it can be accepted until Thu 26 Nov 15:00. Without an answer by Sat 28 Nov" in told
    [asked] = proposals(pages)
    assert asked.new_starts_at == datetime(2026, 11, 26, 7, tzinfo=UTC)
    assert recipients(pages.database, MessageKind.SESSION_CHANGED) == [there.tutor.id]


async def test_a_typed_time_is_shown_back_and_one_that_cannot_be_is_refused_there(
    pages: Pages,
) -> None:
    there = in_three_days(pages)
    page = f"/sessions/{there.id}/propose"
    async with pages.browser(there.grace) as browser:
        read = await browser.get(page, params={"typed": "fri 4pm"})
        unread = await browser.get(page, params={"typed": "<soon>"})
        past = await browser.get(page, params={"typed": "today 9am"})
        either = await browser.get(page, params={"typed": "sat 5"})
        with_end = await browser.get(page, params={"typed": "sun 10-11"})

    assert "Fri 27 Nov 16:00-17:30" in read.text
    assert (unread.status_code, past.status_code) == (409, 409)
    assert 'value="&lt;soon&gt;"' in unread.text
    assert "That is no day and time that we can read." in unread.text
    assert "That time has passed. Do you mean one of these?" in past.text
    assert "?at=20261126T0100Z" in past.text
    assert "The length stays as it is: 1 h 30 min." in with_end.text
    assert "Sat 28 Nov 17:00-18:30" in either.text


async def test_a_slot_that_was_taken_meanwhile_is_refused_with_others_to_choose(
    pages: Pages,
) -> None:
    there = in_three_days(pages)
    page = f"/sessions/{there.id}/propose"
    async with pages.browser(there.grace) as browser:
        form = hidden_in((await browser.get(f"{page}?at=20261126T0700Z")).text)
        another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=1))
        answer = await browser.post(page, data=form | {"reason": "school_event"})

    assert answer.status_code == 409
    assert "has another session then" in answer.text
    assert "When instead?" in answer.text
    assert proposals(pages) == []


async def test_a_holiday_is_refused_with_a_sentence_and_not_offered(pages: Pages) -> None:
    there = in_three_days(pages)
    with pages.database.unit_of_work() as session:
        session.add(Holiday(date=date(2026, 11, 26), name="Founders' day"))
    page = f"/sessions/{there.id}/propose"
    async with pages.browser(there.grace) as browser:
        offered = await browser.get(page)
        chosen = await browser.get(f"{page}?at=20261126T0700Z")

    assert "20261126T" not in offered.text
    assert "day=2026-11-26" not in offered.text
    assert "Tomorrow is a holiday. Please choose another day." in chosen.text
    assert "When instead?" in chosen.text


async def test_the_other_side_suggests_another_time_without_a_reason(pages: Pages) -> None:
    there = in_three_days(pages)
    open_thread(pages.database, there)
    [asked] = proposals(pages)
    page = f"/sessions/{there.id}/counter"
    async with pages.browser(there.tutor) as browser:
        text = (await browser.get(f"{page}?proposal={asked.id}&at=20261130T0700Z")).text
        answer = await send(browser, page, on=f"{page}?proposal={asked.id}&at=20261130T0700Z")
        older = await browser.get(f"{page}?proposal={asked.id}")

    assert 'name="reason"' not in text
    assert answer.status_code == 303
    assert [one.version for one in proposals(pages)] == [1, 2]
    assert older.status_code == 409


async def test_what_is_written_with_a_suggestion_is_read_by_the_other_side(pages: Pages) -> None:
    there = in_three_days(pages)
    open_thread(pages.database, there)
    [asked] = proposals(pages)
    page, why = f"/sessions/{there.id}/counter", "I have a dentist appointment."
    on = f"{page}?proposal={asked.id}&at=20261130T0700Z"
    async with pages.browser(there.tutor) as browser:
        too_long = await send(browser, page, on=on, text="a" * 1001)
        answer = await send(browser, page, on=on, text=why)
    async with pages.browser(there.grace) as browser:
        text = (await browser.get(f"/sessions/{there.id}")).text

    assert (too_long.status_code, answer.status_code) == (409, 303)
    assert proposals(pages)[-1].text == why
    assert text.count(why) == 2  # beside the time, and in the history


async def test_a_request_of_another_session_is_not_answered_here(pages: Pages) -> None:
    there, other = (
        in_three_days(pages),
        another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=5)),
    )
    open_thread(pages.database, there)
    [asked] = proposals(pages)
    async with pages.browser(there.tutor) as browser:
        form = {"csrf": pages.token(browser), "proposal": str(asked.id)}
        answer = await browser.post(f"/sessions/{other.id}/accept", data=form)
        shown = await browser.get(f"/sessions/{other.id}/counter?proposal={asked.id}")

    assert (answer.status_code, shown.status_code) == (404, 404)
    assert as_it_stands(pages.database, there.id).starts_at == NOW + timedelta(days=3)


@pytest.mark.parametrize("who", ["grace", "tutor"])
async def test_within_four_hours_the_coordinators_are_told_once(pages: Pages, who: str) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(hours=3))
    person, path = getattr(there, who), f"/sessions/{there.id}/tell-coordinators"
    async with pages.browser(person) as browser:
        refused = await browser.get(f"/sessions/{there.id}/cancel")
        assert "only a coordinator can change it" in refused.text
        assert f'href="{path}"' in refused.text
        form = hidden_in((await browser.get(path)).text)
        wrong = await browser.post(path, data=form | {"reason": "other"})
        assert wrong.status_code == 409
        sent = form | {"reason": "other", "text": "The bus does not run."}
        answers = [await browser.post(path, data=sent) for _ in range(2)]
        told = (await browser.get(answers[0].headers["Location"])).text

    assert [one.status_code for one in answers] == [303, 303]
    assert "You told the coordinators" in told
    assert "The bus does not run." in told
    assert recipients(pages.database, MessageKind.LATE_CHANGE_TOLD) == [None]
    assert as_it_stands(pages.database, there.id).status is Status.SCHEDULED


async def test_the_coordinators_are_not_told_of_a_session_that_can_be_changed(pages: Pages) -> None:
    there = in_three_days(pages)
    async with pages.browser(there.grace) as browser:
        path = f"/sessions/{there.id}/tell-coordinators"
        assert (await browser.get(path)).status_code == 409
        data = {"csrf": pages.token(browser), "reason": "child_unwell"}
        assert (await browser.post(path, data=data)).status_code == 409

    assert recipients(pages.database, MessageKind.LATE_CHANGE_TOLD) == []


async def test_a_tutor_tells_the_coordinators_of_a_missed_check_in(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW - timedelta(days=2))
    path = f"/sessions/{there.id}/explain-missed"
    async with pages.browser(there.tutor) as browser:
        assert f'href="{path}"' in (await browser.get(f"/sessions/{there.id}")).text
        asked = (await browser.get(path)).text
        assert "Please say at what times you came and left." in asked
        form = hidden_in(asked)
        assert (await browser.post(path, data=form)).status_code == 409
        sent = form | {"text": "My battery was <empty>."}
        answers = [await browser.post(path, data=sent) for _ in range(2)]
        told = (await browser.get(answers[0].headers["Location"])).text
    async with pages.browser(there.coordinator) as browser:
        shown = (await browser.get(f"/sessions/{there.id}")).text

    assert [one.status_code for one in answers] == [303, 303]
    assert "You told the coordinators" in told
    for page in (told, shown):
        assert "My battery was &lt;empty&gt;." in page
    assert "correct-attendance" in shown
    assert recipients(pages.database, MessageKind.MISSED_EXPLAINED) == [None]
    assert as_it_stands(pages.database, there.id).status is Status.SCHEDULED


async def test_nobody_else_explains_it_and_nothing_that_can_still_be_tapped(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW - timedelta(days=2))
    today = another_session(pages.database, pages.there, starts_at=NOW + timedelta(hours=1))
    for person, about in ((there.grace, there), (there.coordinator, there), (there.tutor, today)):
        async with pages.browser(person) as browser:
            path = f"/sessions/{about.id}/explain-missed"
            assert (await browser.get(path)).status_code in (403, 404, 409)
            data = {"csrf": pages.token(browser), "text": "I was there."}
            assert (await browser.post(path, data=data)).status_code in (403, 404, 409)

    assert recipients(pages.database, MessageKind.MISSED_EXPLAINED) == []

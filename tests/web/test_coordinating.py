"""What coordinators do with a session on its page (SPEC 2, 3, 6, 10)."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from models import Appointment, AuditEvent, Cancellation
from models.enums import Action, Channel, Role, Status
from services.rules.money import Currency
from services.rules.penalties import read_penalty_sheet
from services.sessions.cancellations import cancel_for
from services.sessions.penalty_sheet import Penalties
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.services.proofs import every_row
from tests.services.scenes import Scene, another_session, carry_out, open_thread
from tests.web.visiting import Pages, hidden_in, send

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SHEET = """\
role,notice_hours_min,notice_hours_max,penalty,guidance
tutor,0,96,Half the fee,Less than four days' notice.
"""


def row(pages: Pages, there: Scene) -> Appointment:
    with pages.database.unit_of_work() as session:
        return session.get_one(Appointment, there.id)


def last_event(pages: Pages, there: Scene) -> AuditEvent:
    with pages.database.unit_of_work() as session:
        found = session.exec(
            select(AuditEvent)
            .where(AuditEvent.appointment_id == there.id)
            .order_by(AuditEvent.id.desc())  # type: ignore[attr-defined]
        ).first()
        assert found is not None
        return found


def scheduled(pages: Pages, hours: int = 48) -> Scene:
    return another_session(pages.database, pages.there, starts_at=NOW + hours * HOUR)


def missed(pages: Pages) -> Scene:
    return another_session(pages.database, pages.there, starts_at=NOW - 2 * DAY)


def running(pages: Pages) -> Scene:
    return another_session(
        pages.database, pages.there, starts_at=NOW - HOUR, status=Status.CHECKED_IN
    )


def lost(pages: Pages) -> Scene:
    return another_session(
        pages.database, pages.there, starts_at=NOW - DAY, status=Status.NOT_COMPLETED
    )


def cancelled(pages: Pages) -> Scene:
    there = scheduled(pages)
    sheet = read_penalty_sheet(SHEET)
    carry_out(
        pages.database, cancel_for, there.id, acting(there.coordinator), Role.TUTOR, "Ill.",
        sheet.guidance_for(Role.TUTOR, 2 * HOUR),
    )  # fmt: skip
    return there


@pytest.mark.parametrize(
    ("step", "make", "typed", "status", "action"),
    [
        ("verify", None, {}, Status.APPROVED, Action.VERIFY),
        (
            "correct-attendance", missed, {"times": "15:05-16:20"},
            Status.AWAITING_APPROVAL_PARENT, Action.CORRECT_ATTENDANCE,
        ),
        ("clear-check-in", running, {}, Status.SCHEDULED, Action.CLEAR_CHECK_IN),
        (
            "cancel-for-tutor", scheduled, {}, Status.CANCELLED_BY_TUTOR, Action.CANCEL_FOR_TUTOR,
        ),
        (
            "cancel-for-parent", scheduled, {}, Status.CANCELLED_BY_PARENT,
            Action.CANCEL_FOR_PARENT,
        ),
        ("waive-penalty", cancelled, {}, Status.CANCELLED_BY_TUTOR, Action.WAIVE_PENALTY),
    ],
)  # fmt: skip
async def test_a_step_asks_for_its_reason_and_is_recorded(
    pages: Pages, step: str, make: object, typed: dict[str, Any], status: Status, action: Action
) -> None:
    there = make(pages) if callable(make) else pages.there
    path = f"/sessions/{there.id}/{step}"
    async with pages.browser(there.coordinator) as browser:
        before = every_row(pages.database)
        refused = await send(browser, path, **typed, text=" ")
        assert every_row(pages.database) == before
        done = await send(browser, path, **typed, text="As agreed by phone.")
        shown = await browser.get(done.headers["Location"])

    assert refused.status_code == 409
    assert '<p class="error" id="text-error">' in refused.text
    assert done.status_code == 303
    assert row(pages, there).status is status
    event = last_event(pages, there)
    assert (event.action, event.channel) == (action, Channel.WEB)
    assert event.reason == "As agreed by phone." or action.value.startswith("cancel")
    assert 'role="status">You ' in shown.text


async def test_corrected_times_are_those_that_were_typed(pages: Pages) -> None:
    there = missed(pages)
    path = f"/sessions/{there.id}/correct-attendance"
    async with pages.browser(there.coordinator) as browser:
        wrong = await send(browser, path, times="three o'clock", text="By phone.")
        await send(browser, path, times="15:05-16:20", text="By phone.")

    assert wrong.status_code == 409
    assert '<p class="error" id="times-error">' in wrong.text
    assert 'value="three o&#39;clock"' in wrong.text
    assert "By phone." in wrong.text
    after = row(pages, there)
    start = there.session.starts_at
    assert after.checked_in_at == start + timedelta(minutes=5)
    assert after.checked_out_at == start + timedelta(minutes=80)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("3-4:30", "Mon 23 Nov 15:00-16:30 (1 h 30 min)"),
        ("3pm - 4.30pm", "Mon 23 Nov 15:00-16:30 (1 h 30 min)"),
        ("3:10-2:30", "Mon 23 Nov 15:10 - Tue 24 Nov 02:30 (11 h 20 min)"),
    ],
)
async def test_times_that_are_not_typed_as_they_read_are_shown_back_before_they_count(
    pages: Pages, typed: str, shown: str
) -> None:
    there = missed(pages)
    path = f"/sessions/{there.id}/correct-attendance"
    async with pages.browser(there.coordinator) as browser:
        asked = await send(browser, path, times=typed, text="By phone.")
        before = row(pages, there)
        read = re.search(r'name="times" value="([^"]*)"', asked.text)
        assert read
        done = await send(browser, path, times=read[1], text="By phone.")

    assert asked.status_code == 409
    assert f"Is that {shown}? If so, please press the button again." in asked.text
    assert (before.status, done.status_code) == (Status.SCHEDULED, 303)
    assert row(pages, there).status is Status.AWAITING_APPROVAL_PARENT


async def test_the_penalty_is_shown_before_it_counts(pages: Pages) -> None:
    there = scheduled(pages)
    penalties = pages.options["penalties"] = Penalties()
    penalties.sheet = read_penalty_sheet(SHEET)
    path = f"/sessions/{there.id}/cancel-for-tutor"
    async with pages.browser(there.coordinator) as browser:
        text = (await browser.get(path)).text
        stale = await send(browser, path, text="Ill.", shown="0" * 64)
        await send(browser, path, text="Ill.")

    assert "Penalty: Half the fee" in text
    assert "another penalty" not in text
    assert stale.status_code == 409
    assert "The penalty has changed in the meantime" in stale.text
    with pages.database.unit_of_work() as session:
        assert session.exec(select(Cancellation)).one().penalty == "Half the fee"


async def test_the_penalty_has_its_amount_and_until_when_it_holds(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = scheduled(pages)
    penalties = pages.options["penalties"] = Penalties()
    sheet = (
        "role,notice_hours_min,notice_hours_max,penalty,guidance,amount\n"
        "tutor,24,96,Half the fee,,20\ntutor,3,24,The whole fee,,40\ntutor,0,3,None,,0\n"
    )
    penalties.sheet = read_penalty_sheet(sheet, Currency("SGD", 2))
    near = scheduled(pages, hours=2)
    priced = replace(AGENCY, currency=Currency("SGD", 2))
    monkeypatch.setattr("tests.web.visiting.AGENCY", priced)
    async with pages.browser(there.coordinator) as browser:
        text = (await browser.get(f"/sessions/{there.id}/cancel-for-tutor")).text
        free = (await browser.get(f"/sessions/{near.id}/cancel-for-tutor")).text

    assert "Penalty: Half the fee (SGD\N{NO-BREAK SPACE}20.00)" in text
    assert "You can waive it afterwards." in text
    assert "After Thu 26 Nov 15:00, the sheet names another penalty." in text
    assert "Penalty: None" in free
    assert "You can waive it afterwards." not in free


async def test_a_session_is_moved_to_a_time_that_is_shown_back_first(pages: Pages) -> None:
    there = scheduled(pages)
    path = f"/sessions/{there.id}/move"
    async with pages.browser(there.coordinator) as browser:
        offered = (await browser.get(path)).text
        shown = await browser.get(f"{path}?typed=fri+6pm")
        empty = await send(browser, path, on=f"{path}?typed=fri+6pm", text="")
        done = await send(browser, path, on=f"{path}?typed=fri+6pm", text="The hall is closed.")

    assert "When instead?" in offered
    assert "Fri 27 Nov 18:00-19:30" in shown.text
    assert empty.status_code == 409
    assert "Fri 27 Nov 18:00-19:30" in empty.text
    assert done.status_code == 303
    assert row(pages, there).starts_at == NOW + 2 * DAY + 3 * HOUR


@pytest.mark.parametrize(
    "step", ["move?typed=fri+6pm", "reassign", "cancel-for-tutor", "cancel-for-parent"]
)
async def test_what_ends_an_open_request_says_so_before(pages: Pages, step: str) -> None:
    there = scheduled(pages)
    words = "The open request to move it to Fri 27 Nov 15:00-16:30 will end, too."
    async with pages.browser(there.coordinator) as browser:
        before = (await browser.get(f"/sessions/{there.id}/{step}")).text
        open_thread(pages.database, there)
        after = (await browser.get(f"/sessions/{there.id}/{step}")).text
    async with pages.browser(there.grace) as browser:
        own = (await browser.get(f"/sessions/{there.id}/cancel")).text

    assert [words in one for one in (before, after, own)] == [False, True, True]


@pytest.mark.parametrize(
    "step", ["move?typed=fri+6pm", "reassign", "cancel-for-tutor", "cancel-for-parent"]
)
async def test_a_request_that_came_meanwhile_is_read_of_before_it_ends(
    pages: Pages, step: str
) -> None:
    there, path = scheduled(pages), step.split("?", maxsplit=1)[0]
    with pages.database.unit_of_work() as session:
        tutor = str(builders.tutor(session, name="Nurul Huda").id)
    async with pages.browser(there.coordinator) as browser:
        form = await browser.get(f"/sessions/{there.id}/{step}")
        open_thread(pages.database, there)
        sent = hidden_in(form.text) | {"text": "They telephoned.", "tutor": tutor}
        again = await browser.post(f"/sessions/{there.id}/{path}", data=sent)
        seen = hidden_in(again.text) | {"text": "They telephoned.", "tutor": tutor}
        done = await browser.post(f"/sessions/{there.id}/{path}", data=seen)

    assert again.status_code == 409
    assert "There is a new request to move it: please read this again." in again.text
    assert "to Fri 27 Nov 15:00-16:30 will end, too." in again.text
    assert "They telephoned.</textarea>" in again.text
    assert done.status_code == 303


async def test_a_time_that_is_taken_is_refused_beside_the_times(pages: Pages) -> None:
    there = scheduled(pages)
    another_session(pages.database, there, starts_at=NOW + 3 * DAY)
    path = f"/sessions/{there.id}/move"
    async with pages.browser(there.coordinator) as browser:
        answer = await browser.get(f"{path}?typed=sat+3pm")

    assert answer.status_code == 409
    assert '<p class="error" id="typed-error">' in answer.text


async def test_what_was_moved_meanwhile_is_not_moved_from_where_it_was(pages: Pages) -> None:
    there = scheduled(pages)
    path = f"/sessions/{there.id}/move"
    with pages.database.unit_of_work() as session:
        other = builders.coordinator(session, name="Ben Koh")
    async with pages.browser(other) as mine, pages.browser(there.coordinator) as yours:
        form = await mine.get(f"{path}?typed=fri+6pm")
        await send(yours, path, on=f"{path}?typed=fri+5pm", text="The hall is closed.")
        answer = await mine.post(path, data=hidden_in(form.text) | {"text": "The tutor asked."})

    assert answer.status_code == 409
    assert "Priya Nair moved this at 15:00" in answer.text
    assert row(pages, there).starts_at == NOW + 2 * DAY + 2 * HOUR


async def test_a_session_is_handed_over_to_a_tutor_who_is_free(pages: Pages) -> None:
    there = scheduled(pages)
    with pages.database.unit_of_work() as session:
        free = builders.tutor(session, name="Nur Aisyah")
        busy = builders.tutor(session, name="Raj Kumar")
        other = builders.student(session, name="Ryan Koh")
        builders.appointment(session, tutor=busy, student=other, starts_at=there.session.starts_at)
    path = f"/sessions/{there.id}/reassign"
    async with pages.browser(there.coordinator) as browser:
        text = (await browser.get(path)).text
        nobody = await send(browser, path, text="On leave.")
        taken = await send(browser, path, tutor=str(busy.id), text="On leave.")
        done = await send(browser, path, tutor=str(free.id), text="On leave.")

    assert "Nur Aisyah" in text
    assert "Raj Kumar" not in text
    for answer in (nobody, taken):
        assert answer.status_code == 409
        assert '<p class="error" id="tutor-error">' in answer.text
        assert "On leave." in answer.text
    assert done.status_code == 303
    assert row(pages, there).tutor_id == free.id


async def test_a_lost_session_is_replaced(pages: Pages) -> None:
    there = lost(pages)
    path = f"/sessions/{there.id}/replace"
    async with pages.browser(there.coordinator) as browser:
        done = await send(browser, path, on=f"{path}?typed=fri+6pm", text="Nobody answered.")
        lost_page = (await browser.get(done.headers["Location"])).text

    assert done.status_code == 303
    with pages.database.unit_of_work() as session:
        new = session.exec(select(Appointment).where(Appointment.replaces_id == there.id)).one()
    assert new.starts_at == NOW + 2 * DAY + 3 * HOUR
    assert "You booked the replacement at 15:00" in lost_page
    assert f'href="/sessions/{new.id}">Fri 27 Nov 18:00-19:30</a>' in lost_page
    async with pages.browser(there.grace) as browser:
        assert f'href="/sessions/{there.id}">' in (await browser.get(f"/sessions/{new.id}")).text


async def test_days_for_a_replacement_begin_with_the_lost_sessions_own(pages: Pages) -> None:
    there = lost(pages)
    with pages.database.unit_of_work() as session:
        row = session.get_one(Appointment, there.id)
        row.starts_at, row.ends_at = row.starts_at + 9 * DAY, row.ends_at + 9 * DAY
        own = row.starts_at.astimezone(ZONE).date()
    async with pages.browser(there.coordinator) as browser:
        text = (await browser.get(f"/sessions/{there.id}/replace")).text

    days = re.findall(r"day=(\d{4}-\d\d-\d\d)", text)
    assert days[0] == own.isoformat()
    assert "page=-1" not in text
    assert all(at >= f"{own:%Y%m%d}" for at in re.findall(r"\?at=(\d{8})", text))


async def test_from_the_queue_it_leads_back_there(pages: Pages) -> None:
    there = missed(pages)
    path = f"/sessions/{there.id}/correct-attendance"
    async with pages.browser(there.coordinator) as browser:
        answers = [
            await send(browser, path, on=f"{path}?back={back}", times="no", text="By phone.")
            for back in ("/admin%3Fkind%3Dattendance", "//evil.example", "/admin@evil.example")
        ]
        done = await send(
            browser, path, on=f"{path}?back=/admin%3Fkind%3Dattendance", text="By phone.",
            times="15:00-16:30",
        )  # fmt: skip

    assert 'href="/admin?kind=attendance"' in answers[0].text
    assert not any("evil.example" in one.text for one in answers)
    assert done.headers["Location"].startswith("/admin?kind=attendance&done=")


async def test_the_page_offers_coordinators_what_they_can_do_now(pages: Pages) -> None:
    there = scheduled(pages)
    open_thread(pages.database, there)
    async with pages.browser(there.coordinator) as browser:
        text = (await browser.get(f"/sessions/{there.id}")).text

    for step in ("move", "reassign", "cancel-for-tutor", "cancel-for-parent"):
        assert f'href="/sessions/{there.id}/{step}"' in text
    assert f'href="/sessions/{there.id}/verify"' not in text
    assert "Correct attendance" not in text


async def test_the_question_to_waive_names_the_penalty(pages: Pages) -> None:
    there = cancelled(pages)
    async with pages.browser(there.coordinator) as browser:
        asked = (await browser.get(f"/sessions/{there.id}/waive-penalty")).text

    with pages.database.reading() as session:
        penalty = session.exec(select(Cancellation.penalty)).one()
    assert f"The tutor&#39;s penalty: {penalty}" in asked


STEPS = (
    *("verify", "correct-attendance", "clear-check-in", "cancel-for-tutor", "cancel-for-parent"),
    *("waive-penalty", "move", "reassign", "replace"),
)


@pytest.mark.parametrize("who", ["tutor", "grace", "stranger"])
async def test_nobody_else_can_take_a_step(pages: Pages, who: str) -> None:
    there = scheduled(pages)
    with pages.database.unit_of_work() as session:
        stranger = builders.parent(session, name="Siti Rahman")
    person = stranger if who == "stranger" else getattr(there, who)
    async with pages.browser(person) as browser:
        before = every_row(pages.database)
        for step in STEPS:
            path = f"/sessions/{there.id}/{step}"
            form = {"csrf": pages.token(browser), "text": "Mine.", "times": "15:00-16:00"}
            answers = [await browser.get(path), await browser.post(path, data=form)]
            expected = 404 if who == "stranger" else 409
            assert [one.status_code for one in answers] == [expected, expected], step
        assert every_row(pages.database) == before

"""Acting on everything of a filter: previewed, then told row by row (SPEC 7, 10)."""

import httpx
from sqlmodel import select

from models import Appointment, AuditEvent
from models.enums import Action, DisputeReason, MessageKind, Status
from services.approvals.approvals import acknowledge
from services.approvals.disputes import dispute, return_to_parent
from services.approvals.problem_reports import report_problem
from services.queue.nudging import nudge
from tests import builders
from tests.builders import NOW, acting
from tests.services.matters import DAY, HOUR, matters, over
from tests.services.proofs import every_row, outbox_rows
from tests.services.scenes import Scene, another_session, carry_out
from tests.web.admin.test_acting import kinds_to
from tests.web.admin.test_queue import keys_in
from tests.web.visiting import Pages, hidden_in
from web.admin.queue.bulk import GATHERED

SILENT = "kind=unanswered"


def silent(pages: Pages, number: int) -> list[Scene]:
    """Sessions whose parents have not answered for over 48 hours."""
    return [
        another_session(pages.database, pages.there, **over(starts_at=NOW - (3 + one) * DAY))
        for one in range(number)
    ]


def statuses(pages: Pages, sessions: list[Scene]) -> list[Status]:
    with pages.database.unit_of_work() as session:
        return [session.get_one(Appointment, one.id).status for one in sessions]


async def press(browser: httpx.AsyncClient, query: str, **typed: str) -> httpx.Response:
    opened = await browser.get(f"/admin/bulk?{query}")
    assert opened.status_code == 200, opened.text
    return await browser.post("/admin/bulk", data=hidden_in(opened.text) | typed)


async def test_the_queue_leads_there_with_its_filter(pages: Pages) -> None:
    silent(pages, 2)
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get(f"/admin?{SILENT}&text=emily")).text

    assert 'href="/admin/bulk?kind=unanswered&amp;text=emily"' in text


async def test_where_nothing_waits_nothing_is_asked(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get(f"/admin/bulk?{SILENT}&do=verify")).text

    assert "Nothing of this waits now." in text
    for other in ("0 will be verified", "What cannot be done", 'action="/admin/bulk"'):
        assert other not in text


async def test_the_preview_changes_nothing(pages: Pages) -> None:
    sessions = silent(pages, 3)
    async with pages.browser(pages.there.coordinator) as browser:
        before = every_row(pages.database)
        text = (await browser.get(f"/admin/bulk?{SILENT}&do=verify")).text

    assert "3 will be verified" in text
    assert "Nothing stands against it." in text
    assert every_row(pages.database) == before
    assert set(statuses(pages, sessions)) == {Status.AWAITING_APPROVAL_PARENT}


async def test_all_that_is_silent_is_verified_with_one_reason(pages: Pages) -> None:
    sessions = silent(pages, 3)
    async with pages.browser(pages.there.coordinator) as browser:
        empty = await press(browser, f"{SILENT}&do=verify", text="")
        assert set(statuses(pages, sessions)) == {Status.AWAITING_APPROVAL_PARENT}
        done = await press(browser, f"{SILENT}&do=verify", text="Nobody answered for days.")

    assert empty.status_code == 409
    assert '<p class="error" id="text-error">' in empty.text
    assert "3 will be verified" in empty.text
    assert "3 done" in done.text
    assert set(statuses(pages, sessions)) == {Status.APPROVED}
    with pages.database.unit_of_work() as session:
        found = session.exec(select(AuditEvent).where(AuditEvent.action == Action.VERIFY)).all()
    assert [one.reason for one in found] == ["Nobody answered for days."] * 3
    told = outbox_rows(pages.database, MessageKind.SESSION_VERIFIED)
    assert {(one.person_id, one.due_at) for one in told} == {
        (person.id, NOW + GATHERED)
        for person in (pages.there.grace, pages.there.daniel, pages.there.tutor)
    }
    assert len(told) == 9


async def test_what_speaks_against_verifying_is_shown_with_the_sessions(pages: Pages) -> None:
    reported, returned, _ = silent(pages, 3)
    there = pages.there
    carry_out(pages.database, report_problem, reported.id, acting(there.daniel), "Late.", None)
    actor = acting(there.grace, NOW - 2 * DAY - HOUR)
    carry_out(pages.database, dispute, returned.id, actor, DisputeReason.CONDUCT, None)
    back = acting(there.coordinator, NOW - 2 * DAY - HOUR)
    carry_out(pages.database, return_to_parent, 1, back, "Please look again.")
    async with pages.browser(there.coordinator) as browser:
        text = (await browser.get(f"/admin/bulk?{SILENT}&do=verify")).text
        nudges = (await browser.get(f"/admin/bulk?{SILENT}&do=nudge")).text

    assert "3 will be verified" in text
    for why, one in (
        ("A problem report is still open", reported),
        ("A parent disputed this, and it was returned to them", returned),
    ):
        listed = text[text.index(why) :].partition("</ul>")[0]
        assert f'href="/sessions/{one.id}"' in listed
        assert listed.count("href=") == 1
    assert "Nothing stands against it." not in text
    assert "Look at these first" not in nudges


async def test_what_changed_after_the_preview_is_refused_by_itself(pages: Pages) -> None:
    first, second = silent(pages, 2)
    async with pages.browser(pages.there.coordinator) as browser:
        opened = await browser.get(f"/admin/bulk?{SILENT}&do=verify")
        carry_out(pages.database, acknowledge, first.id, acting(pages.there.grace))
        later = silent(pages, 1)
        form = hidden_in(opened.text) | {"text": "Nobody answered."}
        done, again = [await browser.post("/admin/bulk", data=form) for _ in range(2)]

    for answer in (done, again):  # a reload sends it again
        made, _, refused = answer.text.partition("1 refused")
        assert "1 done" in made
        assert "Emily Lim · Mathematics, Sat 21 Nov 15:00-16:30" in made
        assert "Emily Lim · Mathematics, Sun 22 Nov 15:00-16:30" in refused
        assert "Grace Lim acknowledged this at 15:00" in refused
    assert statuses(pages, [second, *later]) == [
        Status.APPROVED,
        Status.AWAITING_APPROVAL_PARENT,  # was not in what was shown
    ]


async def test_a_nudge_of_all_names_whom_it_does_not_reach_and_why(pages: Pages) -> None:
    reached, nudged = silent(pages, 2)
    carry_out(pages.database, nudge, nudged.id, acting(pages.there.coordinator, NOW - HOUR))
    with pages.database.unit_of_work() as session:
        orphan = builders.student(session, name="Ryan Koh")
        alone = builders.appointment(
            session, tutor=pages.there.tutor, student=orphan, **over(starts_at=NOW - 9 * DAY)
        )
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get(f"/admin/bulk?{SILENT}&do=nudge")).text
        done = await press(browser, f"{SILENT}&do=nudge")

    assert "1 will be nudged" in text
    assert "You asked for the answer again at 14:00. You can do it again" in text
    assert "The bot cannot reach anybody who could answer." in text
    assert "Ryan Koh" in text
    assert "1 done" in done.text
    assert kinds_to(pages, MessageKind.ACKNOWLEDGEMENT_DUE) == {
        pages.there.grace.id, pages.there.daniel.id,
    }  # fmt: skip
    with pages.database.unit_of_work() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action == Action.NUDGE)).all()
    assert [one.appointment_id for one in events] == [nudged.id, reached.id]
    assert alone.id not in {one.appointment_id for one in events}


async def test_reports_messages_and_files_are_settled_at_once(pages: Pages) -> None:
    matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        for query, act in (
            ("kind=problem", "close"),
            ("kind=file", "send-again"),
            ("kind=delivery", "set-aside"),
            ("kind=delivery", "send-again"),
            ("kind=dispute", "verify"),
            ("kind=request", "nudge"),
            ("kind=late-change", "done"),
            ("kind=replacement", "done"),
        ):
            done = await press(browser, f"{query}&do={act}", text="Seen with both.")
            assert "1 done" in done.text, (query, done.text)
        text = (await browser.get("/admin")).text

    assert [key.rpartition("-")[0] for key in keys_in(text)] == [
        "request", "attendance", "unanswered", "unanswered",
        "note_file",
    ]  # fmt: skip


async def test_there_is_nothing_at_once_for_everything_or_for_attendance(pages: Pages) -> None:
    matters(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        for query in ("", "kind=attendance", "kind=nothing"):
            assert (await browser.get(f"/admin/bulk?{query}")).status_code == 404
        text = (await browser.get("/admin?kind=attendance")).text
    assert "/admin/bulk" not in text

"""All sessions by person, child, status, day and flag; and one more of them (SPEC 2, 10)."""

import re
from datetime import timedelta
from html import unescape

from sqlmodel import select

from models import Appointment
from models.enums import Kind, MessageKind, Status
from tests import builders
from tests.builders import NOW
from tests.services.matters import DAY, HOUR, over
from tests.services.proofs import every_row
from tests.services.scenes import another_session
from tests.web.admin.test_acting import kinds_to
from tests.web.visiting import Pages, send

NEW = "/admin/sessions/new"


def listed(text: str) -> list[int]:
    return [
        int(one) for one in re.findall(r'<td class="numbers"><a href="/sessions/(\d+)[?"]', text)
    ]


async def ids(pages: Pages, query: str = "") -> list[int]:
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await browser.get(f"/admin/sessions{query}")
    assert answer.status_code == 200, answer.text
    return listed(answer.text)


async def test_sessions_are_found_by_what_the_address_says(pages: Pages) -> None:
    there, database = pages.there, pages.database
    missed = another_session(database, there, starts_at=NOW - 4 * DAY)
    open_ended = another_session(database, there, starts_at=NOW - 5 * DAY, status=Status.CHECKED_IN)
    late = another_session(
        database, there, **over(checked_in_at=NOW - 3 * DAY + timedelta(minutes=5))
    )
    short = another_session(
        database, there,
        **over(starts_at=NOW - 6 * DAY, checked_out_at=NOW - 6 * DAY + timedelta(minutes=40)),
    )  # fmt: skip
    with database.unit_of_work() as session:
        tutor = builders.tutor(session, name="Nur Aisyah")
        parent = builders.parent(session, name="Siti Rahman")
        child = builders.student(session, [parent], name="Aisha Rahman")
        other = builders.appointment(
            session, tutor=tutor, student=child, subject="Malay", starts_at=NOW + DAY
        )
    pages.note(appointment_id=late.id)
    day = (NOW - 4 * DAY).date().isoformat()
    own = [there.id, late.id, missed.id, open_ended.id, short.id]

    for query, found in (
        ("", [other.id, *own]),
        (f"?person={tutor.id}", [other.id]),
        (f"?person={parent.id}", [other.id]),
        (f"?child={there.student.id}", own),
        ("?text=malay", [other.id]),
        ("?text=aisha", [other.id]),
        ("?status=scheduled", [other.id, missed.id]),
        ("?status=missed_check_in", [missed.id]),
        ("?status=missed_check_out", [open_ended.id]),
        ("?flag=late_start", [late.id]),
        ("?flag=early_leave", [short.id]),
        ("?flag=short", [short.id]),
        ("?flag=no_notes", [there.id, short.id]),
        (f"?from={day}&to={day}", [missed.id]),
        ("?status=nonsense&person=x&from=never", [other.id, *own]),
    ):
        assert await ids(pages, query) == found, query


async def test_seven_days_are_seven_with_today(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        text = unescape((await browser.get("/admin/sessions")).text)

    assert '?from=2026-11-25&to=2026-12-01">Next 7 days</a>' in text
    assert '?from=2026-11-19&to=2026-11-25">Last 7 days</a>' in text


async def test_days_that_are_often_wanted_are_one_tap(pages: Pages) -> None:
    soon = another_session(pages.database, pages.there, starts_at=NOW + 2 * DAY)
    another_session(pages.database, pages.there, starts_at=NOW + 20 * DAY)
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get("/admin/sessions?status=scheduled")).text
    found = re.search(r'<a href="([^"]+)">Next 7 days</a>', text)

    assert found
    query = found[1].removeprefix("/admin/sessions").replace("&amp;", "&")
    assert "status=scheduled" in query
    assert await ids(pages, query) == [soon.id]


async def test_flags_are_looked_for_in_sixty_days_unless_a_first_day_is_given(
    pages: Pages,
) -> None:
    old = another_session(
        pages.database, pages.there, **over(starts_at=NOW - 61 * DAY, checked_in_at=NOW - 60 * DAY)
    )

    assert old.id not in await ids(pages, "?flag=late_start")
    assert await ids(pages, "?flag=late_start&from=2026-01-01") == [old.id]


async def test_pages_follow_each_other_by_key(pages: Pages) -> None:
    for hours in range(1, 54):
        another_session(pages.database, pages.there, starts_at=NOW + hours // 2 * 2 * HOUR)
    async with pages.browser(pages.there.coordinator) as browser:
        first = await browser.get("/admin/sessions?child=1")
        more = re.search(r'rel="next" href="([^"]+)"', first.text)
        assert more
        another_session(pages.database, pages.there, starts_at=NOW + 99 * HOUR)
        second = await browser.get(more[1].replace("&amp;", "&"))

    both = listed(first.text) + listed(second.text)
    assert len(listed(first.text)) == 50
    assert len(both) == len(set(both)) == 54
    assert 'rel="next"' not in second.text


async def test_a_session_is_scheduled_with_what_is_usual(pages: Pages) -> None:
    there = pages.there
    async with pages.browser(there.coordinator) as browser:
        found = (await browser.get(f"{NEW}?q=emi")).text
        form = (await browser.get(f"{NEW}?child={there.student.id}")).text
        answer = await send(
            browser, NEW, on=f"{NEW}?child={there.student.id}", tutor=str(there.tutor.id),
            subject="Science", day="2026-11-28", time="10:30", length="75", kind="trial",
        )  # fmt: skip
        shown = await browser.get(answer.headers["Location"])

    assert f'href="{NEW}?child={there.student.id}"' in found
    assert 'value="Mathematics"' in form
    assert "You scheduled this at 15:00" in shown.text
    with pages.database.unit_of_work() as session:
        new = session.exec(select(Appointment).where(Appointment.subject == "Science")).one()
    assert (new.kind, new.status) == (Kind.TRIAL, Status.SCHEDULED)
    assert new.ends_at - new.starts_at == timedelta(minutes=75)
    assert kinds_to(pages, MessageKind.SESSION_SCHEDULED) == {
        there.tutor.id, there.grace.id, there.daniel.id,
    }  # fmt: skip


async def test_what_cannot_be_scheduled_is_refused_beside_its_field(pages: Pages) -> None:
    there = pages.there
    another_session(pages.database, there, starts_at=NOW + 3 * DAY)
    right = {
        "tutor": str(there.tutor.id), "subject": "Science", "day": "2026-11-29", "time": "10:00",
        "length": "60", "kind": "regular",
    }  # fmt: skip
    async with pages.browser(there.coordinator) as browser:
        before = every_row(pages.database)
        for wrong, field in (
            ({"day": "2026-11-28", "time": "15:30"}, "day"),
            ({"day": "2026-11-20"}, "day"),
            ({"day": ""}, "day"),
            ({"length": "5"}, "length"),
            ({"length": "long"}, "length"),
            ({"subject": " "}, "subject"),
            ({"subject": "x" * 61}, "subject"),
            ({"tutor": str(there.grace.id)}, "tutor"),
            ({"kind": "adhoc"}, "kind"),
        ):
            typed: dict[str, str] = right | wrong
            answer = await send(
                browser, NEW, on=f"{NEW}?child={there.student.id}", files=(), **typed
            )
            assert answer.status_code == 409, wrong
            assert f'id="{field}-error"' in answer.text, wrong
            assert f'value="{typed["length"]}"' in answer.text
        assert every_row(pages.database) == before


async def test_a_time_that_is_taken_is_said_together_with_a_missing_subject(pages: Pages) -> None:
    there = pages.there
    another_session(pages.database, there, starts_at=NOW + 3 * DAY)
    form = {
        "tutor": str(there.tutor.id), "subject": "", "day": "2026-11-28", "time": "15:30",
        "length": "60", "kind": "adhoc",
    }  # fmt: skip
    async with pages.browser(there.coordinator) as browser:
        answer = await send(browser, NEW, on=f"{NEW}?child={there.student.id}", files=(), **form)

    assert answer.status_code == 409
    for field in ("day", "subject", "kind"):
        assert f'id="{field}-error"' in answer.text, field


async def test_a_child_that_is_not_there_is_not_found(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        assert (await browser.get(f"{NEW}?child=99")).status_code == 404

"""Extra sessions logged on a page: a table that keeps what was typed (SPEC 7, 10)."""

import re
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from models import Appointment
from models.enums import Channel, Kind, Status
from tests import builders
from tests.builders import NOW
from tests.services.proofs import every_row, trail
from tests.web.visiting import Pages, hidden_in, send

PATH = "/tutor/adhoc"


def logged(pages: Pages) -> list[Appointment]:
    with pages.database.reading() as session:
        found = session.exec(
            select(Appointment)
            .where(Appointment.kind == Kind.ADHOC)
            .order_by(col(Appointment.starts_at))
        )
        return list(found.all())


def row(number: int, *values: str) -> dict[str, Any]:
    """A row of the table: child, day, start, minutes, topic."""
    fields = ("student", "day", "start", "minutes", "topic")
    return {f"{field}-{number}": value for field, value in zip(fields, values, strict=True)}


def errors_in(page: str) -> dict[str, str]:
    """What stands beside each field."""
    return dict(re.findall(r'<p class="error" id="([\w-]+)-error">([^<]*)</p>', page))


async def test_rows_are_checked_shown_back_and_logged_together(pages: Pages) -> None:
    child = str(pages.there.student.id)
    rows = row(1, child, "2026-11-20", "15:00", "90", "exam revision") | row(
        3, child, "21/11", "9am", "1 h", "fractions"
    )
    async with pages.browser(pages.there.tutor) as browser:
        before = every_row(pages.database)
        shown = await send(browser, PATH, step="check", **rows)
        assert shown.status_code == 200
        for text in (
            "Is that right?",
            "exam revision",
            "Fri 20 Nov 15:00-16:30 (1 h 30 min)",
            "Sat 21 Nov 09:00-10:00 (1 h)",
            "2 sessions, 2 h 30 min altogether",
        ):
            assert text in shown.text
        assert every_row(pages.database) == before
        kept = hidden_in(shown.text)
        changed = await browser.post(PATH, data=kept | {"step": "change"})
        assert 'value="exam revision"' in changed.text
        assert 'value="21/11"' in changed.text
        answer = await browser.post(PATH, data=kept | {"step": "log"})
        again = await browser.post(PATH, data=kept | {"step": "log"})
        told = await browser.get(answer.headers["Location"])

    assert (answer.status_code, again.headers["Location"]) == (303, answer.headers["Location"])
    assert "You logged 2 extra sessions at 15:00" in told.text
    first, second = logged(pages)
    assert [(one.subject, one.status) for one in (first, second)] == [
        ("exam revision", Status.AWAITING_APPROVAL_PARENT),
        ("fractions", Status.AWAITING_APPROVAL_PARENT),
    ]
    assert f'href="/sessions/{first.id}"' in told.text
    assert trail(pages.database, first.id)[0].channel is Channel.WEB


async def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    pages: Pages,
) -> None:
    child = str(pages.there.student.id)
    with pages.database.unit_of_work() as session:
        stranger = builders.student(session, name="Zoe Ong")
    day = (NOW - timedelta(days=3)).date().isoformat()
    rows: dict[str, Any] = {
        **row(1, child, "2026-11-25", "13:00", "60", "over the other one"),
        **row(2, child, day, "15:00", "5", "short"),
        **row(3, child, day, "", "60", "no start"),
        **row(4, str(stranger.id), day, "15:00", "60", "not mine"),
        **row(5, child, "2026-10-01", "15:00", "60", "long ago"),
        **row(6, child, "2026-11-25", "14:30", "60", "not over"),
        **row(7, child, day, "10:00", "60", "<b>fine</b>"),
        **row(8, child, day, "10:30", "60", "over line seven"),
        **row(9, child, day, "12:00", "", ""),
        **row(10, child, day, "17:00", "60", ""),
        **row(11, "", day, "18:00", "60", "no child"),
    }
    async with pages.browser(pages.there.tutor) as browser:
        before = every_row(pages.database)
        answer = await send(browser, PATH, step="check", **rows | {"rows": "12"})
        text = answer.text
        forced = await browser.post(
            PATH, data=hidden_in(text) | rows | {"rows": "12", "step": "log"}
        )

    assert answer.status_code == forced.status_code == 409
    assert errors_in(text) == {
        "day-1": "Emily had another session then (Wed 25 Nov 13:30-15:00).",
        "minutes-2": "A session lasts between 15 min and 8 h.",
        "day-3": "Day and start are both needed.",
        "student-4": "Choose a child whom you teach.",
        "day-5": "That is more than 31 days ago. Ask a coordinator.",
        "day-6": "It is not over yet. Log it when it is.",
        "day-8": "This is at the same time as session 7.",
        "minutes-9": "How many minutes did it last?",
        "topic-9": "What was it about? Write a few words.",
        "topic-10": "What was it about? Write a few words.",
        "student-11": "Choose a child whom you teach.",
    }
    assert "10 rows need correcting. Nothing is logged yet." in text
    assert 'value="&lt;b&gt;fine&lt;/b&gt;"' in text
    assert every_row(pages.database) == before


async def test_all_that_is_wrong_with_a_row_is_told_at_once(pages: Pages) -> None:
    async with pages.browser(pages.there.tutor) as browser:
        bad = row(1, "", "someday", "soon", "long", "x" * 300)
        answer = await send(browser, PATH, step="check", **bad)

    assert sorted(errors_in(answer.text)) == ["day-1", "minutes-1", "student-1", "topic-1"]
    assert "One row needs correcting." in answer.text


async def test_an_empty_table_more_rows_and_their_limit(pages: Pages) -> None:
    async with pages.browser(pages.there.tutor) as browser:
        teaching = await browser.get("/tutor")
        empty = await send(browser, PATH, step="check")
        more = await send(
            browser, PATH, step="more", **dict[str, Any]({"rows": "3", "topic-1": "kept"})
        )
        full = await send(browser, PATH, step="more", rows="999999999999")

    assert f'href="{PATH}"' in teaching.text
    assert (empty.status_code, "Fill in at least one row." in empty.text) == (409, True)
    assert 'name="topic-6"' in more.text
    assert 'value="kept"' in more.text
    assert 'name="topic-7"' not in more.text
    assert full.status_code == 200


async def test_it_is_for_tutors_with_a_child(pages: Pages) -> None:
    with pages.database.unit_of_work() as session:
        newcomer = builders.tutor(session, name="Ryan Koh")
    async with pages.browser(pages.there.grace) as browser:
        assert (await browser.get(PATH)).status_code == 409
        token = pages.token(browser)
        forged = await browser.post(PATH, data={"csrf": token, "step": "log"})
        assert forged.status_code == 409
    async with pages.browser(newcomer) as browser:
        assert "You have not taught anybody yet" in (await browser.get(PATH)).text
        for given in ("1.2", "x", "1.99999999999999999999", "0.1", "."):
            assert (await browser.get(PATH, params={"logged": given})).status_code == 200
    assert logged(pages) == []

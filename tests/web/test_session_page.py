"""A session's page: what it shows to whom, and what one button does (SPEC 3, 5, 6, 10)."""

import re
from datetime import timedelta

import pytest

from models import Person
from models.enums import Action, ChangeReason, Channel, DisputeReason, Kind, MessageKind, Status
from services.approvals import problem_reports
from services.approvals.disputes import dispute
from services.lifecycle.actors import Source
from services.reschedules.negotiation import propose
from services.sessions.coordinator_actions import reassign
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.services.proofs import as_it_stands, every_row, recipients, trail
from tests.services.scenes import another_session, carry_out, open_thread, with_cards
from tests.web.test_notes import summed_up
from tests.web.visiting import Pages, send

FILE = ("files", ("board.jpg", b"photograph", "image/jpeg"))
QUOTED = 'Reason:</span><blockquote class="small">'


async def shown(pages: Pages, person: Person, about: int) -> str:
    async with pages.browser(person) as browser:
        answer = await browser.get(f"/sessions/{about}")
    assert answer.status_code == 200
    return answer.text


def offered(text: str) -> list[str]:
    """The addresses of the page's buttons and of the links that look like them."""
    return re.findall(r'(?:action|class="button[^"]*" href)="/sessions/\d+/([a-z-]+)', text)


async def test_a_trial_says_so_on_its_page_and_in_lists(pages: Pages) -> None:
    there = another_session(
        pages.database, pages.there, kind=Kind.TRIAL, starts_at=NOW + timedelta(days=2)
    )
    for person, start in (
        (there.coordinator, ""),
        (there.grace, "/family?tab=upcoming"),
        (there.tutor, "/tutor?tab=upcoming"),
    ):
        page = await shown(pages, person, there.id)
        assert re.search(r"<dt>Kind</dt>\s*<dd[^>]*>Trial</dd>", page)
        assert "<dt>Kind</dt>" not in await shown(pages, person, pages.there.id)
        if start:
            async with pages.browser(person) as browser:
                assert ">Trial</span>" in (await browser.get(start)).text


async def test_the_tutor_checks_in_and_out_and_marks_the_student_absent(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(minutes=10))
    page = f"/sessions/{there.id}"
    with_cards(pages.database, there)
    async with pages.browser(there.tutor) as browser:
        answer = await send(browser, f"{page}/check-in", on=page)
        told = (await browser.get(answer.headers["Location"])).text
        assert "You checked in at 15:00" in told
        assert recipients(pages.database, MessageKind.APPOINTMENT_CARD_REFRESH)
        pages.clock.forward(minutes=90)
        await send(browser, f"{page}/check-out", on=page)
        await send(browser, f"{page}/mark-absent", on=page)
        text = (await browser.get(page)).text

    row = as_it_stands(pages.database, there.id)
    assert (row.status, row.student_absent) == (Status.AWAITING_APPROVAL_PARENT, True)
    assert "student absent" in text
    assert "Student present" in text
    events = trail(pages.database, there.id)
    assert [one.action for one in events] == [
        Action.CHECK_IN,
        Action.CHECK_OUT,
        Action.MARK_ABSENT,
    ]
    assert {one.channel for one in events} == {Channel.WEB}
    assert recipients(pages.database, MessageKind.APPOINTMENT_CARD) == [
        there.grace.id,
        there.daniel.id,
    ]


async def test_what_is_not_possible_yet_says_when_it_opens(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(minutes=47))

    text = await shown(pages, there.tutor, there.id)

    assert offered(text) == ["tell-coordinators"]
    assert "<b>Check in</b>: Check-in opens in 17 minutes (15:17)" in text
    assert "<b>Change time, Cancel</b>: This session starts at 15:47." in text


async def test_days_ahead_the_day_and_the_time_at_which_check_in_opens_are_enough(
    pages: Pages,
) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=13))

    text = await shown(pages, there.tutor, there.id)

    assert "<b>Check in</b>: Check-in opens on Tue 8 Dec at 14:30<" in text


async def test_an_open_request_stands_on_top_with_its_answers_and_deadline(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    open_thread(pages.database, there)

    text = await shown(pages, there.tutor, there.id)

    assert offered(text) == ["accept", "counter", "reject", "cancel"]
    for told in (
        "Grace Lim asked to move this session",
        "Fri 27 Nov 15:00-16:30",
        "Reason: School event",
        "You can accept until Fri 27 Nov 15:00. Without an answer by Sat 28 Nov 15:00,",
    ):
        assert told in text


@pytest.mark.parametrize(
    ("answer", "who", "starts_in"),
    [("accept", "tutor", 2), ("reject", "tutor", 3), ("withdraw", "grace", 3)],
)
async def test_a_request_is_answered_by_one_button(
    pages: Pages, answer: str, who: str, starts_in: int
) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    open_thread(pages.database, there)
    page = f"/sessions/{there.id}"
    async with pages.browser(getattr(there, who)) as browser:
        sent = await send(browser, f"{page}/{answer}", on=page)
        text = (await browser.get(sent.headers["Location"])).text

    assert as_it_stands(pages.database, there.id).starts_at == NOW + timedelta(days=starts_in)
    assert offered(text)[:1] != ["accept"]
    assert recipients(pages.database, MessageKind.SESSION_CHANGED)


async def test_a_parent_acknowledges_and_the_other_reads_who_did(pages: Pages) -> None:
    there, page = pages.there, f"/sessions/{pages.there.id}"
    async with pages.browser(there.grace) as grace, pages.browser(there.daniel) as daniel:
        first = await send(grace, f"{page}/acknowledge", on=page)
        told = (await grace.get(first.headers["Location"])).text
        late, again = [
            await browser.post(f"{page}/acknowledge", data={"csrf": pages.token(browser)})
            for browser in (daniel, grace)
        ]

    assert "You acknowledged this at 15:00" in told
    assert late.status_code == 409
    assert "Grace Lim acknowledged this at 15:00" in late.text
    assert again.status_code == 303


async def test_a_lost_session_can_be_asked_for_again(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, status=Status.NOT_COMPLETED)
    page = f"/sessions/{there.id}"
    async with pages.browser(there.grace) as browser:
        sent = await send(browser, f"{page}/ask-replacement", on=page)
        text = (await browser.get(sent.headers["Location"])).text

    assert "You asked for a replacement at 15:00" in text
    assert "You asked for a replacement on Wed 25 Nov at 15:00" in text
    assert recipients(pages.database, MessageKind.REPLACEMENT_ASKED) == [None]
    assert "ask-replacement" not in offered(text)


async def test_the_history_tells_who_did_what_and_why(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    page = f"/sessions/{there.id}"
    async with pages.browser(there.grace) as browser:
        await send(
            browser,
            f"{page}/propose",
            on=f"{page}/propose?at=20261129T0700Z",
            reason="school_event",
        )
    async with pages.browser(there.tutor) as browser:
        await send(browser, f"{page}/reject", on=page)

    text = await shown(pages, there.daniel, there.id)
    history = text[text.index('id="history"') :]

    assert history.index("Grace Lim asked to move this on Wed 25 Nov at 15:00") < history.index(
        "Tan Wei Ming declined the new time on Wed 25 Nov at 15:00"
    )
    assert "School event" in history


async def test_a_record_has_dates_since_it_is_printed_and_kept(pages: Pages) -> None:
    there = pages.there
    pages.note(text="Halves and thirds.")
    async with pages.browser(there.grace) as grace, pages.browser(there.coordinator) as other:
        await send(grace, f"/sessions/{there.id}/report-problem", text="The door was locked.")
        await send(grace, f"/sessions/{there.id}/dispute", reason="conduct", text="He shouted.")
        found = [
            (await grace.get(f"/sessions/{there.id}")).text,
            (await other.get(f"/sessions/{there.id}")).text,
            (await other.get("/admin/disputes/1")).text,
            (await other.get("/admin/problems/1")).text,
        ]

    for text in found:
        told = " ".join(re.findall(r">([^<>]+)<", text[text.index("<main") :]))
        assert "on Wed 25 Nov at 15:00" in told
        assert re.findall(r"(?i)\b(?:today|yesterday|tomorrow)\b|(?<!Nov) at \d\d:\d\d", told) == []
    assert "As of Wed 25 Nov 2026, 15:00" in found[0]


async def test_a_problem_report_is_not_in_the_tutors_history(pages: Pages) -> None:
    path = f"/sessions/{pages.there.id}/report-problem"
    async with pages.browser(pages.there.grace) as browser:
        answer = await send(browser, path, text="He came late.")
        told = (await browser.get(answer.headers["Location"])).text

    assert "You reported a problem" in told
    for other in (pages.there.tutor, pages.there.daniel):
        text = await shown(pages, other, pages.there.id)
        assert ("reported a problem" in text, "He came late." in text) == (False, False)


async def test_who_reported_a_problem_reads_where_it_stands(pages: Pages) -> None:
    there = pages.there
    async with pages.browser(there.grace) as browser:
        await send(browser, f"/sessions/{there.id}/report-problem", text="He came late.")
    new = await shown(pages, there.grace, there.id)
    coordinator = acting(there.coordinator)
    carry_out(pages.database, problem_reports.claim, 1, coordinator)
    carry_out(pages.database, problem_reports.reply, 1, coordinator, "We ask him.", Source(5, 6))
    answered = await shown(pages, there.grace, there.id)

    assert "The coordinators have it and will look into it." in new
    assert "Priya Nair" in answered
    assert "We ask him.</blockquote>" in answered
    assert "Reason:" not in answered


async def test_the_tutor_judges_the_summary(pages: Pages) -> None:
    pages.note(text="Halves and thirds.")
    summed_up(pages)
    page = f"/sessions/{pages.there.id}"
    async with pages.browser(pages.there.tutor) as browser:
        right = await send(browser, f"{page}/summary-is-right", on=page)
        assert right.status_code == 303
        empty = await send(
            browser, f"{page}/summary-is-wrong", on=f"{page}/summary-is-wrong?summary=1"
        )
        assert (empty.status_code, "Please say why" in empty.text) == (409, True)
        wrong = await send(
            browser,
            f"{page}/summary-is-wrong",
            on=f"{page}/summary-is-wrong?summary=1",
            text="It was decimals.",
        )
        assert wrong.status_code == 303
    text = await shown(pages, pages.there.grace, pages.there.id)

    assert "The tutor says the summary was not right." in text
    assert "Fractions went well." not in text


async def test_nobody_else_is_told_that_the_session_exists(pages: Pages) -> None:
    there = pages.there
    with pages.database.unit_of_work() as session:
        others = [builders.tutor(session), builders.parent(session)]
        child = builders.student(session, [others[1]])
        builders.appointment(session, tutor=others[0], student=child)
    page = f"/sessions/{there.id}"
    ways = ("", "/cancel", "/propose", "/dispute", "/report-problem", "/add-notes", "/counter")
    acts = (
        *("check-in", "check-out", "mark-absent", "accept", "reject", "withdraw", "acknowledge"),
        *("ask-replacement", "summary-is-right", "summary-is-wrong", "cancel", "propose"),
        *("counter", "dispute", "report-problem", "add-notes", "remove-note"),
    )
    for other in others:
        async with pages.browser(other) as browser:
            before = every_row(pages.database)
            for way in ways:
                assert (await browser.get(page + way)).status_code == 404, way
            form = {"proposal": "1", "summary": "1", "part": "1", "reason": "other"}
            form["csrf"] = pages.token(browser)
            for act in acts:
                answer = await browser.post(f"{page}/{act}", data=form | {"text": "x"})
                assert answer.status_code == 404, act
            assert every_row(pages.database) == before


async def test_a_former_tutor_is_told_that_another_has_the_session(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    with pages.database.unit_of_work() as session:
        other = builders.tutor(session, name="Raj Kumar")
    carry_out(
        pages.database, reassign, there.id, acting(there.coordinator), other.id, "On leave.",
        seen=there.tutor.id, zone=AGENCY.zone,
    )  # fmt: skip
    told = "Another tutor has taken over this session."
    async with pages.browser(there.tutor) as browser:
        former = [await browser.get(f"/sessions/{there.id}{way}") for way in ("", "/cancel")]
    async with pages.browser(other) as browser:
        own = await browser.get(f"/sessions/{there.id}")
        foreign = await browser.get(f"/sessions/{pages.there.id}")

    assert [(one.status_code, told in one.text) for one in former] == [(404, True)] * 2
    assert (own.status_code, foreign.status_code) == (200, 404)
    assert told not in foreign.text


async def test_without_signing_in_nothing_is_shown_or_done(pages: Pages) -> None:
    before = every_row(pages.database)
    async with pages.browser() as browser:
        for path in ("", "/cancel", "/add-notes"):
            answer = await browser.get(f"/sessions/{pages.there.id}{path}")
            assert (answer.status_code, "Emily" in answer.text) == (401, False)
        for act in ("acknowledge", "add-notes", "dispute"):
            posted = await browser.post(f"/sessions/{pages.there.id}/{act}", files=[FILE])
            assert posted.status_code == 401
    assert every_row(pages.database) == before


async def test_the_history_says_what_was_asked_for_and_why_in_the_words_that_were_written(
    pages: Pages,
) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    carry_out(
        pages.database,
        propose,
        there.id,
        acting(there.grace),
        NOW + timedelta(days=3, hours=2),
        ChangeReason.OTHER,
        "The <b>swim</b> meet is at four.",
        zone=ZONE,
    )

    for person in (there.grace, there.tutor, there.coordinator):
        page, _, text = (await shown(pages, person, there.id)).partition("History</h2>")
        assert "<p>Reason:</p><blockquote>The &lt;b&gt;swim" in page
        assert "asked to move this on Wed 25 Nov at 15:00" in text
        assert ": Sat 28 Nov 17:00" in text
        assert f"{QUOTED}The &lt;b&gt;swim&lt;/b&gt; meet is at four.</blockquote>" in text

    async with pages.browser(there.coordinator) as browser:
        log = (await browser.get(f"/admin/log?session={there.id}")).text
    assert ">Asked for: Sat 28 Nov 17:00<" in log
    assert f"{QUOTED}The &lt;b&gt;swim&lt;/b&gt; meet is at four.</blockquote>" in log


async def test_the_words_of_a_dispute_stand_in_the_history_but_not_in_the_tutors(
    pages: Pages,
) -> None:
    there, why = pages.there, "He looked at his telephone."
    reason = DisputeReason.CONDUCT
    carry_out(pages.database, dispute, there.id, acting(there.grace), reason, why)

    read = {
        person.name: why in (await shown(pages, person, there.id)).partition("History</h2>")[2]
        for person in (there.grace, there.tutor, there.coordinator)
    }

    assert read == {there.grace.name: True, there.tutor.name: False, there.coordinator.name: True}


@pytest.mark.parametrize(
    ("status", "readers", "told"),
    [
        (Status.CANCELLED_BY_TUTOR, ("grace", "tutor"), "No notes."),
        (Status.NOT_COMPLETED, ("grace", "tutor"), "No notes."),
        (Status.SCHEDULED, ("tutor",), "No notes yet. What you send after the session appears"),
        (Status.SCHEDULED, ("grace",), "No notes yet. What the tutor sends after the session"),
    ],
)
async def test_where_notes_will_be_is_said_to_whom_it_is_true(
    pages: Pages, status: Status, readers: tuple[str, ...], told: str
) -> None:
    at = NOW + timedelta(days=2)
    there = another_session(pages.database, pages.there, status=status, starts_at=at)

    for name in readers:
        text = await shown(pages, getattr(there, name), there.id)
        assert f'<p class="empty">{told}' in text

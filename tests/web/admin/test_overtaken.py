"""What a coordinator wrote is shown where somebody was first, and who and when (SPEC 2; UX 19)."""

from datetime import timedelta

import httpx
import pytest

from models import Person
from models.enums import Role, Status
from models.matters import Matter
from services.approvals import disputes, problem_reports
from services.approvals.approvals import acknowledge
from services.queue.dealing import deal_with
from services.sessions.cancellations import cancel_for
from tests import builders
from tests.builders import NOW, acting
from tests.services.matters import matters
from tests.services.proofs import as_it_stands, every_row
from tests.services.scenes import another_session, carry_out
from tests.web.visiting import Pages, hidden_in

WORDS = "We spoke with both & wrote it down."
SHOWN = "We spoke with both &amp; wrote it down."
UNSENT = "What you wrote was not sent"


def said(answer: httpx.Response) -> str:
    """What the page says before its rows."""
    return answer.text.partition('<main id="main">')[2].partition('<ol class="rows')[0]


def colleague(pages: Pages) -> Person:
    with pages.database.unit_of_work() as session:
        return builders.coordinator(session, name="Marcus Lee")


@pytest.mark.parametrize("is_own", [True, False])
async def test_a_reply_to_a_report_that_was_closed_meanwhile_is_shown_with_who_closed_it(
    pages: Pages, is_own: bool
) -> None:
    waiting = matters(pages.database, pages.there)
    key, number = waiting["problem"], int(waiting["problem"].partition("-")[2])
    closer = pages.there.coordinator if is_own else colleague(pages)
    async with pages.browser(pages.there.coordinator) as browser:
        opened = await browser.get(f"/admin?kind=problem&item={key}&do=reply")
        carry_out(pages.database, problem_reports.close, number, acting(closer))
        form = hidden_in(opened.text) | {"query": "kind=problem", "text": WORDS}
        before = every_row(pages.database)
        answer = await browser.post(f"/admin/queue/{key}/reply", data=form)

    assert answer.status_code == 409
    who = "You" if is_own else "Marcus Lee"
    told = said(answer)
    assert f"{who} closed the report at 15:00: <a" in told
    assert f': <a href="/sessions/{waiting.sessions["problem"]}">' in told
    assert " · English, " in told
    assert UNSENT in told
    assert SHOWN in told
    assert every_row(pages.database) == before


async def test_what_was_written_about_one_matter_never_stands_in_the_form_of_another(
    pages: Pages,
) -> None:
    waiting = matters(pages.database, pages.there)
    with pages.database.unit_of_work() as session:
        report = problem_reports.report_problem(
            session, pages.there.id, acting(pages.there.grace), "The room was locked.", None
        )
        other = f"problem-{report.id}"
    key, number = waiting["problem"], int(waiting["problem"].partition("-")[2])
    async with pages.browser(pages.there.coordinator) as browser:
        opened = await browser.get(f"/admin?kind=problem&item={key}&do=reply")
        carry_out(pages.database, problem_reports.close, number, acting(colleague(pages)))
        form = hidden_in(opened.text) | {"query": "kind=problem", "text": WORDS}
        answer = await browser.post(f"/admin/queue/{key}/reply", data=form)
        late = await browser.get(f"/admin?kind=problem&item={key}&do=reply")

    for page in (answer, late):
        assert f'id="{other}" aria-current="true"' in page.text
        assert "<textarea" not in page.text
    assert "This is not waiting any more: <a" in said(late)


@pytest.mark.parametrize("place", ["queue", "page"])
async def test_a_reason_is_shown_where_a_colleague_has_settled_the_dispute(
    pages: Pages, place: str
) -> None:
    waiting = matters(pages.database, pages.there)
    path = f"/admin/queue/{waiting['dispute']}/verify"
    at = "/admin/disputes/1" if place == "page" else f"/admin?item={waiting['dispute']}&do=verify"
    async with pages.browser(pages.there.coordinator) as browser:
        form = hidden_in((await browser.get(at)).text) | {"text": WORDS}
        by = acting(colleague(pages))
        carry_out(pages.database, disputes.uphold, 1, by, "Forty minutes.")
        answer = await browser.post(path, data=form)

    assert answer.status_code == 409
    assert "Marcus Lee upheld the dispute at 15:00" in answer.text
    assert UNSENT in answer.text
    assert f">{SHOWN}</blockquote>" in answer.text


async def test_what_one_has_done_in_the_chat_is_told_and_what_was_written_now_is_shown(
    pages: Pages,
) -> None:
    waiting = matters(pages.database, pages.there)
    path = f"/admin/queue/{waiting['dispute']}/uphold"
    by = acting(pages.there.coordinator)
    async with pages.browser(pages.there.coordinator) as browser:
        opened = await browser.get(f"/admin?item={waiting['dispute']}&do=uphold")
        carry_out(pages.database, disputes.uphold, 1, by, "Forty minutes.")
        pages.clock.forward(minutes=20)
        other = await browser.post(path, data=hidden_in(opened.text) | {"text": WORDS})
        same = await browser.post(path, data=hidden_in(opened.text) | {"text": "Forty minutes."})

    for answer in (other, same):
        assert "You upheld the dispute at 15:00: <a" in said(answer)
    assert f">{SHOWN}</blockquote>" in said(other)
    assert UNSENT not in same.text


async def test_what_one_has_dealt_with_oneself_is_said_and_not_as_a_refusal(pages: Pages) -> None:
    waiting = matters(pages.database, pages.there)
    key, number = waiting["replacement"], waiting.sessions["replacement"]
    async with pages.browser(pages.there.coordinator) as browser:
        form = hidden_in((await browser.get(f"/admin?item={key}")).text)
        with pages.database.unit_of_work() as session:
            deal_with(session, Matter.REPLACEMENT, number, acting(pages.there.coordinator))
        answer = await browser.post(f"/admin/queue/{key}/done", data=form)

    assert answer.status_code == 200
    assert 'role="status">You dealt with this at 15:00: <a' in said(answer)


async def test_a_reason_typed_on_a_sessions_page_is_shown_where_the_parent_was_first(
    pages: Pages,
) -> None:
    there = pages.there
    path = f"/sessions/{there.id}/verify"
    async with pages.browser(there.coordinator) as browser:
        form = hidden_in((await browser.get(path)).text) | {"text": WORDS}
        carry_out(pages.database, acknowledge, there.id, acting(there.grace))
        answer = await browser.post(path, data=form)

    assert answer.status_code == 409
    assert "Grace Lim acknowledged this at 15:00" in answer.text
    assert f">{SHOWN}</blockquote>" in answer.text


async def test_words_of_a_family_are_shown_where_the_agency_has_cancelled(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    path = f"/sessions/{there.id}/cancel"
    async with pages.browser(there.grace) as browser:
        form = hidden_in((await browser.get(path)).text) | {"reason": "other", "text": "swimming"}
        by = acting(there.coordinator)
        why = "The room is closed."
        carry_out(pages.database, cancel_for, there.id, by, Role.TUTOR, why, None)
        answer = await browser.post(path, data=form)

    assert answer.status_code == 409
    assert UNSENT in answer.text
    assert ">swimming</blockquote>" in answer.text


async def test_a_form_that_comes_twice_is_not_told_as_lost(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    path = f"/sessions/{there.id}/cancel"
    async with pages.browser(there.grace) as browser:
        form = hidden_in((await browser.get(path)).text) | {"reason": "other", "text": WORDS}
        await browser.post(path, data=form)
        again = await browser.post(path, data=form)

    assert 'role="status">You cancelled this at 15:00' in again.text
    assert again.text.count(SHOWN) >= 1
    assert UNSENT not in again.text
    assert as_it_stands(pages.database, there.id).status is Status.CANCELLED_BY_PARENT


async def test_corrected_times_are_shown_too_and_the_way_leads_back_to_the_queue(
    pages: Pages,
) -> None:
    waiting = matters(pages.database, pages.there)
    number = waiting.sessions["attendance"]
    path = f"/sessions/{number}/correct-attendance"
    typed = {"times": "15:05-16:30", "text": WORDS, "back": "/admin?kind=attendance"}
    async with pages.browser(pages.there.coordinator) as browser:
        form = hidden_in((await browser.get(path)).text) | typed
        by, why = acting(colleague(pages)), "Nobody came."
        carry_out(pages.database, cancel_for, number, by, Role.TUTOR, why, None)
        answer = await browser.post(path, data=form)

    assert "Marcus Lee cancelled this for the tutor" in answer.text
    assert ">15:05-16:30</blockquote>" in answer.text
    assert f">{SHOWN}</blockquote>" in answer.text
    assert '<p class="back"><a href="/admin?kind=attendance">Queue</a></p>' in answer.text

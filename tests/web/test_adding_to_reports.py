"""A parent answers in their problem report on the session's page (SPEC 5, 10)."""

import re

import httpx
from sqlmodel import select

from models import EvidenceFile, ProblemReply, ProblemReport
from models.enums import MessageKind, ProblemStatus, Role
from services.approvals import problem_reports
from services.lifecycle.actors import Source
from tests import files
from tests.builders import acting
from tests.services.proofs import recipients
from tests.services.scenes import carry_out
from tests.web.visiting import Pages, hidden_in, send

ANSWER = "I was at home."
PHOTO = ("door.jpg", files.jpeg_photo(), "image/jpeg")


def replied(pages: Pages, *, closed: bool = False) -> str:
    """Grace has reported a problem, and Priya has replied; the path of the session."""
    there, priya = pages.there, acting(pages.there.coordinator)
    made = carry_out(
        pages.database,
        problem_reports.report_problem,
        there.id,
        acting(there.grace),
        "Nobody came.",
        Source(4711, 1),
    )
    carry_out(
        pages.database, problem_reports.reply, made.id, priya, "Were you in?", Source(-100, 2)
    )
    if closed:
        carry_out(pages.database, problem_reports.close, made.id, priya)
    return f"/sessions/{there.id}"


def answers(pages: Pages) -> list[tuple[int, str]]:
    with pages.database.reading() as session:
        found = session.exec(select(ProblemReply).where(ProblemReply.role == Role.PARENT)).all()
    return [(one.report_id, one.text) for one in found]


def own_report(text: str) -> str:
    return text.partition('id="report-1"')[2].partition("</section>")[0]


async def answered(browser: httpx.AsyncClient, page: str, text: str) -> httpx.Response:
    """Send the form of the report on the session's page."""
    opened = await browser.get(page)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', own_report(opened.text)))
    return await browser.post(f"{page}/add-to-report", data=fields | {"text": text})


async def test_the_author_answers_in_the_report_once(pages: Pages) -> None:
    page = replied(pages)
    async with pages.browser(pages.there.grace) as browser:
        opened = await browser.get(page)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', own_report(opened.text)))
        for _ in range(2):
            answer = await browser.post(
                f"{page}/add-to-report", data=fields | {"text": f" {ANSWER} "}
            )
        told = (await browser.get(answer.headers["Location"])).text

    assert "Your answer" in own_report(opened.text)
    assert answers(pages) == [(1, ANSWER)]
    assert recipients(pages.database, MessageKind.PROBLEM_ADDED_TO) == [pages.there.coordinator.id]
    assert '<p class="notice good" role="status">You added to the report at 15:00</p>' in told
    own = own_report(told)
    assert "Were you in?</blockquote>" in own
    assert own.index("You added to the report") < own.index(f"{ANSWER}</blockquote>")
    assert "Add to it" in own


async def test_coordinators_read_it_on_the_reports_page_and_in_the_queue(pages: Pages) -> None:
    page = replied(pages)
    async with pages.browser(pages.there.coordinator) as browser:
        before = (await browser.get("/admin/problems/1")).text
    async with pages.browser(pages.there.grace) as browser:
        await answered(browser, page, ANSWER)
    async with pages.browser(pages.there.coordinator) as browser:
        whole = (await browser.get("/admin/problems/1")).text
        queue = (await browser.get("/admin?item=problem-1")).text

    assert ("Waits for the parent" in before, "Waits for the parent" in whole) == (True, False)
    assert '<span class="chip warn">Claimed</span>' in whole
    assert f"{ANSWER}</blockquote>" in whole
    assert f"{ANSWER}</blockquote>" in queue
    assert '<span class="soft small">Grace Lim added to the report at 15:00</span>' in queue


async def test_what_is_missing_is_said_at_its_field_and_what_is_too_long_stays(
    pages: Pages,
) -> None:
    page = replied(pages)
    async with pages.browser(pages.there.grace) as browser:
        empty = await answered(browser, page, " ")
        long = await answered(browser, page, "x" * 1001)

    assert (empty.status_code, long.status_code) == (409, 409)
    assert 'id="text-1-error">Please write a few words first.' in own_report(empty.text)
    assert 'aria-describedby="text-1-error"' in own_report(empty.text)
    assert "x" * 1001 in own_report(long.text)
    assert answers(pages) == []


async def test_a_closed_report_says_so_and_offers_another(pages: Pages) -> None:
    page = replied(pages, closed=True)
    async with pages.browser(pages.there.grace) as browser:
        own = own_report((await browser.get(page)).text)

    assert "This report is closed." in own
    assert "<form" not in own
    assert f'href="{page}/report-problem">Report a problem</a>' in own


async def test_what_was_written_while_it_was_closed_is_not_lost(pages: Pages) -> None:
    page = replied(pages)
    async with pages.browser(pages.there.grace) as browser:
        opened = await browser.get(page)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', own_report(opened.text)))
        carry_out(pages.database, problem_reports.close, 1, acting(pages.there.coordinator))
        late = await browser.post(f"{page}/add-to-report", data=fields | {"text": ANSWER})

    assert late.status_code == 409
    assert "Priya Nair closed the report at 15:00" in late.text
    assert "What you wrote was not sent" in late.text
    assert f">{ANSWER}</blockquote>" in late.text
    assert answers(pages) == []


async def test_report_a_problem_goes_on_with_the_report_that_is_open(pages: Pages) -> None:
    page = replied(pages)
    async with pages.browser(pages.there.grace) as browser:
        asked = (await browser.get(f"{page}/report-problem")).text
        answer = await send(browser, f"{page}/report-problem", text=ANSWER, files=[PHOTO])
        told = (await browser.get(answer.headers["Location"])).text

    assert "Your report on this session is open: what you write here is added to it." in asked
    assert "You added to the report at 15:00" in told
    assert answers(pages) == [(1, ANSWER)]
    with pages.database.reading() as session:
        assert [one.status for one in session.exec(select(ProblemReport)).all()] == [
            ProblemStatus.CLAIMED
        ]
        assert [one.report_id for one in session.exec(select(EvidenceFile)).all()] == [1]


async def test_nobody_else_adds_to_it(pages: Pages) -> None:
    page, there = replied(pages), pages.there
    for person in (there.daniel, there.tutor, there.coordinator):
        async with pages.browser(person) as browser:
            opened = (await browser.get("/devices")).text
            token = hidden_in(opened)["csrf"]
            for number in ("1", "x", "99"):
                given = {"csrf": token, "report": number, "text": ANSWER}
                answer = await browser.post(f"{page}/add-to-report", data=given)
                assert answer.status_code == 404
    assert answers(pages) == []

"""Billing months on pages: closing with a preview, statements, exports, marks (SPEC 7, 10)."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from sqlmodel import select

from models import BillingMonth, Guardianship, StatementMark
from models.enums import Kind, Status
from services.approvals.approvals import acknowledge
from tests import builders
from tests.builders import NOW, acting
from tests.services.billing.scenes import IN_OCTOBER, PRICED, close, held, held_unanswered
from tests.services.packages.scenes import awaiting
from tests.services.proofs import as_it_stands, every_row
from tests.services.scenes import carry_out
from tests.web.admin.test_packages import WithMoney
from tests.web.visiting import Pages, hidden_in, send

OCTOBER, NOVEMBER = "/admin/billing/2026-10", "/admin/billing/2026-11"


@pytest.fixture
def pages(pages: Pages) -> WithMoney:
    """Pages of an agency with a currency; Emily had sessions in October and November."""
    held(pages.database, pages.there, IN_OCTOBER)
    held(pages.database, pages.there, NOW)
    return WithMoney.of(pages)


def cells(text: str) -> list[str]:
    """What the numbers of a page's tables say."""
    return re.findall(r'<td class="number[^"]*">([^<]*)</td>', text)


async def test_a_month_is_closed_after_a_preview_and_once(pages: WithMoney) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        months = (await browser.get("/admin/billing")).text
        assert re.findall(r"<b>(\w+ 2026)</b>", months) == ["November 2026", "October 2026"]
        preview = await browser.get(f"{OCTOBER}/close")
        assert "Close October 2026?" in preview.text
        assert "SGD\N{NO-BREAK SPACE}120.00" in cells(preview.text)
        for _ in range(2):
            data = {"csrf": pages.token(browser)}
            assert (await browser.post(f"{OCTOBER}/close", data=data)).status_code == 303
        assert "Closed" in (await browser.get(OCTOBER)).text
        assert (await browser.get(f"{OCTOBER}/close")).status_code == 404
        running = await browser.post(f"{NOVEMBER}/close", data={"csrf": pages.token(browser)})
        assert "not over yet" in running.text

    with pages.database.reading() as session:
        assert len(session.exec(select(BillingMonth)).all()) == 1


async def test_a_month_and_the_question_to_close_it_name_sessions_without_a_price(
    pages: WithMoney,
) -> None:
    there = pages.there
    free = held(pages.database, there, IN_OCTOBER + timedelta(days=1), price=None, pay=None)
    unpaid = held(pages.database, there, IN_OCTOBER + timedelta(days=2), pay=None)
    line = r'<li><a href="/sessions/(\d+)">Emily Lim · [^<]+</a> <span class="soft">([^<]+)</span>'
    missing = [(str(free.id), "no price, no pay"), (str(unpaid.id), "no pay")]
    async with pages.browser(there.coordinator) as browser:
        month, question = [(await browser.get(one)).text for one in (OCTOBER, f"{OCTOBER}/close")]
        running = (await browser.get(NOVEMBER)).text
        pay = (await browser.get(f"{OCTOBER}/tutor/{there.tutor.id}")).text
        close(pages.database, there)
        closed = (await browser.get(OCTOBER)).text

    assert re.findall(line, month) == re.findall(line, question) == missing
    assert "only an amount on a later statement makes up for that" in question
    assert "2 sessions have no pay: they are counted, but not in the sum." in pay
    for other in (running, closed):
        assert "Held without a price" not in other


async def test_what_a_closed_month_left_out_is_verified_from_its_page(pages: WithMoney) -> None:
    late = held_unanswered(pages.database, pages.there, IN_OCTOBER)
    close(pages.database, pages.there)
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get(OCTOBER)).text
        way = re.search(r'href="(/admin/bulk[^"]+)">Verify all that wait over 48 hours<', text)
        assert way
        preview = (await browser.get(unescape(way[1]))).text
        assert "1 will be verified" in preview
        done = await browser.post("/admin/bulk", data=hidden_in(preview) | {"text": "Held."})

    assert done.status_code == 200
    assert as_it_stands(pages.database, late.id).status is Status.APPROVED


async def test_a_closed_statement_prints_the_same_in_every_form(pages: WithMoney) -> None:
    there = pages.there
    late = held_unanswered(pages.database, there, IN_OCTOBER)
    close(pages.database, there)
    address = f"{OCTOBER}/family/{there.student.id}"

    async def every_form(browser: httpx.AsyncClient) -> list[bytes]:
        return [
            (await browser.get(f"{address}?as={form}")).content for form in ("csv", "xlsx", "print")
        ]

    async with pages.browser(there.coordinator) as browser:
        before = await every_form(browser)
        carry_out(pages.database, acknowledge, late.id, acting(there.grace))
        with pages.database.unit_of_work() as session:
            session.merge(there.student).name = "Another Name"
        assert await every_form(browser) == before
        adjusted = (await browser.get(f"{NOVEMBER}/family/{there.student.id}")).text
        assert (await browser.get(f"{address}?as=doc")).status_code == 404
        whole = await browser.get(f"{OCTOBER}?as=csv")

    assert "Came after its month was closed" in adjusted
    assert "Emily Lim" in before[0].decode()
    assert whole.headers["Content-Disposition"] == 'attachment; filename="statements-2026-10.csv"'
    assert "120.00" in whole.text


async def test_amounts_and_marks_are_entered_on_statements(pages: WithMoney) -> None:
    there = pages.there
    close(pages.database, there)
    family, pay = f"{NOVEMBER}/family/{there.student.id}", f"{OCTOBER}/tutor/{there.tutor.id}"
    async with pages.browser(there.coordinator) as browser:
        for typed, reason, field in (("ten", "x", "amount"), ("-15.50", "", "reason")):
            wrong = await send(browser, f"{family}/amount", on=family, amount=typed, reason=reason)
            assert wrong.status_code == 409
            assert f'id="{field}-error">' in wrong.text
        done = await send(browser, f"{family}/amount", on=family, amount="-15.50", reason="A gift")
        assert done.status_code == 303
        shown = (await browser.get(family)).text
        assert "-SGD\N{NO-BREAK SPACE}15.50" in cells(shown)
        assert "Adjusted: A gift" in shown
        assert (await send(browser, f"{pay}/mark", on=pay, mark="held_back")).status_code == 409
        async with pages.browser(there.tutor) as tutors:
            for mark in ("held_back", "paid"):
                answer = await send(
                    browser, f"{pay}/mark", on=pay, mark=mark, reason="No report yet"
                )
                assert answer.status_code == 303
                own = (await tutors.get("/tutor/statement?month=2026-10")).text
                assert ("Held back: No report yet" in own) is (mark == "held_back")
        assert "Paid" in (await browser.get(pay)).text
        assert "Paid" in (await browser.get(OCTOBER)).text
    async with pages.browser(there.tutor) as browser:
        own = (await browser.get("/tutor/statement?month=2026-10")).text
    assert "Paid" in own
    assert "SGD\N{NO-BREAK SPACE}75.00" in cells(own)
    with pages.database.reading() as session:
        assert len(session.exec(select(StatementMark)).all()) == 2


async def test_a_family_and_a_tutor_read_their_own_statements_only(pages: WithMoney) -> None:
    there = pages.there
    before = every_row(pages.database)
    for who, path, sum_ in (
        (there.grace, "/family/statement", "120.00"),
        (there.daniel, f"/family/statement?child={there.student.id}&month=2026-10", "120.00"),
        (there.tutor, "/tutor/statement", "75.00"),
    ):
        async with pages.browser(who) as browser:
            text = (await browser.get(path)).text
            assert f"SGD\N{NO-BREAK SPACE}{sum_}" in cells(text)
            page = path.partition("?")[0]
            as_csv = await browser.get(f"{page}?as=csv")
            assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
            assert "Nothing in this month" in (await browser.get(f"{page}?month=2026-01")).text
            for wrong in ("month=2027-01", "month=x"):
                assert (await browser.get(f"{page}?{wrong}")).status_code == 404
    async with pages.browser(there.grace) as browser:
        assert (await browser.get("/family/statement?child=99")).status_code == 404
    for who, path in ((there.tutor, "/family/statement"), (there.grace, "/tutor/statement")):
        async with pages.browser(who) as browser:
            assert (await browser.get(path)).status_code == 409
    after = every_row(pages.database)
    for name in ("sign_in_link", "web_session", "audit_event"):
        del before[name], after[name]
    assert after == before


async def test_what_names_another_familys_child_is_not_shown(pages: WithMoney) -> None:
    """Two children had the same parents when October was closed; now one has another."""
    there = pages.there
    with pages.database.unit_of_work() as session:
        ryan = builders.student(session, [there.grace, there.daniel], name="Ryan Lim")
        aunt = builders.parent(session, name="Aunt Lim")
    held(pages.database, there, IN_OCTOBER, student=ryan)
    close(pages.database, there)
    with pages.database.unit_of_work() as session:
        session.add(Guardianship(person_id=aunt.id, student_id=there.student.id))
    async with pages.browser(aunt) as browser:
        text = (await browser.get("/family/statement?month=2026-10")).text
    assert "Nothing in this month" in text
    assert "Ryan" not in text


async def test_a_family_reads_one_statement_whichever_child_it_comes_from(
    pages: WithMoney,
) -> None:
    """Emily has lines in both months, Ryan in none: no button promises a statement of his own."""
    there = pages.there
    with pages.database.unit_of_work() as session:
        ryan = builders.student(session, [there.grace, there.daniel], name="Ryan Lim")
    close(pages.database, there)
    async with pages.browser(there.grace) as browser:
        for month in ("2026-10", "2026-11"):
            text = (await browser.get(f"/family/statement?child={ryan.id}&month={month}")).text
            assert "SGD\N{NO-BREAK SPACE}120.00" in cells(text)
            assert "Nothing in this month for Ryan Lim." in text
            assert f'href="/family?child={ryan.id}"' in text
            assert 'class="children"' not in text


async def test_children_who_were_of_two_families_have_a_statement_each(pages: WithMoney) -> None:
    there = pages.there
    with pages.database.unit_of_work() as session:
        aunt = builders.parent(session, name="Aunt Lim")
        ryan = builders.student(session, [aunt], name="Ryan Lim")
        builders.appointment(
            session,
            tutor=there.tutor,
            student=ryan,
            starts_at=IN_OCTOBER + timedelta(days=1),
            status=Status.APPROVED,
            **PRICED,
        )
    close(pages.database, there)
    with pages.database.unit_of_work() as session:
        session.add(Guardianship(person_id=aunt.id, student_id=there.student.id))
    async with pages.browser(aunt) as browser:
        text = (await browser.get(f"/family/statement?child={ryan.id}&month=2026-10")).text
    offered = re.findall(r'\?child=(\d+)&amp;month=2026-10"( aria-current="page")?>([^<]+)<', text)
    assert offered == [
        (str(there.student.id), "", "Emily Lim"),
        (str(ryan.id), ' aria-current="page"', "Ryan Lim"),
    ]
    assert cells(text)[-1] == "SGD\N{NO-BREAK SPACE}120.00"


async def test_a_family_reads_before_it_answers_what_an_extra_session_costs(
    pages: WithMoney,
) -> None:
    there = pages.there
    extra = awaiting(
        pages.database,
        there,
        NOW - timedelta(days=1),
        kind=Kind.ADHOC,
        billed_as_addon=1,
        **PRICED,
    )
    async with pages.browser(there.grace) as browser:
        row = (await browser.get(f"/family?child={there.student.id}&tab=awaiting")).text
        page = (await browser.get(f"/sessions/{extra.id}")).text
    async with pages.browser(there.tutor) as browser:
        of_tutor = (await browser.get(f"/sessions/{extra.id}")).text
    assert "Billed as an extra session: SGD\N{NO-BREAK SPACE}120.00" in row
    assert "SGD\N{NO-BREAK SPACE}120.00" in page
    assert "Billed as an extra session" not in of_tutor


async def test_a_long_month_comes_in_pages_and_every_sum_is_of_the_whole(
    pages: WithMoney, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.admin.billing.A_PAGE", 1)
    with pages.database.unit_of_work() as session:
        tutor = builders.tutor(session, name="Ravi Kumar")
        for starts_at in (NOW - timedelta(days=2), NOW - timedelta(days=1)):
            builders.appointment(
                session,
                tutor=tutor,
                student=pages.there.student,
                starts_at=starts_at,
                status=Status.APPROVED,
            )
    async with pages.browser(pages.there.coordinator) as browser:
        first, second, third = [
            (await browser.get(f"{NOVEMBER}?page={number}")).text for number in (1, 2, 3)
        ]

    named = [re.findall(r'/tutor/\d+">([^<]+)<', text) for text in (first, second, third)]
    assert named == [["Ravi Kumar"], ["Tan Wei Ming"], []]
    assert f'rel="next" href="{NOVEMBER}?page=2"' in first
    assert f'rel="prev" href="{NOVEMBER}?page=1"' in second
    assert 'rel="next"' not in second
    sums = [re.findall(r"<tfoot>.*?</tfoot>", text, re.DOTALL) for text in (first, second, third)]
    assert sums[0] == sums[1] == sums[2]

"""The audit trail on the coordinators' pages (SPEC 2, 10)."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from locales.audit_words import ACTIONS as NAMED
from locales.audit_words import action_name
from models import Match
from models.enums import Action, Channel, MatchStatus, PayMark, Role, Side
from services.billing.entries import enter_amount, mark_pay
from services.lifecycle.actors import Actor
from services.lifecycle.status import record, record_of_person
from tests.builders import NOW, acting
from tests.locales.readers import reader
from tests.services.billing.scenes import IN_OCTOBER, OCTOBER, close, held, tutors
from tests.services.billing.simulated import MONEYED
from tests.services.packages.scenes import bought
from tests.services.proofs import every_row
from tests.web.admin.test_packages import WithMoney
from tests.web.test_costs import hops, statements
from tests.web.visiting import Pages

__all__ = ["hops"]

LOG = "/admin/log"


@pytest.fixture
def filled(pages: Pages) -> Pages:
    """Acts on a session, on a person and on a child, over two days."""
    there = pages.there
    yesterday = NOW - timedelta(days=1)
    with pages.database.unit_of_work() as session:
        tutor = Actor(there.tutor.id, Channel.TELEGRAM, yesterday)
        record(session, Action.CHECK_IN, Role.TUTOR, tutor, appointment_id=there.id)
        record(session, Action.CHECK_OUT, Role.TUTOR, tutor, appointment_id=there.id)
        by = Actor(there.coordinator.id, Channel.WEB, NOW)
        record_of_person(session, Action.INVITE, Role.COORDINATOR, by, person_id=there.grace.id)
        record_of_person(
            session,
            Action.EDIT_STUDENT,
            Role.COORDINATOR,
            by,
            student_id=there.student.id,
            details={"before": {"address": None}, "after": {"address": "<b>1 Orchard</b>"}},
        )
        reason = "Both <i>agree</i>"
        record(session, Action.VERIFY, Role.COORDINATOR, by, appointment_id=there.id, reason=reason)
    return pages


def told(page: str) -> list[str]:
    return re.findall(r"<td><b>([^<]+)</b>", page)


EVERYTHING = ["Verified", "Child changed", "Invitation", "Check-out", "Check-in"]


@pytest.mark.parametrize(
    ("query", "acts"),
    [
        ("", EVERYTHING),
        ("session=1", ["Verified", "Check-out", "Check-in"]),
        ("session=%231", ["Verified", "Check-out", "Check-in"]),
        ("person={grace}", ["Invitation"]),
        ("person={coordinator}", ["Verified", "Child changed", "Invitation"]),
        ("person={tutor}", ["Check-out", "Check-in"]),
        ("child=1", ["Child changed"]),
        ("action=verify", ["Verified"]),
        ("day=2026-11-24", ["Check-out", "Check-in"]),
        ("day=2026-11-25", ["Verified", "Child changed", "Invitation"]),
        ("day=2026-11-25&person={grace}", ["Invitation"]),
        ("day=2026-11-25&action=verify&session=1", ["Verified"]),
        ("day=2026-11-25&child=1", ["Child changed"]),
        ("day=2026-11-23", []),
        ("session=9999", []),
        ("day=never&action=none&session=x&person=-1&before=y", EVERYTHING),
        ("day=0001-01-01", EVERYTHING),
    ],
)
async def test_it_is_filtered_by_the_address(filled: Pages, query: str, acts: list[str]) -> None:
    there = filled.there
    people = {"grace": there.grace.id, "tutor": there.tutor.id}
    wanted = query.format(coordinator=there.coordinator.id, **people)
    async with filled.browser(there.coordinator) as browser:
        page = (await browser.get(f"{LOG}?{wanted}")).text

    assert [one for one in told(page) if one != "Signed in to the pages"] == acts


async def test_it_says_who_how_why_and_what_was_changed(filled: Pages) -> None:
    async with filled.browser(filled.there.coordinator) as browser:
        page = (await browser.get(LOG)).text

    assert "Address: – → &lt;b&gt;1 Orchard&lt;/b&gt;" in page
    assert "Both &lt;i&gt;agree&lt;/i&gt;" in page
    assert "Coordinator, page" in page
    assert "Tutor, Telegram" in page
    assert 'href="/sessions/1"' in page
    assert f'href="/admin/people/{filled.there.grace.id}"' in page
    assert 'href="/admin/people/children/1"' in page


@pytest.mark.parametrize("also", ["", "&day=2026-11-25", "&action=add_note", "&session=1"])
async def test_it_is_paged_by_its_numbers_at_the_same_cost(
    filled: Pages, hops: list[str], also: str
) -> None:
    there = filled.there
    by = Actor(there.coordinator.id, Channel.WEB, NOW)
    with filled.database.unit_of_work() as session:
        for _ in range(120):
            record(session, Action.ADD_NOTE, Role.TUTOR, by, appointment_id=there.id)
    counts, seen, path = [], [], f"{LOG}?person={there.coordinator.id}{also}"
    async with filled.browser(there.coordinator) as browser:
        before = every_row(filled.database)
        while path:
            hops.clear()
            with statements() as executed:
                page = (await browser.get(path)).text
            assert hops == ["read"]
            counts.append(len(executed))
            seen += told(page)
            found = re.search(r'rel="next" href="([^"]+)"', page)
            path = found[1].replace("&amp;", "&") if found else ""
        assert every_row(filled.database) == before

    assert seen.count("Notes added") == 120
    assert len(set(counts)) == 1
    assert counts[0] <= 5


def about(page: str, act: str) -> list[tuple[str, str]]:
    """Addresses and names of what the line of an act is about."""
    line = next(one for one in page.split("<tr>") if f"<td><b>{act}</b>" in one)
    return re.findall(r'<a href="([^"]+)">([^<]+)</a>', line.rpartition("<td>")[2])


async def test_it_says_what_each_line_is_about(pages: Pages) -> None:
    there, by = pages.there, acting(pages.there.coordinator)
    held(pages.database, there, IN_OCTOBER)
    close(pages.database, there)
    pay = tutors(pages.database, there, OCTOBER)
    package = bought(pages.database, there)
    with pages.database.unit_of_work() as session:
        assert pay.id is not None
        mark_pay(session, pay.id, PayMark.HELD_BACK, "No report", by)
        enter_amount(session, Side.FAMILY, there.student.id, 2000, "Goodwill", MONEYED, by)
        match = Match(
            tutor_id=there.tutor.id,
            student_id=there.student.id,
            subject="Mathematics",
            starts_on=date(2026, 11, 30),
            status=MatchStatus.OFFERED,
            created_at=NOW,
        )
        session.add(match)
        session.flush()
        record(session, Action.OFFER_MATCH, Role.COORDINATOR, by, details={"match_id": match.id})
        days = {"dates": ["2026-12-25"]}
        record(session, Action.ADD_HOLIDAY, Role.COORDINATOR, by, details=days)
    async with WithMoney.of(pages).browser(there.coordinator) as browser:
        page = unescape((await browser.get(LOG)).text)

    family = f"/admin/billing/2026-11/family/{there.student.id}"
    assert about(page, "Month closed") == [("/admin/billing/2026-10", "October 2026")]
    assert about(page, "Pay marked") == [
        (
            f"/admin/billing/2026-10/tutor/{there.tutor.id}",
            "Tan Wei Ming · Pay for October 2026",
        )
    ]
    assert "Held back" in page
    assert about(page, "Amount entered") == [(family, "Emily Lim · Statement for November 2026")]
    assert "SGD\N{NO-BREAK SPACE}20.00" in page
    assert about(page, "Package recorded") == [
        (f"/admin/packages/{package.id}", "Package of Emily Lim")
    ]
    assert about(page, "Match offered") == [
        (f"/admin/matches/{match.id}", "Emily Lim · Mathematics · Tan Wei Ming")
    ]
    assert about(page, "Holiday added") == [("/admin/holidays", "Fri 25 Dec")]


def test_every_action_has_a_name_of_its_own() -> None:
    names = {action_name(reader(), action) for action in NAMED}
    assert set(NAMED) == set(Action)
    assert len(names) == len(NAMED)

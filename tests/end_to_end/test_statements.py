"""`/statement`: what a family owes and what a tutor is paid, read in the chat (SPEC 7, 9)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from chat import callbacks
from chat.app_context import Pages
from models import Person, Student
from models.enums import Kind, PayMark, PriceUnit, Side, Status
from services.approvals.approvals import acknowledge
from services.billing.closing import close_month
from services.billing.entries import enter_amount, mark_pay
from services.packages.purchases import Purchase, buy
from services.queries.statements import statement_of
from tests import builders
from tests.builders import acting
from tests.end_to_end.invariants import require_invariants
from tests.end_to_end.scenes import all_text, press, write
from tests.end_to_end.stage import STRANGER, Stage, buttons, labels, set_up, text_of
from tests.services.billing.scenes import NOVEMBER, OCTOBER, PRICED
from tests.services.billing.simulated import MONEYED

LESSON = "15:00-16:30, Mathematics"
AWAITING = Status.AWAITING_APPROVAL_PARENT
S = "SGD\N{NO-BREAK SPACE}"
NOT_CLOSED = "As of Wed 25 Nov 15:00. Not closed yet: it may still change."
PUBLIC = "https://pages.brightminds.example"


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """The product for an agency with a currency."""
    async with set_up(database_url, tmp_path, agency=MONEYED) as made:
        yield made
        await require_invariants(made)


async def held(stage: Stage, tutor: Person, child: Student, days_ago: int, **over: Any) -> None:
    """A session of 90 minutes at 80 an hour, of which the tutor gets 50, acknowledged."""
    made = await stage.session(
        tutor, child, starts_in=-timedelta(days=days_ago), status=AWAITING, **(PRICED | over)
    )
    with stage.database.unit_of_work() as session:
        parent = session.exec(select(Person).where(Person.is_parent).order_by(col(Person.id)))
        acknowledge(session, made.id, acting(parent.first() or tutor, stage.now))


def priya(stage: Stage) -> Person:
    with stage.database.reading() as session:
        return session.exec(select(Person).where(Person.name == "Priya Nair")).one()


def close(stage: Stage) -> None:
    """Priya closes October."""
    with stage.database.unit_of_work() as session:
        close_month(session, OCTOBER, MONEYED, acting(priya(stage), stage.now))


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


async def test_a_family_reads_what_it_owes_kind_by_kind(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await held(stage, grace, emily, 4)
    with stage.database.unit_of_work() as session:
        bought = Purchase(emily.id, 1, NOVEMBER, None, 9000)  # takes up what was owed
        buy(session, bought, MONEYED, acting(priya(stage), stage.now))
    await held(stage, grace, emily, 3)
    await held(stage, grace, emily, 2, kind=Kind.ADHOC, billed_as_addon=1, subject="<Exam>")
    await held(stage, grace, emily, 1, kind=Kind.TRIAL, price_unit=PriceUnit.SESSION)
    await stage.session(grace, emily, starts_in=-timedelta(days=5), status=AWAITING, **PRICED)
    stage.running.app.wake_relay()
    await stage.settled()

    assert lines(await write(stage, stage.mei, "/statement")) == [
        "Statement for November 2026",
        "Emily Lim",
        f"Sum · {S}410.00 · 4 sessions, 6 h",
        NOT_CLOSED,
        f"Sessions · {S}120.00 · 1 session, 1 h 30 min",
        f"Sun 22 Nov · {S}120.00 · {LESSON}, Grace Tan",
        "Sessions covered by a package · 1 session, 1 h 30 min",
        f"Sat 21 Nov · {LESSON}, Grace Tan",
        f"Extra sessions · {S}120.00 · 1 session, 1 h 30 min",
        f"Mon 23 Nov · {S}120.00 · 15:00-16:30, <Exam>, Grace Tan",
        f"Trial sessions · {S}80.00 · 1 session, 1 h 30 min",
        f"Tue 24 Nov · {S}80.00 · {LESSON}, Grace Tan",
        f"Packages bought · {S}90.00",
        f"Wed 25 Nov · {S}90.00 · Package of 1 session",
        "Not counted yet",
        "Awaiting acknowledgement",
        f"Fri 20 Nov · {LESSON}, Grace Tan",
    ]
    assert labels(stage.mei.last()) == []


async def test_a_tutor_reads_a_closed_month_its_mark_and_what_came_later(stage: Stage) -> None:
    grace, mei, _, emily = stage.people()
    await held(stage, grace, emily, 40)
    late = await stage.session(
        grace, emily, starts_in=-timedelta(days=30), status=AWAITING, **PRICED
    )
    close(stage)
    with stage.database.unit_of_work() as session:
        coordinator = acting(priya(stage), stage.now)
        closed = statement_of(session, MONEYED, OCTOBER, Side.TUTOR, grace.id, stage.now)
        assert closed is not None
        assert closed.id is not None
        mark_pay(session, closed.id, PayMark.PAID, "", coordinator)
        acknowledge(session, late.id, acting(mei, stage.now))
        enter_amount(session, Side.TUTOR, grace.id, 1000, "For the bus", MONEYED, coordinator)

    assert lines(await write(stage, stage.grace, "/statement")) == [
        "Pay for November 2026",
        f"Sum · {S}85.00 · 1 session, 1 h 30 min",
        NOT_CLOSED,
        f"Adjustments · {S}85.00 · 1 session, 1 h 30 min",
        f"Mon 26 Oct · {S}75.00 · {LESSON}, Emily Lim · Came after its month was closed",
        f"Wed 25 Nov · {S}10.00 · Amount entered by the agency · Adjusted: For the bus",
    ]
    assert labels(stage.grace.last()) == ["Oct 2026"]

    await stage.forward(minutes=1)
    await press(stage, stage.grace, "Oct 2026")
    assert lines(text_of(stage.grace.last())) == [
        "Pay for October 2026",
        f"Sum · {S}75.00 · 1 session, 1 h 30 min",
        "Closed on Wed 25 Nov 15:00. Paid.",
        f"Sessions · {S}75.00 · 1 session, 1 h 30 min",
        f"Fri 16 Oct · {S}75.00 · {LESSON}, Emily Lim",
        "Not counted yet",
        "Awaiting acknowledgement",
        f"Mon 26 Oct · {LESSON}, Emily Lim",
    ]
    assert labels(stage.grace.last()) == ["Nov 2026"]


async def test_the_newest_month_with_anything_comes_first(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await held(stage, grace, emily, 70)
    with stage.database.unit_of_work() as session:
        session.add(builders.parent(session, name="Sam Ong", telegram_user_id=STRANGER))

    assert "Statement for September 2026" in await write(stage, stage.mei, "/statement")
    assert labels(stage.mei.last()) == ["Oct 2026"]
    await press(stage, stage.mei, "Oct 2026")
    assert lines(text_of(stage.mei.last())) == [
        "Statement for October 2026",
        "As of Wed 25 Nov 15:00.",
        "Nothing in this month. Sessions appear once they are acknowledged.",
    ]
    assert labels(stage.mei.last()) == ["Sept 2026", "Nov 2026"]
    close(stage)
    assert "Statement for September 2026" in await write(stage, stage.mei, "/statement")
    assert "Closed on Wed 25 Nov 15:00." in text_of(stage.mei.last())

    asked = stage.mei.last()["message_id"]
    for month in (0, 202608, 202612, 202613, 999999999):
        stage.mei.press(callbacks.encode(callbacks.ShowStatement(Side.FAMILY, month)), asked)
        await stage.settled()
        assert "Statement for September 2026" in text_of(stage.mei.last())


async def test_nobody_reads_of_others(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await held(stage, grace, emily, 1)
    with stage.database.unit_of_work() as session:
        sam = builders.parent(session, name="Sam Ong", telegram_user_id=STRANGER)

    told = await write(stage, stage.priya, "/statement")
    assert told == (
        "Statements are for parents and tutors, so you have none. Those of the agency are on the "
        "pages: /web"
    )
    assert "No child is linked to you yet" in await write(stage, stage.stranger, "/statement")
    with stage.database.unit_of_work() as session:
        builders.student(session, [sam], name="Ben Ong")
    assert "Nothing in this month" in await write(stage, stage.stranger, "/statement")
    data = callbacks.encode(callbacks.ShowStatement(Side.FAMILY, 202611, emily.id))
    stage.stranger.press(data, stage.stranger.last()["message_id"])
    await stage.settled()
    assert "Emily" not in all_text(stage.stranger)
    for phone, side in ((stage.priya, Side.FAMILY), (stage.mei, Side.TUTOR)):
        await write(stage, phone, "/help")
        phone.press(
            callbacks.encode(callbacks.ShowStatement(side, 202611)), phone.last()["message_id"]
        )
        await stage.settled()
        assert "November 2026" not in all_text(phone)


async def test_a_tutor_reads_why_pay_is_held_back(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await held(stage, grace, emily, 40)
    close(stage)
    with stage.database.unit_of_work() as session:
        closed = statement_of(session, MONEYED, OCTOBER, Side.TUTOR, grace.id, stage.now)
        assert closed is not None
        assert closed.id is not None
        by = acting(priya(stage), stage.now)
        mark_pay(session, closed.id, PayMark.HELD_BACK, "The <report> is missing", by)

    assert "Held back: The <report> is missing" in await write(stage, stage.grace, "/statement")


async def test_without_a_currency_only_sessions_and_hours_are_counted(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    stage.running.app.agency = builders.AGENCY
    unpriced: dict[str, Any] = {"price": None, "pay": None, "price_unit": None}
    await held(stage, grace, emily, 1, **unpriced)

    for phone, title, who in (
        (stage.mei, ["Statement for November 2026", "Emily Lim"], "Grace Tan"),
        (stage.grace, ["Pay for November 2026"], "Emily Lim"),
    ):
        assert lines(await write(stage, phone, "/statement")) == [
            *title,
            "Sum · 1 session, 1 h 30 min",
            NOT_CLOSED,
            "Sessions · 1 session, 1 h 30 min",
            f"Tue 24 Nov · {LESSON}, {who}",
        ]


async def test_what_has_no_price_is_named_to_both_sides_in_their_words(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await held(stage, grace, emily, 1, price=None, pay=None, price_unit=None)

    assert "1 session has no price: it is counted" in await write(stage, stage.mei, "/statement")
    told = await write(stage, stage.grace, "/statement")
    assert "1 session has no pay: it is counted, but not in the sum." in told
    assert "price" not in told


async def test_who_teaches_and_has_children_reads_both(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await held(stage, grace, emily, 1)
    with stage.database.unit_of_work() as session:
        ravi = builders.tutor(session, name="Ravi Kumar")
        person = session.get_one(Person, grace.id)
        person.is_parent = True
        ben = builders.student(session, [person], name="Ben Tan")
    await held(stage, ravi, ben, 2)

    assert "Pay for November 2026" in await write(stage, stage.grace, "/statement")
    assert labels(stage.grace.last()) == ["Your statement"]
    await press(stage, stage.grace, "Your statement")
    assert lines(text_of(stage.grace.last()))[:2] == ["Statement for November 2026", "Ben Tan"]
    await press(stage, stage.grace, "Your pay")
    assert "Pay for November 2026" in text_of(stage.grace.last())


async def test_children_of_two_families_have_a_statement_each(stage: Stage) -> None:
    grace, mei, _, emily = stage.people()
    with stage.database.unit_of_work() as session:
        ryan = builders.student(session, [mei], name="Ryan Lim")
    await held(stage, grace, emily, 1)
    await held(stage, grace, ryan, 2)

    assert lines(await write(stage, stage.mei, "/statement"))[1] == "Emily Lim"
    assert labels(stage.mei.last()) == ["Ryan Lim"]
    await press(stage, stage.mei, "Ryan Lim")
    assert lines(text_of(stage.mei.last()))[1] == "Ryan Lim"
    assert "Ryan" not in await write(stage, stage.daniel, "/statement")


@pytest.mark.parametrize("is_public", [True, False])
async def test_what_does_not_fit_is_counted_and_the_page_has_it(
    stage: Stage, is_public: bool
) -> None:
    grace, _, _, emily = stage.people()
    with stage.database.unit_of_work() as session:
        for number in range(80):
            builders.appointment(
                session,
                tutor=grace,
                student=emily,
                starts_at=stage.now - timedelta(hours=number * 7),
                status=Status.APPROVED if number > 4 else AWAITING,
                **PRICED,
            )
    stage.running.app.pages = Pages(PUBLIC, takes_buttons=is_public)

    told = lines(await write(stage, stage.mei, "/statement"))

    shown = [one for one in told if "Grace Tan" in one]
    more = ", on the page" if is_public else ", on the pages: /web"
    assert told[-1] == f"… and {80 - len(shown)} more{more}"
    assert 40 < len(shown) < 75
    assert "Awaiting acknowledgement" in told
    assert f"Sessions · {S}9,000.00 · 75 sessions, 112 h 30 min" in told
    [button] = buttons(stage.mei.last())[-1] if is_public else [None]
    if button:
        assert button["text"] == "On the page"
        assert button["url"] == f"{PUBLIC}/family/statement?child={emily.id}&month=2026-11"

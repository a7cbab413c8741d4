"""Packages in chat: every entry with its session, and what is nearly used up (SPEC 7)."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from chat.callbacks import ShowStatement, encode
from models import Package, Person, Student
from models.enums import EntryKind, Side, Status
from services.approvals.approvals import acknowledge
from services.db import Session
from services.lifecycle.actors import Actor
from services.packages.corrections import adjust, reverse
from services.packages.purchases import Purchase, buy
from tests import builders
from tests.builders import AGENCY, acting
from tests.end_to_end.scenes import all_text, card_of, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.services.packages.scenes import entries

DAY = timedelta(days=1)
WHY = "Grace was ill, a goodwill credit"


async def held(stage: Stage, grace: Person, emily: Student, days_ago: int) -> None:
    """A session that Mei acknowledges by a tap on the card that `/pending` brings."""
    await stage.session(
        grace,
        emily,
        starts_in=-timedelta(days=days_ago),
        status=Status.AWAITING_APPROVAL_PARENT,
    )
    await write(stage, stage.mei, "/pending")
    await press(stage, stage.mei, "Acknowledge")


async def test_parents_read_every_entry_and_are_told_when_little_is_left(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    assert "No package yet" in await write(stage, stage.mei, "/package")
    assert "No package is running low" in await write(stage, stage.priya, "/lowpackages")
    await held(stage, grace, emily, days_ago=2)

    told = await write(stage, stage.mei, "/package")
    assert "1 session is owed: the next package will cover it" in told
    assert "0 Owed, no package covered it: Mathematics, Mon 23 Nov 15:00-16:30, Grace Tan" in told
    with stage.database.unit_of_work() as session:
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
        purchase = Purchase(emily.id, 2, date(2026, 11, 1), date(2026, 12, 20))
        package = buy(session, purchase, AGENCY, acting(priya, stage.now))
    await held(stage, grace, emily, days_ago=1)
    await stage.settled()

    low = "Emily Lim's package is used up\n0 of 2 sessions left, until Sun 20 Dec"
    for phone in (stage.mei, stage.daniel):
        assert low in all_text(phone)
    assert "A package is used up\nEmily: 0 of 2" in all_text(stage.priya_in_group)
    await press(stage, stage.daniel, "Every entry")
    assert [line for line in text_of(stage.daniel.last()).split("\n") if line] == [
        "Prepaid sessions of Emily Lim",
        "0 of 2 sessions left, until Sun 20 Dec",
        "+2 Package bought at 15:00",
        "−1 Mathematics, Tue 24 Nov 15:00-16:30, Grace Tan",
        "−1 Mathematics, Mon 23 Nov 15:00-16:30, Grace Tan",
        (
            "0 Owed, no package covered it: Mathematics, Mon 23 Nov 15:00-16:30, Grace Tan "
            "(settled since)"
        ),
    ]
    with stage.database.unit_of_work() as session:
        last = entries(stage.database, EntryKind.DEDUCTION)[-1]
        reverse(session, last.id, WHY, acting(priya, stage.now))
        adjust(session, package.id, -3, WHY, acting(priya, stage.now))
    told = await write(stage, stage.mei, "/package")
    assert f"+1 Given back for Mathematics, Tue 24 Nov 15:00-16:30, Grace Tan: {WHY}" in told
    assert f"−3 Adjusted: {WHY}" in told
    assert "2 more sessions were used than the package has" in told
    told = await write(stage, stage.priya, "/lowpackages")
    assert "Emily Lim: 2 more sessions were used" in told
    assert "Lim" not in await write(stage, stage.priya_in_group, "/lowpackages")


async def test_a_package_that_pays_for_what_was_owed_is_told_as_bought(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await held(stage, grace, emily, days_ago=2)
    with stage.database.unit_of_work() as session:
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
        buy(session, Purchase(emily.id, 1, date(2026, 11, 1)), AGENCY, acting(priya, stage.now))
    await stage.forward(minutes=1)

    assert text_of(stage.daniel.last()).split("\n") == [
        "A package of 1 session is recorded for Emily Lim",
        "1 session that was owed is covered by it.",
        "0 of 1 session left. Lessons go on as booked; ask your agency for the next package.",
    ]
    assert text_of(stage.priya_in_group.last()).split("\n") == [
        "A package is used up",
        "Emily: 0 of 1 session left",
        "1 session that was owed is covered by it.",
    ]


async def test_what_is_left_stays_true_in_the_chat_until_the_day_is_over(stage: Stage) -> None:
    grace, mei, _, emily = stage.people()
    with stage.database.unit_of_work() as session:
        aisha = builders.student(session, [mei], name="Aisha Rahman")
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
        buy(session, Purchase(emily.id, 2, date(2026, 11, 1)), AGENCY, acting(priya, stage.now))
    await stage.session(
        grace, emily, starts_in=-timedelta(hours=2), status=Status.AWAITING_APPROVAL_PARENT
    )
    await write(stage, stage.mei, "/package")
    await press(stage, stage.mei, "Emily Lim")
    ledger = stage.mei.last()["message_id"]
    assert "2 of 2 sessions left" in text_of(message_of(stage.mei, ledger))

    await write(stage, stage.daniel, "/pending")
    await press(stage, stage.daniel, "Acknowledge")
    assert "1 of 2 sessions left" in text_of(message_of(stage.mei, ledger))
    with stage.database.unit_of_work() as session:
        buy(session, Purchase(emily.id, 5, date(2026, 11, 1)), AGENCY, acting(priya, stage.now))
        buy(session, Purchase(aisha.id, 3, date(2026, 11, 1)), AGENCY, acting(priya, stage.now))
    stage.running.app.wake_relay()
    await stage.settled()
    assert "5 of 5 sessions left" in text_of(message_of(stage.mei, ledger))
    assert "3 of 3" not in text_of(message_of(stage.mei, ledger))

    await stage.forward(hours=9)
    over = text_of(message_of(stage.mei, ledger))
    assert over == "The list of Wed 25 Nov is over. /package gives you a new one."


async def test_long_ledgers_are_paged_and_children_are_chosen(stage: Stage) -> None:
    _, mei, _, emily = stage.people()
    with stage.database.unit_of_work() as session:
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
        ryan = builders.student(session, [mei], name="Ryan Lim")
        stranger = builders.student(session, name="Aisha Rahman")
        actor = acting(priya, stage.now)
        package = buy(session, Purchase(emily.id, 10, date(2026, 11, 1)), AGENCY, actor)
        for number in range(10):
            adjust(session, package.id, 1, f"Credit {number}", actor)

    assert "Package bought" not in await write(stage, stage.mei, "/package")
    assert labels(stage.mei.last()) == ["Older", "Ryan Lim"]
    await press(stage, stage.mei, "Older")
    assert "+10 Package bought" in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Newer", "Ryan Lim"]
    await press(stage, stage.mei, "Ryan Lim")
    assert "Prepaid sessions of Ryan Lim\nNo package yet" in text_of(stage.mei.last())
    asked = stage.mei.last()["message_id"]
    for student_id in (stranger.id, ryan.id):
        stage.mei.press(f"pk.1:{student_id}:1", asked)
    await stage.settled()
    assert "Aisha" not in all_text(stage.mei)
    for phone in (stage.grace, stage.priya):
        assert "This is for parents" in await write(stage, phone, "/package")


async def test_of_several_packages_each_has_its_name(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    with stage.database.unit_of_work() as session:
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
        for first in (date(2026, 11, 1), date(2026, 11, 15)):
            buy(session, Purchase(emily.id, 2, first), AGENCY, acting(priya, stage.now))
    await held(stage, grace, emily, days_ago=1)

    told = await write(stage, stage.mei, "/package")

    assert [line for line in told.split("\n") if line] == [
        "Prepaid sessions of Emily Lim",
        "Package from Sun 15 Nov: 2 of 2 sessions left",
        "Package from Sun 1 Nov: 1 of 2 sessions left",
        "+2 Package bought at 15:00. Package from Sun 15 Nov",
        "+2 Package bought at 15:00. Package from Sun 1 Nov",
        "−1 Mathematics, Tue 24 Nov 15:00-16:30, Grace Tan. Package from Sun 1 Nov",
    ]


async def expiring(stage: Stage, sessions: int = 10) -> tuple[Package, int]:
    """A package of Emily's that expires in ten days, and the group's message about that."""
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-DAY, status=Status.AWAITING_APPROVAL_PARENT)
    with stage.database.unit_of_work() as session:
        purchase = Purchase(emily.id, sessions, date(2026, 11, 1), date(2026, 12, 5))
        package = buy(session, purchase, AGENCY, priya(stage, session))
    await stage.forward(minutes=1)
    told = card_of(stage.priya_in_group, "about to expire")
    assert text_of(told) == (
        "A package is about to expire\n"
        f"Emily: {sessions} of {sessions} sessions left, until Sat 5 Dec"
    )
    return package, told["message_id"]


def priya(stage: Stage, session: Session) -> Actor:
    person = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
    return acting(person, stage.now)


async def stands(stage: Stage, number: int) -> str:
    await stage.settled()
    return text_of(message_of(stage.priya_in_group, number))


async def test_what_the_group_was_told_of_an_expiry_goes_on_with_the_package(stage: Stage) -> None:
    package, told = await expiring(stage)

    with stage.database.unit_of_work() as session:
        acknowledge(session, 1, acting(_mei(session), stage.now))
        stage.running.app.wake_relay()
    assert "Emily: 9 of 10 sessions left, until Sat 5 Dec" in await stands(stage, told)
    with stage.database.unit_of_work() as session:
        adjust(session, package.id, -9, WHY, priya(stage, session))
        stage.running.app.wake_relay()
    assert await stands(stage, told) == (
        "✅ Nothing is left of this package that could expire\n"
        "Emily: 0 of 10 sessions left, until Sat 5 Dec"
    )
    with stage.database.unit_of_work() as session:
        adjust(session, package.id, 5, WHY, priya(stage, session))
        stage.running.app.wake_relay()
    assert (await stands(stage, told)).startswith("A package is about to expire\nEmily: 5 of 10")


async def test_a_reversed_purchase_is_not_about_to_expire(stage: Stage) -> None:
    _, told = await expiring(stage)
    with stage.database.unit_of_work() as session:
        bought = entries(stage.database, EntryKind.PURCHASE)[-1]
        reverse(session, bought.id, WHY, priya(stage, session))
    stage.running.app.wake_relay()

    assert await stands(stage, told) == "✅ The purchase of this package was reversed: Emily"


async def test_once_it_has_expired_the_group_reads_that(stage: Stage) -> None:
    _, told = await expiring(stage)

    await stage.forward(days=11)

    assert await stands(stage, told) == (
        "A package has expired\nEmily: 10 of 10 sessions left, expired after Sat 5 Dec"
    )


async def test_what_was_told_of_a_low_package_goes_on_with_it_too(stage: Stage) -> None:
    package, _ = await expiring(stage, sessions=6)
    with stage.database.unit_of_work() as session:
        adjust(session, package.id, -5, WHY, priya(stage, session))
    await stage.forward(minutes=1)
    group, mei = (phone.last()["message_id"] for phone in (stage.priya_in_group, stage.mei))
    assert "A package is nearly used up\nEmily: 1 of 6" in await stands(stage, group)

    with stage.database.unit_of_work() as session:
        acknowledge(session, 1, acting(_mei(session), stage.now))
    stage.running.app.wake_relay()
    assert "A package is used up\nEmily: 0 of 6" in await stands(stage, group)
    used_up = message_of(stage.mei, mei)
    assert text_of(used_up).startswith("Emily Lim's package is used up\n0 of 6")
    assert labels(used_up) == ["Every entry"]

    with stage.database.unit_of_work() as session:
        adjust(session, package.id, 4, WHY, priya(stage, session))
    stage.running.app.wake_relay()
    line = "4 of 6 sessions left, until Sat 5 Dec"
    assert await stands(stage, group) == f"✅ No longer low: Emily, {line}"
    assert text_of(message_of(stage.mei, mei)) == f"✅ No longer low: Emily Lim, {line}"


async def test_once_the_next_package_is_bought_nobody_is_told_to_ask_for_it(stage: Stage) -> None:
    package, _ = await expiring(stage, sessions=6)
    with stage.database.unit_of_work() as session:
        adjust(session, package.id, -5, WHY, priya(stage, session))
    await stage.forward(minutes=1)
    group, mei = (phone.last()["message_id"] for phone in (stage.priya_in_group, stage.mei))
    asks = "ask your agency for the next package."
    assert text_of(message_of(stage.mei, mei)).endswith(asks)

    with stage.database.unit_of_work() as session:
        purchase = Purchase(package.student_id, 10, date(2026, 11, 25))
        buy(session, purchase, AGENCY, priya(stage, session))
    stage.running.app.wake_relay()

    assert (await stands(stage, group)).endswith("\nThe next package is recorded.")
    followed = text_of(message_of(stage.mei, mei))
    assert followed.startswith("Emily Lim's package is nearly used up\n1 of 6 sessions left")
    assert followed.endswith("Lessons go on as booked; the next package is recorded.")
    with stage.database.unit_of_work() as session:
        acknowledge(session, 1, acting(_mei(session), stage.now))
    stage.running.app.wake_relay()
    assert (await stands(stage, group)).startswith("A package is used up\nEmily: 0 of 6")
    assert asks not in text_of(message_of(stage.mei, mei))
    with stage.database.unit_of_work() as session:
        bought = entries(stage.database, EntryKind.PURCHASE)[-1]
        reverse(session, bought.id, WHY, priya(stage, session))
    stage.running.app.wake_relay()
    assert "The next package is recorded." not in await stands(stage, group)
    assert text_of(message_of(stage.mei, mei)).endswith(asks)


def _mei(session: Session) -> Person:
    return session.exec(select(Person).where(Person.name == "Mei Lim")).one()


async def test_who_teaches_their_own_child_is_not_told_that_none_is_linked(stage: Stage) -> None:
    grace, _, _, _ = stage.people()
    with stage.database.unit_of_work() as session:
        session.get_one(Person, grace.id).is_parent = True
    assert "No child is linked to you yet" in await write(stage, stage.grace, "/package")
    with stage.database.unit_of_work() as session:
        own = builders.student(session, [grace], name="Tom Tan")
    assert "Prepaid sessions of Tom Tan" in await write(stage, stage.grace, "/package")
    await stage.session(grace, own, starts_in=timedelta(hours=2))

    assert await write(stage, stage.grace, "/package") == (
        "You teach your own child, and act as its tutor there. Please ask your agency about its "
        "prepaid sessions."
    )
    await write(stage, stage.grace, "/statement")
    assert "Your statement" not in labels(stage.grace.last())
    data = encode(ShowStatement(Side.FAMILY, 202611))
    stage.grace.press(data, stage.grace.last()["message_id"])
    await stage.settled()
    assert text_of(stage.grace.last()) == (
        "You teach your own child, and act as its tutor there. Please ask your agency about its "
        "statements."
    )


async def test_sessions_stand_by_their_dates_whenever_they_were_acknowledged(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    for days_ago in (2, 4, 3):
        await held(stage, grace, emily, days_ago)

    told = await write(stage, stage.mei, "/package")

    days = [line.split(", ")[2][:6] for line in told.splitlines() if "Mathematics" in line]
    assert days == ["Mon 23", "Sun 22", "Sat 21"]


async def test_a_coordinator_reads_with_the_child_what_is_left(stage: Stage) -> None:
    _, _, _, emily = stage.people()
    with stage.database.unit_of_work() as session:
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
        purchase = Purchase(emily.id, 8, date(2026, 11, 1), date(2027, 1, 15))
        buy(session, purchase, AGENCY, acting(priya, stage.now))

    assert "/find with a child's name" in await write(stage, stage.priya, "/package emily")
    found = await write(stage, stage.priya, "/find emily")

    assert "\n8 of 8 sessions left, until Fri 15 Jan 2027\n" in found
    await write(stage, stage.priya, "who owes")
    assert labels(stage.priya.last()) == ["/lowpackages"]


@pytest.mark.parametrize(
    "typed", ["how much do i owe", "when does the package expire", "how many lessons left?"]
)
async def test_a_question_about_money_is_no_message_about_a_session(
    stage: Stage, typed: str
) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=3))

    told = await write(stage, stage.mei, typed)

    assert told == "Do you mean this? /help shows what else I can do."
    assert labels(stage.mei.last()) == ["/package", "/statement"]


async def test_so_it_is_of_a_tutors_pay(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=3))

    await write(stage, stage.grace, "how much did i earn")

    assert labels(stage.grace.last()) == ["/statement"]


@pytest.mark.parametrize("typed", ["I owe nothing, she was not there", "how much to move it?"])
async def test_what_says_more_can_still_be_sent(stage: Stage, typed: str) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=3))

    assert "has not been sent to anybody yet" in await write(stage, stage.mei, typed)


@pytest.mark.parametrize("typed", ["/bill", "/Billing", "/pay", "/invoices"])
async def test_other_names_for_the_statement_get_its_button(stage: Stage, typed: str) -> None:
    stage.people()
    for phone in (stage.mei, stage.grace):
        told = await write(stage, phone, typed)

        assert told == "I do not know that command. Did you mean this one?"
        assert labels(phone.last()) == ["/statement"]

"""Everybody reads the pseudo-language: no English may bypass the catalogues (DESIGN 2)."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import col, select, update

from chat.messages import acknowledgements, reminders, requests
from locales import reader as reader_module
from locales.pseudo import PSEUDO
from models import OutboxMessage, Person, Student
from models.enums import ChangeReason, Role, Status
from sandbox.phone import Phone
from sandbox.wire import Json
from services.adhoc.batches import log_batch
from services.reschedules.negotiation import propose
from services.rules.adhoc import AdhocLine
from services.rules.penalties import PenaltySheet
from services.sessions.attendance import check_out
from tests import builders, files
from tests.builders import acting
from tests.end_to_end.scenes import (
    TEXT,
    WHY,
    answer_in_group,
    ask_to_move,
    look_at,
    press,
    write,
)
from tests.end_to_end.stage import PENALTIES, Stage
from tests.pseudo import leaked_english

DATA = (
    "Grace Tan", "Mei Lim", "Daniel Lim", "Priya Nair", "Marcus Lee", "Emily Lim", "Emily",
    "Mathematics", "18 Bishan Street", "Bright Minds", "English", "Fractions.", "None", "zz",
    "One strike", "Three in a term are discussed.", TEXT, WHY, PSEUDO,
)  # fmt: skip
"""What people and imports brought, whole."""


@pytest.fixture(autouse=True)
def pseudo_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The group and strangers, whose language nobody stored, read it too."""
    monkeypatch.setattr(reader_module, "language_for", lambda _code: PSEUDO)


def said(call: Json) -> Iterator[str]:
    """Everything in a call that a person reads."""
    fields = call["fields"]
    for name in ("text", "caption", "description"):
        if isinstance(told := fields.get(name), str):
            yield told
    markup = fields.get("reply_markup") or {}
    yield str(markup.get("input_field_placeholder") or "")
    for row in markup.get("inline_keyboard", []):
        yield from (button["text"] for button in row)
    for command in fields.get("commands", []):
        yield command["description"]


def leaks(stage: Stage) -> dict[str, list[str]]:
    """Texts with English in them that no catalogue translated, and which words."""
    told = {text for call in stage.world.calls.all() for text in said(call)}
    return {text: words for text in sorted(told) if (words := leaked_english(text, DATA))}


async def tap(stage: Stage, phone: Phone, code: str) -> None:
    """Tap the newest button whose data begins with this."""
    for message in reversed(phone.messages()):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if str(button.get("callback_data")).startswith(code):
                    await press(stage, phone, button["callback_data"], message["message_id"])
                    return
    raise LookupError(code)


async def cast(stage: Stage) -> int:
    """The usual people, all with the pseudo-language; a session under way, which is given."""
    grace, _, _, emily = stage.people()
    with stage.database.unit_of_work() as session:
        session.exec(update(Person).values(language=PSEUDO))
    under_way = await stage.session(
        grace, emily, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN
    )
    return under_way.id


async def dispute(stage: Stage, phone: Phone, text: str | None) -> None:
    await tap(stage, phone, "di.")
    await tap(stage, phone, "dr.")
    await tap(stage, phone, "db.")
    await tap(stage, phone, "dr.")
    if text is not None:
        await write(stage, phone, text)
    await tap(stage, phone, "dc.")


async def test_what_tutors_read(stage: Stage) -> None:
    await cast(stage)
    for said in ("/start", "/help", "/language", "/sessions", "/upcoming", "/todos", "/checkin"):
        await write(stage, stage.grace, said)
    for said in ("/pending", "/dashboard", "/nonsense", "hello", "/stop", "/checkout"):
        await write(stage, stage.grace, said)
    stage.grace.send_location()
    await stage.settled()
    await write(stage, stage.grace, "/upcoming")
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    await tap(stage, stage.grace, "nl.")
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    await tap(stage, stage.grace, "nk.")
    await write(stage, stage.grace, "Fractions.")
    await tap(stage, stage.grace, "nr.")
    await write(stage, stage.grace, "Fractions.")
    await write(stage, stage.grace, "/sessions")
    await write(stage, stage.grace, "/notes")
    await tap(stage, stage.grace, "nd.")
    await tap(stage, stage.grace, "se.")
    await tap(stage, stage.grace, "ab.")
    await tap(stage, stage.grace, "vn.")
    for said in ("/checkout", "/notes", "/todos", "/stop"):
        await write(stage, stage.grace, said)

    assert leaks(stage) == {}


async def test_what_parents_read(stage: Stage) -> None:
    session_id = await cast(stage)
    await write(stage, stage.mei, "/start")
    await write(stage, stage.mei, "/sessions")
    await tap(stage, stage.mei, "se.")
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, "Fractions.")
    await tap(stage, stage.grace, "nd.")
    await tap(stage, stage.mei, "vn.")
    await tap(stage, stage.daniel, "di.")
    await tap(stage, stage.daniel, "dr.")
    for send in (stage.daniel.send_sticker, partial(stage.daniel.send_photo, files.jpeg_photo())):
        send()
        await stage.settled()
    await dispute(stage, stage.mei, TEXT)
    await write(stage, stage.daniel, TEXT)
    await tap(stage, stage.daniel, "ri.")
    await press(stage, stage.daniel, f"di.1:{session_id}", stage.daniel.last()["message_id"])
    await tap(stage, stage.mei, "rp.")
    await write(stage, stage.mei, "x" * 1001)
    await write(stage, stage.mei, "/pending")
    await tap(stage, stage.mei, "rp.")
    await tap(stage, stage.mei, "lp.")
    await tap(stage, stage.priya_in_group, "st.1:1:return")
    await answer_in_group(stage, stage.priya_in_group, WHY)
    await tap(stage, stage.daniel, "di.")
    await tap(stage, stage.daniel, "ld.")
    await tap(stage, stage.daniel, "ak.")
    for said in (
        "/help",
        "/language",
        "/upcoming",
        "/pending",
        "/checkin",
        "/invite",
        "/package",
        "/statement",
        "hm",
    ):
        await write(stage, stage.daniel, said)
    await tap(stage, stage.daniel, "la.")
    stage.stranger.start("x" * 22)
    await stage.settled()

    assert leaks(stage) == {}


async def test_what_coordinators_and_their_group_read(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.priya, "/start")
    await write(stage, stage.priya, "/dashboard")
    await tap(stage, stage.priya, "ls.1:in_progress")
    await tap(stage, stage.priya, "se.")
    await tap(stage, stage.priya, "cc.")
    await write(stage, stage.priya, "/dashboard")
    await tap(stage, stage.priya, "ls.1:in_progress")
    await tap(stage, stage.priya, "se.")
    await tap(stage, stage.priya, "ca.")
    await write(stage, stage.priya, "1")
    await write(stage, stage.priya, "13:45-14:45")
    await write(stage, stage.priya, "/disputes")
    await tap(stage, stage.priya, "ls.1:dashboard")
    await tap(stage, stage.priya, "ls.1:in_progress")
    await tap(stage, stage.priya, "se.")
    await tap(stage, stage.priya, "ca.")
    await write(stage, stage.priya, WHY)
    await dispute(stage, stage.mei, None)
    await tap(stage, stage.priya_in_group, "cl.")
    await press(stage, stage.marcus_in_group, "cl.1:1", stage.priya_in_group.last()["message_id"])
    await tap(stage, stage.priya_in_group, "st.1:1:uphold")
    await write(stage, stage.priya, "/disputes")
    await tap(stage, stage.marcus_in_group, "st.1:1:verify")
    await answer_in_group(stage, stage.marcus_in_group, WHY)
    await answer_in_group(stage, stage.priya_in_group, WHY)
    for said in ("/dashboard", "/disputes", "/invite", "/stop"):
        await write(stage, stage.priya_in_group, said)
    await tap(stage, stage.mei, "rp.")
    await write(stage, stage.mei, TEXT)
    stage.priya.start("problem_1")
    await stage.settled()
    for code in ("pc.", "pr."):
        await tap(stage, stage.priya_in_group, code)
    await answer_in_group(stage, stage.priya_in_group, WHY)
    await write(stage, stage.priya, "/problems")
    await tap(stage, stage.priya, "ps.")
    await tap(stage, stage.priya, "pr.")
    stage.priya.send_location()
    await stage.settled()
    await write(stage, stage.priya, "/problems")
    await tap(stage, stage.priya, "px.")
    await write(stage, stage.priya, "/problems")
    await press(stage, stage.marcus_in_group, "pc.1:1", stage.priya_in_group.last()["message_id"])

    assert leaks(stage) == {}


async def test_what_the_sweeps_and_the_deliveries_say(stage: Stage) -> None:
    stage.expect_refusal("blocked by the user")
    await cast(stage)
    stage.mei.block()
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, "Fractions.")
    await stage.forward(minutes=11)
    with stage.database.unit_of_work() as session:
        grace = session.get(Person, 1)
        emily = session.get(Student, 1)
        assert grace is not None
        assert emily is not None
        session.exec(
            update(Person)
            .where(col(Person.is_parent))
            .values(telegram_user_id=None, started_at=None)
        )
    await stage.session(grace, emily, starts_in=timedelta(hours=1))
    await stage.session(grace, emily, starts_in=-timedelta(hours=1), status=Status.CHECKED_IN)
    await write(stage, stage.grace, "/checkout")
    await stage.forward(hours=30)
    for said in ("/dashboard", "/invite", "/invite mei", "/invite zz"):
        await write(stage, stage.priya, said)
    await write(stage, stage.priya, "/invite mei")
    await tap(stage, stage.priya, "in.")
    await write(stage, stage.priya, "/dashboard")
    await tap(stage, stage.priya, "ls.1:missed")

    assert leaks(stage) == {}


async def test_what_is_read_when_a_session_is_moved(stage: Stage) -> None:
    await cast(stage)
    with stage.database.reading() as session:
        grace = session.exec(select(Person).where(Person.name == "Grace Tan")).one()
        emily = session.exec(select(Student)).one()
    await stage.session(grace, emily, starts_in=timedelta(hours=30))

    for phone in (stage.mei, stage.grace):
        await write(stage, phone, "/change")
        await tap(stage, phone, "se.")
        await tap(stage, phone, "rs.")
        await write(stage, phone, "/change")
        await write(stage, phone, "zz")
        await tap(stage, phone, "se.")
        await tap(stage, phone, "rs.")
        for code in ("rf.", "ry.", "rb.", "rt.", "rr.", "rn.", "rr."):
            await tap(stage, phone, code)
        await write(stage, phone, TEXT)
        await tap(stage, phone, "rl.")
    await tap(stage, stage.mei, "rs.")
    await write(stage, stage.mei, "27/11 09:00")
    await write(stage, stage.mei, TEXT)
    await tap(stage, stage.mei, "rc.")
    await write(stage, stage.grace, "/checkin")
    await tap(stage, stage.grace, "ro.")
    await write(stage, stage.grace, "zz")
    await write(stage, stage.grace, "27/11 09:00")
    await write(stage, stage.grace, "28/11 09:00")
    await tap(stage, stage.grace, "rc.")
    await tap(stage, stage.mei, "rd.")
    await tap(stage, stage.mei, "rs.")
    await write(stage, stage.mei, "27/11 10:00")
    await write(stage, stage.mei, TEXT)
    await tap(stage, stage.mei, "rc.")
    await stage.forward(hours=30)

    assert leaks(stage) == {}


async def test_what_is_read_when_a_session_is_cancelled(stage: Stage) -> None:
    await cast(stage)
    stage.running.app.penalties.sheet = PenaltySheet()
    with stage.database.reading() as session:
        grace = session.exec(select(Person).where(Person.name == "Grace Tan")).one()
        emily = session.exec(select(Student)).one()
    later = await stage.session(grace, emily, starts_in=timedelta(hours=30))

    await write(stage, stage.mei, "/upcoming")
    await tap(stage, stage.mei, f"se.1:{later.id}")
    await tap(stage, stage.mei, "xs.")
    await write(stage, stage.mei, "/upcoming")
    await tap(stage, stage.mei, f"se.1:{later.id}")
    await tap(stage, stage.mei, "xs.")
    await tap(stage, stage.mei, "xr.")
    await tap(stage, stage.mei, "xb.")
    await tap(stage, stage.mei, "xl.")
    await tap(stage, stage.mei, "xs.")
    await write(stage, stage.mei, TEXT)
    stage.running.app.penalties.sheet = PENALTIES
    await tap(stage, stage.mei, "xc.")
    await tap(stage, stage.mei, "xc.")

    assert leaks(stage) == {}


async def test_what_reminders_say(stage: Stage) -> None:
    await cast(stage)  # checked in until 15:10
    with stage.database.unit_of_work() as session:
        grace = session.exec(select(Person).where(Person.name == "Grace Tan")).one()
        mei = session.exec(select(Person).where(Person.name == "Mei Lim")).one()
        marcus = builders.tutor(session, name="Marcus Lee", telegram_user_id=None)
        emily = session.exec(select(Student)).one()
        extra = [AdhocLine(emily.id, stage.now - timedelta(days=days), 60, "zz") for days in (2, 3)]
        log_batch(session, acting(grace, stage.now), stage.agency, extra)
    in_vain = await stage.session(marcus, emily, starts_in=timedelta(hours=40))
    with stage.database.unit_of_work() as session:
        propose(
            session,
            in_vain.id,
            acting(mei, stage.now),
            in_vain.starts_at + timedelta(hours=2),
            ChangeReason.OTHER,
            TEXT,
            zone=stage.agency.zone,
        )
    for starts_in, side in ((15, None), (17, Role.TUTOR), (19, Role.PARENT)):
        booked = await stage.session(grace, emily, starts_in=timedelta(hours=starts_in))
        if side is not None:
            ask_to_move(stage, booked, side)
    for _ in range(2):
        ended = await stage.session(
            grace, emily, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN
        )
        with stage.database.unit_of_work() as session:
            check_out(session, ended.id, acting(grace, stage.now))
    await stage.settled()
    await stage.forward(minutes=10)
    await write(stage, stage.grace, "/checkin")
    await tap(stage, stage.grace, "rm.")
    longer = await stage.session(
        grace, emily, starts_in=-timedelta(minutes=10), status=Status.CHECKED_IN
    )
    await press(stage, stage.grace, f"rk.1:{longer.id}", stage.grace.last()["message_id"])
    await stage.forward(hours=15)
    await write(stage, stage.grace, "/todos")
    await stage.forward(hours=55)

    with stage.database.reading() as session:
        sent = session.exec(
            select(OutboxMessage.kind).where(col(OutboxMessage.message_id).is_not(None))
        )
    assert {
        one.of.kind for one in (*reminders.WRITERS, *acknowledgements.WRITERS, *requests.WRITERS)
    } - set(sent.all()) == set()
    assert leaks(stage) == {}


async def test_what_is_read_when_a_coordinator_changes_a_session(stage: Stage) -> None:
    await cast(stage)
    with stage.database.unit_of_work() as session:
        grace = session.exec(select(Person).where(Person.name == "Grace Tan")).one()
        emily = session.exec(select(Student)).one()
        builders.tutor(session, name="Marcus Lee", language=PSEUDO, telegram_user_id=None)
    first = await stage.session(grace, emily, starts_in=timedelta(hours=3))
    second = await stage.session(grace, emily, starts_in=timedelta(hours=30))
    lost = await stage.session(
        grace, emily, starts_in=-timedelta(days=1), status=Status.NOT_COMPLETED
    )
    await write(stage, stage.priya, "/dashboard zz")
    await write(stage, stage.priya, "/dashboard Emily")

    for phone, about in ((stage.mei, lost), (stage.grace, lost)):
        await press(stage, phone, f"ka.1:{about.id}", await anything(stage, phone))
    await look_at(stage, stage.priya, lost)
    await tap(stage, stage.priya, "kd.1")
    await write(stage, stage.priya, "2026-11-28 16:00")
    await write(stage, stage.priya, WHY)
    await tap(stage, stage.priya, "kc.")
    await press(stage, stage.priya, f"kc.1:{lost.id}:replace", await anything(stage, stage.priya))
    await press(stage, stage.mei, f"ka.1:{lost.id}", await anything(stage, stage.mei))
    await press(stage, stage.mei, f"kd.1:{lost.id}:replace", await anything(stage, stage.mei))

    await look_at(stage, stage.priya, second)
    await press(stage, stage.priya, f"kd.1:{second.id}:move")
    await write(stage, stage.priya, "zz")
    await write(stage, stage.priya, "2026-11-28 16:00")
    await write(stage, stage.priya, "2026-11-29 16:00")
    await write(stage, stage.priya, "/stop")
    await press(stage, stage.priya, f"kd.1:{second.id}:move", await anything(stage, stage.priya))
    await write(stage, stage.priya, "/disputes")
    await press(stage, stage.priya, f"kd.1:{second.id}:move", await anything(stage, stage.priya))
    await write(stage, stage.priya, "2026-11-29 16:00")
    await write(stage, stage.priya, WHY)
    await tap(stage, stage.priya, "kc.")
    await press(stage, stage.priya, f"kd.1:{second.id}:give")
    await tap(stage, stage.priya, "kg.")
    await write(stage, stage.priya, WHY)
    await tap(stage, stage.priya, "kc.")

    await look_at(stage, stage.priya, first)
    await press(stage, stage.priya, f"kd.1:{first.id}:cancel")
    await tap(stage, stage.priya, "ks.")
    await write(stage, stage.priya, WHY)
    await tap(stage, stage.priya, "kc.")
    await tap(stage, stage.priya, "kw.")
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, f"kw.1:{first.id}", await anything(stage, stage.priya))

    assert leaks(stage) == {}


async def anything(stage: Stage, phone: Phone) -> int:
    """A message of the bot's, on which a button can be forged."""
    await write(stage, phone, "/help")
    return int(phone.last()["message_id"])


async def test_what_is_read_when_extra_sessions_are_logged(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")
    await tap(stage, stage.grace, "at.1:0:day")
    await tap(stage, stage.grace, "rf.1:0:1")
    await write(stage, stage.grace, "20/11")
    await write(stage, stage.grace, "10:00")
    await write(stage, stage.grace, "5 min")
    await write(stage, stage.grace, "60 min")
    await tap(stage, stage.grace, "au")
    lines = ("20/11 11:00", "30/11 10:00 60 zz", "1/10 10:00 60 zz", "20/11 10:30 60 zz")
    await write(stage, stage.grace, "\n".join(lines))
    for number in (5, 4, 3, 2):
        await tap(stage, stage.grace, f"ae.1:0:{number}")
        await tap(stage, stage.grace, "ar")
    await write(stage, stage.grace, "/help")
    await tap(stage, stage.grace, "ah")
    await tap(stage, stage.grace, "ac")
    await write(stage, stage.grace, "/adhoc")
    await tap(stage, stage.grace, "al")

    assert leaks(stage) == {}

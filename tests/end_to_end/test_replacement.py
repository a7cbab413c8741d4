"""A lost session is asked to be replaced, and a coordinator replaces it (SPEC 2, 6; UX 3)."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from chat.callbacks import ConfirmCoordinate, CoordinatorChange, encode
from models import Appointment, AuditEvent
from models.enums import Action, Status
from sandbox.phone import Phone
from tests import files
from tests.end_to_end.scenes import (
    all_text,
    almost_asked,
    card_of,
    follow,
    live_buttons,
    look_at,
    marcus,
    message_of,
    press,
    write,
)
from tests.end_to_end.stage import Stage, buttons, labels, text_of

WHY = "Both have agreed by telephone."
LOST = "Thu 26 Nov 21:00-22:30"
NEW = "Sat 28 Nov 16:00-17:30"


async def lost(stage: Stage) -> Appointment:
    """Nobody answered Mei's request, so Thursday's session did not take place; it is 21:00."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=30))
    await almost_asked(stage, stage.mei, "fri 9pm", "School event")
    await press(stage, stage.mei, "Send")
    await stage.forward(hours=30)
    return session


def sessions(stage: Stage) -> list[Appointment]:
    with stage.database.reading() as rows:
        return list(rows.exec(select(Appointment).order_by(col(Appointment.id))).all())


async def replaced(stage: Stage, phone: Phone, when: str = "sat 4pm") -> str:
    """From the card of the lost session to the end; what the toast says."""
    await press(stage, phone, "Replace")
    await write(stage, phone, when)
    await write(stage, phone, WHY)
    return await press(stage, phone, "Book replacement")


@pytest.mark.parametrize("who", ["grace", "mei"])
async def test_one_tap_asks_the_group_and_a_coordinator_books_it(stage: Stage, who: str) -> None:
    session = await lost(stage)
    phone: Phone = getattr(stage, who)
    assert "Ask for replacement" in labels(phone.last())

    toast = await press(stage, phone, "Ask for replacement")

    assert toast == "You asked for a replacement at 21:00"
    assert "Ask for replacement" not in labels(phone.last())
    group = stage.priya_in_group.last()
    assert text_of(group).split("\n") == [
        "🔁 A replacement has been requested",
        "Emily · Mathematics",
        LOST,
        "with Grace Tan",
    ]
    (link,) = buttons(group)[0]
    assert link["url"].endswith(f"?start=change_replace_{session.id}")
    await look_at(stage, stage.priya, session)
    assert "asked for a replacement at 21:00" in text_of(stage.priya.last())
    assert labels(stage.priya.last()) == ["Replace"]

    await press(stage, stage.priya, "Replace")
    assert "When instead?" in text_of(stage.priya.last())
    assert f"Replacement: {NEW}" in await write(stage, stage.priya, "sat 4pm")
    assert WHY in await write(stage, stage.priya, WHY)
    assert labels(stage.priya.last()) == ["Book replacement", "Back", "Leave"]
    done = await press(stage, stage.priya, "Book replacement")

    assert done == "You booked the replacement at 21:00"
    assert f"Replaced by the session of {NEW}" in text_of(stage.priya.last())
    assert labels(stage.priya.last()) == []
    before, new = sessions(stage)
    assert (before.status, new.status, new.replaces_id) == (
        Status.NOT_COMPLETED,
        Status.SCHEDULED,
        session.id,
    )
    for reader in (stage.grace, stage.mei, stage.daniel):
        card = text_of(reader.last())
        assert NEW in card
        assert f"Replaces the session of {LOST}" in card
        assert f"Priya Nair booked the replacement at 21:00\nReason:\n{WHY}" in card
        assert labels(reader.last()) == ["Change time", "Cancel"]
        old = card_of(reader, "Not Completed")
        assert f"Replaced by the session of {NEW}" in text_of(old)
        assert "Ask for replacement" not in labels(old)


async def test_it_is_asked_once_whoever_taps(stage: Stage) -> None:
    session = await lost(stage)
    cards = {phone: phone.last()["message_id"] for phone in (stage.mei, stage.grace)}
    await press(stage, stage.mei, "Ask for replacement")
    ask = f"ka.1:{session.id}"

    again = await press(stage, stage.mei, ask, cards[stage.mei])
    other = await press(stage, stage.grace, ask, cards[stage.grace])

    assert again == "You asked for a replacement at 21:00"
    assert other == "Mei Lim asked for a replacement at 21:00"
    assert "Mei Lim asked for a replacement" in text_of(stage.daniel.last())
    assert "Ask for replacement" not in labels(stage.daniel.last())
    assert all_text(stage.priya_in_group).count("A replacement has been requested") == 1


async def test_a_coordinator_replaces_it_unasked_from_the_news_of_its_loss(stage: Stage) -> None:
    session = await lost(stage)
    (link,) = buttons(stage.priya_in_group.last())[0]
    assert link["text"] == "Replace"
    await follow(stage, stage.priya, link["url"])
    assert "When instead?" in text_of(stage.priya.last())

    assert f"Replacement: {NEW}" in await write(stage, stage.priya, "sat 4pm")
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Book replacement")

    assert len(sessions(stage)) == 2
    assert "Ask for replacement" not in labels(card_of(stage.mei, "Not Completed"))
    late = await press(
        stage,
        stage.mei,
        f"ka.1:{session.id}",
        card_of(stage.mei, "Not Completed")["message_id"],
    )
    assert late == "Priya Nair booked a replacement at 21:00: Sat 28 Nov 16:00-17:30."


async def test_the_groups_link_to_what_has_been_replaced_says_so_and_begins_nothing(
    stage: Stage,
) -> None:
    session = await lost(stage)
    (link,) = buttons(stage.priya_in_group.last())[0]
    await look_at(stage, stage.priya, session)
    await replaced(stage, stage.priya)

    other = marcus(stage)
    await follow(stage, other, link["url"])

    told = text_of(other.last())
    assert "Priya Nair booked a replacement at 21:00: Sat 28 Nov 16:00-17:30." in told
    assert "When instead?" not in all_text(other)
    assert len(sessions(stage)) == 2


async def test_a_colleague_was_first(stage: Stage) -> None:
    session = await lost(stage)
    other = marcus(stage)
    for phone in (stage.priya, other):
        await look_at(stage, phone, session)
    await press(stage, other, "Replace")
    await write(stage, other, "sun 4pm")
    await write(stage, other, WHY)
    question, panel = other.last()["message_id"], stage.priya.last()["message_id"]
    await replaced(stage, stage.priya)
    assert labels(other.last()) == []

    book = encode(ConfirmCoordinate(session.id, CoordinatorChange.REPLACE))
    late = await press(stage, other, book, question)
    again = await press(stage, stage.priya, book, panel)

    assert late == "Priya Nair booked a replacement at 21:00: Sat 28 Nov 16:00-17:30."
    assert again == "You booked the replacement at 21:00"
    assert f"Replaced by the session of {NEW}" in text_of(other.last())
    assert len(sessions(stage)) == 2


async def test_wrong_times_a_photo_back_and_leave(stage: Stage) -> None:
    session = await lost(stage)
    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Replace")
    for typed, answer in (
        ("soon", "Please type a day and a time"),
        ("21:00", "That time has passed"),
        ("wed 25 nov 2026 16:00", "That time has passed"),
    ):
        assert answer in await write(stage, stage.priya, typed)
    stage.priya.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "When instead?" in text_of(stage.priya.last())
    await write(stage, stage.priya, "sat 4pm")
    await stage.restart()
    await press(stage, stage.priya, "Back")
    assert "When instead?" in text_of(stage.priya.last())
    await press(stage, stage.priya, labels(stage.priya.last())[0])
    stage.priya.send_sticker()
    await stage.settled()
    assert "Why?" in text_of(stage.priya.last())

    assert await press(stage, stage.priya, "Leave") == "Nothing was changed."

    assert labels(stage.priya.last()) == ["Replace"]
    assert live_buttons(stage.priya) == [stage.priya.last()["message_id"]]
    assert len(sessions(stage)) == 1


async def test_a_replacement_that_is_lost_too_is_replaced_in_its_turn(stage: Stage) -> None:
    session = await lost(stage)
    await look_at(stage, stage.priya, session)
    await replaced(stage, stage.priya)
    await write(stage, stage.mei, "/change")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "mon 9pm")
    await press(stage, stage.mei, "School event")
    await press(stage, stage.mei, "Send")
    await stage.forward(hours=48)
    second = sessions(stage)[1]
    assert second.status is Status.NOT_COMPLETED
    card = stage.mei.last()["message_id"]
    await press(stage, stage.mei, f"se.1:{session.id}", card)
    card = stage.mei.last()["message_id"]
    assert "Its replacement of Sat 28 Nov 16:00-17:30: Not Completed" in text_of(stage.mei.last())

    await press(stage, stage.grace, "Ask for replacement")
    await look_at(stage, stage.priya, second)
    await replaced(stage, stage.priya, "tue 4pm")

    assert [one.replaces_id for one in sessions(stage)] == [None, session.id, second.id]
    with stage.database.reading() as rows:
        asked = rows.exec(
            select(AuditEvent.appointment_id).where(AuditEvent.action == Action.ASK_REPLACEMENT)
        )
        assert asked.all() == [second.id]
    told = text_of(message_of(stage.mei, card))
    assert "Sat 28 Nov" not in told
    assert "Tue 1 Dec 16:00" in told


async def test_strangers_neither_ask_nor_replace(stage: Stage) -> None:
    session = await lost(stage)

    told = await press(
        stage, stage.priya_in_group, f"ka.1:{session.id}", stage.priya_in_group.last()["message_id"]
    )
    assert "Only this child's parents" in told
    told = await press(
        stage, stage.mei, f"kd.1:{session.id}:replace", stage.mei.last()["message_id"]
    )
    assert "Only coordinators" in told
    stage.mei.start(f"replace_{session.id}")
    await stage.settled()
    assert "Only coordinators" in text_of(stage.mei.last())
    stage.priya.start("replace_x")
    await stage.settled()
    assert "no longer here" in text_of(stage.priya.last())
    assert len(sessions(stage)) == 1


async def test_a_replacement_that_the_family_cancels_no_longer_counts_as_one(stage: Stage) -> None:
    session = await lost(stage)
    await look_at(stage, stage.priya, session)
    await replaced(stage, stage.priya)
    assert f"Replaced by the session of {NEW}" in text_of(card_of(stage.daniel, "Not Completed"))

    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "School event")
    await press(stage, stage.mei, "Cancel session")

    for phone in (stage.mei, stage.daniel, stage.grace):
        old = text_of(card_of(phone, "Not Completed"))
        assert f"Its replacement of {NEW}: Cancelled by" in old
        assert "Replaced by" not in old

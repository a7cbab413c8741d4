"""Cards, albums and deliveries of several parts (UX 2; DESIGN 2, idea 6)."""

import io

import pytest
from PIL import Image

from chat.keyboards import InlineButton
from chat.message_parts import (
    CardOf,
    Edit,
    MediaItem,
    MediaKind,
    Nothing,
    Part,
    Refresh,
    Send,
    SendMedia,
    StoredFile,
)
from chat.screen import Screen
from models import Card, Person
from sandbox.faults import Fault
from services.messaging.deliveries import PARTS_SENT
from tests import builders
from tests.builders import NOW
from tests.jobs.outgoing import Outgoing

BUTTONS = ((InlineButton("Acknowledge", callback_data="ack"),),)


def appointment(out: Outgoing) -> int:
    with out.bench.database.unit_of_work() as session:
        row = builders.appointment(
            session,
            tutor=builders.tutor(session),
            student=builders.student(session),
        )
    return row.id


async def send(out: Outgoing, to: Person, *parts: Part) -> int:
    """Send a delivery of these parts, all the way."""
    out.composer = lambda _message: parts
    number = await out.write(to)
    await out.relay().drain()
    return number


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(made, "JPEG")
    return made.getvalue()


async def sent_card(out: Outgoing, to: Person, text: str, session_id: int) -> Card:
    await send(out, to, Send(Screen(text, BUTTONS), card=CardOf(session_id)))
    return out.cards()[-1]


async def test_a_card_is_kept_with_what_it_shows(out: Outgoing) -> None:
    grace, session_id = out.person(), appointment(out)

    card = await sent_card(out, grace, "awaiting", session_id)

    (message,) = out.messages(grace.telegram_user_id)
    assert (card.chat_id, card.message_id) == (grace.telegram_user_id, message["message_id"])
    assert (card.person_id, card.appointment_id, card.dispute_id) == (grace.id, session_id, None)
    assert (card.is_live, card.content_hash) == (True, Screen("awaiting", BUTTONS).content_hash)


async def test_a_new_card_takes_the_buttons_off_the_older_one_of_its_chat(out: Outgoing) -> None:
    grace, mei, session_id = out.person(), out.person(), appointment(out)
    await sent_card(out, mei, "awaiting", session_id)
    await sent_card(out, grace, "another session", appointment(out))
    await sent_card(out, grace, "awaiting", session_id)

    await sent_card(out, grace, "returned", session_id)

    lives = [card.is_live for card in out.cards()]
    assert lives == [True, True, False, True]
    marked = ["reply_markup" in message for message in out.messages(grace.telegram_user_id)]
    assert marked == [True, False, True]


async def test_a_card_is_edited_in_place_and_not_when_it_shows_that_already(out: Outgoing) -> None:
    grace = out.person()
    card = await sent_card(out, grace, "awaiting", appointment(out))
    done = Refresh([Edit(card.id, card.chat_id, card.message_id, Screen("acknowledged"))])

    await send(out, grace, done)
    await send(out, grace, done)

    (message,) = out.messages(grace.telegram_user_id)
    assert (message["text"], "reply_markup" in message) == ("acknowledged", False)
    assert len(out.bench.world.calls.all("editMessageText")) == 1
    (kept,) = out.cards()
    assert (kept.is_live, kept.content_hash) == (True, Screen("acknowledged").content_hash)


async def test_an_edit_that_telegram_says_changes_nothing_is_done(out: Outgoing) -> None:
    grace = out.person()
    card = await sent_card(out, grace, "awaiting", appointment(out))
    same = Screen("awaiting ", BUTTONS)

    number = await send(out, grace, Refresh([Edit(card.id, card.chat_id, card.message_id, same)]))

    (refused,) = out.bench.world.calls.all("editMessageText")
    assert refused["status"] == 400
    assert out.row(number).sent_at == NOW
    assert out.cards()[0].content_hash == same.content_hash


async def test_a_card_that_was_deleted_is_live_no_more_and_the_others_are_edited(
    out: Outgoing,
) -> None:
    grace, mei, session_id = out.person(), out.person(), appointment(out)
    gone = await sent_card(out, grace, "awaiting", session_id)
    there = await sent_card(out, mei, "awaiting", session_id)
    out.bench.world.delete(gone.chat_id, gone.message_id)
    edits = [
        Edit(card.id, card.chat_id, card.message_id, Screen("acknowledged"))
        for card in (gone, there)
    ]

    number = await send(out, grace, Refresh(edits))

    assert [card.is_live for card in out.cards()] == [False, True]
    assert out.texts(mei.telegram_user_id) == ["acknowledged"]
    assert out.row(number).sent_at == NOW
    assert out.notices() == []


async def test_a_card_that_is_live_no_more_is_not_edited(out: Outgoing) -> None:
    grace, session_id = out.person(), appointment(out)
    old = await sent_card(out, grace, "awaiting", session_id)
    await sent_card(out, grace, "returned", session_id)

    await send(out, grace, Refresh([Edit(old.id, old.chat_id, old.message_id, Screen("new"))]))

    replaced, newest = out.texts(grace.telegram_user_id)
    assert (replaced.endswith(": see below."), newest) == (True, "returned")


async def test_parts_go_out_in_order_and_none_twice_when_a_later_one_fails(out: Outgoing) -> None:
    grace = out.person()
    out.bench.world.faults.plan(Fault("sendVoice", "status", times=2, status=502))
    out.bench.app.media.contents["notes/a.oga"] = b"OggS" + b"\0" * 60  # type: ignore[attr-defined]
    voice = MediaItem(MediaKind.VOICE, StoredFile("notes/a.oga", "voice.oga"))

    number = await send(out, grace, Send(Screen("one")), SendMedia((voice,)), Send(Screen("two")))

    kinds = [m.get("text") or "voice" for m in out.messages(grace.telegram_user_id)]
    row = out.row(number)
    assert kinds == ["one", "voice", "two"]
    assert (row.sent_at, row.payload[PARTS_SENT]) == (NOW, 2)
    assert row.message_id == out.messages(grace.telegram_user_id)[0]["message_id"]


async def test_a_delivery_of_which_all_is_out_already_is_done(out: Outgoing) -> None:
    grace = out.person()
    number = await out.write(grace, parts_sent=2)
    out.composer = lambda _message: [Send(Screen("one")), Nothing("no more")]

    await out.relay().drain()

    assert out.texts(grace.telegram_user_id) == []
    assert out.row(number).sent_at == NOW


async def test_what_a_message_says_too_counts_as_sent_with_it(out: Outgoing) -> None:
    grace = out.person()
    numbers = [await out.write(grace, f"question {number}") for number in range(4)]
    out.composer = lambda message: Send(
        Screen(message.payload["text"]),
        says_too=(numbers[1], numbers[2]) if message.id == numbers[0] else (),
    )

    await out.relay().drain()

    assert out.texts(grace.telegram_user_id) == ["question 0", "question 3"]
    assert out.composed == [numbers[0], numbers[3]]
    said = [out.row(number) for number in numbers[:3]]
    assert {(row.sent_at, row.chat_id, row.message_id) for row in said} == {
        (NOW, said[0].chat_id, said[0].message_id)
    }
    assert [row.error for row in said] == [None, *[f"said by message {numbers[0]}"] * 2]


async def test_what_a_message_was_to_say_too_is_not_lost_where_it_cannot_be_sent(
    out: Outgoing,
) -> None:
    grace = out.person()
    first, second = [await out.write(grace, text) for text in ("<b>no end", "question 1")]
    out.composer = lambda message: Send(
        Screen(message.payload.get("text", "given up")),
        says_too=(second,) if message.id == first else (),
    )

    await out.relay().drain()

    assert out.texts(grace.telegram_user_id) == ["question 1"]


async def test_photos_of_the_store_go_as_one_album(out: Outgoing) -> None:
    grace = out.person()
    files = out.bench.app.media.contents  # type: ignore[attr-defined]
    files["notes/a.jpg"] = files["notes/b.jpg"] = picture()
    album = SendMedia(
        (
            MediaItem(MediaKind.PHOTO, StoredFile("notes/a.jpg", "a.jpg"), caption="<b>Notes</b>"),
            MediaItem(MediaKind.PHOTO, StoredFile("notes/b.jpg", "b.jpg")),
        )
    )

    await send(out, grace, album)

    first, second = out.messages(grace.telegram_user_id)
    assert first["caption"] == "Notes"
    assert first["media_group_id"] == second["media_group_id"]


async def test_a_document_goes_by_telegrams_own_id_as_an_answer_to_a_message(
    out: Outgoing,
) -> None:
    grace = out.person()
    phone = out.bench.phone(grace.telegram_user_id or 0)
    theirs = phone.send_document(b"%PDF-1.4 x", "sheet.pdf", "application/pdf")
    item = MediaItem(MediaKind.DOCUMENT, theirs["document"]["file_id"])

    await send(out, grace, SendMedia((item,), reply_to=theirs["message_id"]))

    ours = phone.last()
    assert ours["document"]["file_name"] == "sheet.pdf"
    assert ours["reply_to_message"]["message_id"] == theirs["message_id"]


async def test_a_file_that_the_store_does_not_have_is_given_up(out: Outgoing) -> None:
    grace = out.person()
    lost = MediaItem(MediaKind.PHOTO, StoredFile("notes/lost.jpg", "lost.jpg"))

    number = await send(out, grace, SendMedia((lost,)))

    row = out.row(number)
    assert (row.failed_at, row.error) == (NOW, "MediaMissingError: notes/lost.jpg")


async def test_a_question_asks_for_a_reply_and_is_sent_even_where_its_message_is_gone(
    out: Outgoing,
) -> None:
    grace = out.person()

    await send(out, grace, Send(Screen("Why?"), reply_to=987_654, force_reply="Your reason"))

    (message,) = out.messages(grace.telegram_user_id)
    assert message["text"] == "Why?"
    (call,) = out.bench.calls("sendMessage")
    assert "Your reason" in str(call["fields"]["reply_markup"])


@pytest.mark.parametrize(
    "items",
    [
        (),
        (MediaItem(MediaKind.PHOTO, "x"),) * 11,
        (MediaItem(MediaKind.PHOTO, "x"), MediaItem(MediaKind.DOCUMENT, "y")),
        (MediaItem(MediaKind.VOICE, "x"), MediaItem(MediaKind.VOICE, "y")),
    ],
    ids=["empty", "eleven", "mixed", "voices"],
)
def test_an_album_that_telegram_does_not_know_cannot_be_made(items: tuple[MediaItem, ...]) -> None:
    with pytest.raises(ValueError, match=r"album|voice"):
        SendMedia(items)

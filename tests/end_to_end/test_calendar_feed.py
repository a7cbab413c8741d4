"""The calendar feed from the chat: its address made, replaced and ended (SPEC 10)."""

import re

import pytest
from sqlmodel import select

from chat.app_context import Pages
from models import Person
from services.feeds.addresses import FeedAddresses
from services.rules.refusals.sessions import NotFound
from tests.builders import SIGN_IN, acting
from tests.end_to_end.scenes import message_of, press, write
from tests.end_to_end.stage import MEI, Stage, labels, text_of
from tests.services.proofs import refused


def secret_in(text: str) -> str:
    found = re.search(r"http://pages\.test/feeds/([\w-]{43})\.ics", text)
    assert found, text
    return found[1]


async def test_the_address_is_made_replaced_and_ended_in_the_chat(stage: Stage) -> None:
    stage.people()
    stage.running.app.pages = Pages("http://pages.test")
    await write(stage, stage.mei, "/web")
    assert labels(stage.mei.last()) == ["Calendar"]

    await press(stage, stage.mei, "Calendar")
    assert "You have no address yet" in text_of(stage.mei.last())
    assert "a day late" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Make an address")
    first = secret_in(text_of(stage.mei.last()))
    assert "Any earlier address no longer works." in text_of(stage.mei.last())
    await press(stage, stage.mei, "New address")
    second = secret_in(text_of(stage.mei.last()))

    feeds = FeedAddresses(SIGN_IN.secret)
    with stage.database.reading() as session:
        with refused(NotFound):
            feeds.reader_of(session, first)
        assert feeds.reader_of(session, second).telegram_user_id == MEI
    assert labels(stage.mei.last()) == ["New address", "End it"]
    assert await press(stage, stage.mei, "End it") == "The address no longer works."
    assert "You have no address yet" in text_of(stage.mei.last())
    with stage.database.reading() as session, refused(NotFound):
        feeds.reader_of(session, second)


async def test_an_address_that_was_made_on_a_page_is_not_ended_by_an_older_button(
    stage: Stage,
) -> None:
    stage.people()
    feeds = FeedAddresses(SIGN_IN.secret)
    await write(stage, stage.mei, "/web")
    await press(stage, stage.mei, "Calendar")
    with stage.database.unit_of_work() as session:
        mei = session.exec(select(Person).where(Person.name == "Mei Lim")).one()
        on_page = feeds.make(session, mei, acting(mei, stage.now))

    toast = await press(stage, stage.mei, "Make an address")

    assert toast == "Your calendar has another address by now. A new one would end it."
    assert "You have an address, made at 15:00." in text_of(stage.mei.last())
    assert "make a new one, which ends it" in text_of(stage.mei.last())
    with stage.database.unit_of_work() as session:
        assert feeds.reader_of(session, on_page).telegram_user_id == MEI
        mei = session.exec(select(Person).where(Person.name == "Mei Lim")).one()
        newer = feeds.make(session, mei, acting(mei, stage.now))

    await press(stage, stage.mei, "End it")
    with stage.database.reading() as session:
        assert feeds.reader_of(session, newer).telegram_user_id == MEI
    await press(stage, stage.mei, "End it")
    with stage.database.reading() as session, refused(NotFound):
        feeds.reader_of(session, newer)


def on_a_page(stage: Stage, does: str) -> None:
    """Mei makes or ends her address on a page."""
    feeds = FeedAddresses(SIGN_IN.secret)
    with stage.database.unit_of_work() as session:
        mei = session.exec(select(Person).where(Person.name == "Mei Lim")).one()
        getattr(feeds, does)(session, mei, acting(mei, stage.now))
    stage.running.app.wake_relay()


@pytest.mark.parametrize(
    ("does", "stands", "offers"),
    [
        ("make", "You have an address, made at 15:01.", ["New address", "End it"]),
        ("revoke", "You have no address yet.", ["Make an address"]),
    ],
)
async def test_an_address_that_a_page_has_ended_stands_in_the_chat_no_longer(
    stage: Stage, does: str, stands: str, offers: list[str]
) -> None:
    stage.people()
    stage.running.app.pages = Pages("http://pages.test")
    await write(stage, stage.mei, "/web")
    await press(stage, stage.mei, "Calendar")
    await press(stage, stage.mei, "Make an address")
    shown = stage.mei.last()["message_id"]
    await stage.forward(minutes=1)
    assert secret_in(text_of(message_of(stage.mei, shown)))

    on_a_page(stage, does)
    await stage.settled()

    told = message_of(stage.mei, shown)
    assert "/feeds/" not in text_of(told)
    assert stands in text_of(told)
    assert labels(told) == offers


async def test_that_there_is_no_address_is_said_no_longer_once_a_page_has_made_one(
    stage: Stage,
) -> None:
    stage.people()
    await write(stage, stage.mei, "/web")
    await press(stage, stage.mei, "Calendar")
    shown = stage.mei.last()["message_id"]

    on_a_page(stage, "make")
    await stage.settled()
    assert "You have an address, made at 15:00." in text_of(message_of(stage.mei, shown))

    on_a_page(stage, "revoke")
    await stage.settled()
    assert "You have no address yet." in text_of(message_of(stage.mei, shown))


async def test_an_address_that_works_stays_although_there_is_a_newer_message(stage: Stage) -> None:
    stage.people()
    stage.running.app.pages = Pages("http://pages.test")
    await write(stage, stage.mei, "/web")
    menu = stage.mei.last()["message_id"]
    await press(stage, stage.mei, "Calendar")
    await press(stage, stage.mei, "Make an address")
    first = stage.mei.last()["message_id"]
    await press(stage, stage.mei, "Calendar", menu)
    assert secret_in(text_of(message_of(stage.mei, first)))

    await press(stage, stage.mei, "New address")
    await stage.forward(minutes=1)  # the newer message is recorded after it was shown

    assert secret_in(text_of(stage.mei.last()))
    assert text_of(message_of(stage.mei, first)) == "⬇️ Your calendar address: see below."
    assert labels(message_of(stage.mei, first)) == []

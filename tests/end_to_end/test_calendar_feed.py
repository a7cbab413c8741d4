"""The calendar feed from the chat: its address made, replaced and ended (SPEC 10)."""

import re

from chat.app_context import Pages
from services.feeds.addresses import FeedAddresses
from services.rules.refusals.sessions import NotFound
from tests.builders import SIGN_IN
from tests.end_to_end.scenes import press, write
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

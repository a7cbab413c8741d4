"""What bad input gets: a sentence on what is so and what to do, and nothing changed (UX 6)."""

from collections.abc import Callable

import pytest

from models.enums import Status
from sandbox.phone import Phone
from tests import files
from tests.end_to_end.note_scenes import notes_begun, parts_of, tallies
from tests.end_to_end.scenes import all_text, just_over, press, under_way, write
from tests.end_to_end.stage import Stage, text_of, texts

INVITATION = "Please ask your tutoring agency for an invitation link"

SENDINGS: dict[str, Callable[[Phone], object]] = {
    "start": lambda phone: phone.start(),
    "text": lambda phone: phone.send_text("Hello?"),
    "command": lambda phone: phone.send_text("/checkin"),
    "unknown command": lambda phone: phone.send_text("/chekin"),
    "help": lambda phone: phone.send_text("/help"),
    "language": lambda phone: phone.send_text("/language"),
    "stop": lambda phone: phone.send_text("/stop"),
    "photo": lambda phone: phone.send_photo(files.jpeg_photo()),
    "document": lambda phone: phone.send_document(files.pdf(), "a.pdf", "application/pdf"),
    "voice": lambda phone: phone.send_voice(files.ogg_voice(1), 1),
    "audio": lambda phone: phone.send_audio(files.mp3()),
    "video": lambda phone: phone.send_video(),
    "sticker": lambda phone: phone.send_sticker(),
    "location": lambda phone: phone.send_location(),
}
"""Everything that a person can send."""


async def test_a_stranger_is_told_how_to_get_an_invitation_whatever_they_send(
    stage: Stage,
) -> None:
    for name, send in SENDINGS.items():
        send(stage.stranger)
        await stage.settled()
        assert INVITATION in text_of(stage.stranger.last()), name
    assert len(texts(stage.stranger)) == len(SENDINGS)


@pytest.mark.parametrize("data", ["ci.1:{id}", "vn.1:{id}", "ak.1:{id}", "nonsense", "la.1:ta"])
async def test_a_stranger_who_forges_a_tap_is_told_so_too(stage: Stage, data: str) -> None:
    session = await just_over(stage)
    await write(stage, stage.stranger, "Hello?")

    told = await press(
        stage, stage.stranger, data.format(id=session.id), stage.stranger.last()["message_id"]
    )

    assert INVITATION in told
    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


@pytest.mark.parametrize(
    "data",
    [
        "nonsense",
        "ci.0:1",
        "ci.1:99999999999999999999",
        "ci.1:-1",
        "ci.1:one",
        "ci.1",
        "ab.1:1:7:7",
        "la.1:xx",
        "x" * 64,
    ],
)
async def test_a_forged_or_outdated_button_gets_a_toast_and_changes_nothing(
    stage: Stage, data: str
) -> None:
    session = await under_way(stage)
    await write(stage, stage.grace, "/sessions")
    before = texts(stage.grace)

    told = await press(stage, stage.grace, data, stage.grace.last()["message_id"])

    assert told.startswith("This button is out of date.")
    assert texts(stage.grace) == before
    assert stage.status(session) is Status.CHECKED_IN


async def test_buttons_of_what_is_not_there_get_a_toast(stage: Stage) -> None:
    await under_way(stage)
    await write(stage, stage.grace, "/sessions")
    message_id = stage.grace.last()["message_id"]

    for code in ("se", "ci", "co", "wn", "vn", "nr", "nd", "ns"):
        assert await press(stage, stage.grace, f"{code}.1:987654", message_id), code


@pytest.mark.parametrize("data", ["ls.1:dashboard", "ip.1:0", "in.1:1", "cl.1:1"])
async def test_who_forges_a_coordinators_button_is_told_that_it_is_not_for_them(
    stage: Stage, data: str
) -> None:
    await under_way(stage)
    await write(stage, stage.grace, "/sessions")
    message = stage.grace.last()

    told = await press(stage, stage.grace, data, message["message_id"])

    assert told.startswith(("Only coordinators can do this.", "That is no longer here."))
    assert stage.grace.last() == message


async def test_a_tap_that_is_too_old_to_be_answered_has_its_effect_all_the_same(
    stage: Stage,
) -> None:
    session = await under_way(stage)
    await write(stage, stage.grace, "/sessions")
    stage.expect_refusal("query is too old")
    await stage.stop()

    stage.grace.press("Check out · Emily Lim")
    stage.world.taps.restore({"next_id": 1, "taps": []})
    await stage.start()
    await stage.settled()

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT
    assert len(tallies(stage)) == 1


@pytest.mark.parametrize("kind", ["sticker", "location", "video"])
async def test_what_is_no_note_gets_a_sentence_and_the_dialogue_goes_on(
    stage: Stage, kind: str
) -> None:
    session = await notes_begun(stage)
    with stage.world.turn():
        stage.grace.send_text("one")
        SENDINGS[kind](stage.grace)
    await stage.settled()

    assert "That can't go into the notes. Please send a text, photo" in all_text(stage.grace)
    assert "1 text" in text_of(stage.grace.last())
    assert len(tallies(stage)) == 1
    assert "2 texts" in await write(stage, stage.grace, "two")
    assert len(parts_of(stage, session)) == 2


@pytest.mark.parametrize("text", ["/chekin", "/2", "/notes_please", "/CHECKINN"])
async def test_an_unknown_command_points_to_help_and_leaves_the_dialogue_be(
    stage: Stage, text: str
) -> None:
    await notes_begun(stage)

    answer = await write(stage, stage.grace, text)

    assert answer.startswith("I do not know that command.")
    assert "1 text" in await write(stage, stage.grace, "one")


async def test_capitals_and_the_bots_name_are_part_of_no_typo(stage: Stage) -> None:
    stage.people()

    for text in ("/CheckIn", "/checkin@tutorline_bot", "/checkin now please"):
        answer = await write(stage, stage.grace, text)
        assert answer.startswith("You have no session to check in to."), text


async def test_an_edited_message_is_no_command_and_no_part(stage: Stage) -> None:
    session = await under_way(stage)
    sent = stage.grace.send_text("/checkou")
    await stage.settled()
    before = texts(stage.grace)

    stage.grace.edit_text(sent["message_id"], "/checkout")
    await stage.settled()
    assert stage.status(session) is Status.CHECKED_IN
    assert texts(stage.grace) == before

    await write(stage, stage.grace, "/checkout")
    stage.grace.edit_text(sent["message_id"], "A note, perhaps?")
    await stage.settled()
    assert parts_of(stage, session) == []


async def test_an_album_outside_of_any_dialogue_is_answered_once(stage: Stage) -> None:
    stage.people()

    stage.grace.send_album([files.jpeg_photo() for _ in range(5)])
    await stage.settled()

    [answer] = texts(stage.grace)
    assert answer.startswith("I have not kept that.")


async def test_somebody_who_blocked_the_bot_blocks_nobody_else(stage: Stage) -> None:
    session = await under_way(stage)
    stage.expect_refusal("bot was blocked by the user")
    stage.grace.send_text("/checkout")
    stage.grace.block()
    await stage.settled()

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT
    assert "Awaiting Your Acknowledgement" in text_of(stage.mei.last())

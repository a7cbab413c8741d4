"""Files of notes: what is kept and comes back, what is refused and why, and storage that is down.

SPEC 4; what bad input gets.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from sandbox.bot_api.files import StatedSize
from sandbox.faults import Fault, FaultKind
from sandbox.phone import Phone
from sandbox.wire import Json
from tests import files
from tests.end_to_end.note_scenes import notes_begun, parts_of, tallies
from tests.end_to_end.scenes import all_text, card_of, press, write
from tests.end_to_end.stage import OUTAGE, Stage, text_of

MEBIBYTE = 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def files_in(phone: Phone, kind: str) -> list[Json]:
    """The bot's messages of this kind in a chat."""
    bot_id = phone.world.bot.id
    return [one for one in phone.messages() if kind in one and one["from"]["id"] == bot_id]


def content(stage: Stage, message: Json, kind: str) -> bytes:
    """The bytes of a file that the bot sent."""
    file = message[kind][-1] if kind == "photo" else message[kind]
    stored = stage.world.files.get(file["file_id"])
    assert stored is not None
    return stage.world.files.read(stored)


async def refused(stage: Stage, sent: Json) -> str:
    """Why a file was refused, in reply to its message."""
    await stage.settled()
    replies = [
        one
        for one in stage.grace.messages()
        if one.get("reply_to_message", {}).get("message_id") == sent["message_id"]
    ]
    return "\n".join(text_of(one) for one in replies)


async def test_view_notes_gives_back_what_was_stored_to_parents_and_tutor(stage: Stage) -> None:
    await notes_begun(stage)
    stage.grace.send_text("Fractions <b>went</b> well & fast.")
    stage.grace.send_album([files.jpeg_photo(), files.jpeg_photo()], caption="5 < 7 & 3 > 2")
    stage.grace.send_document(files.pdf(), "sheet.pdf", "application/pdf", caption="<homework>")
    stage.grace.send_document(files.heic(), "board.heic", "image/heic")
    stage.grace.send_voice(files.ogg_voice(3), 3)
    stage.grace.send_audio(files.mp3(), "reading.mp3")
    await stage.settled()
    await press(stage, stage.grace, "Done")

    for phone in (stage.mei, stage.grace):
        await press(stage, phone, "View notes")

        assert "Fractions <b>went</b> well & fast." in all_text(phone)
        photos = files_in(phone, "photo")
        assert [text_of(one) for one in photos] == ["5 < 7 & 3 > 2", ""]
        sheet, board = files_in(phone, "document")
        assert (sheet["document"]["file_name"], text_of(sheet)) == ("sheet.pdf", "<homework>")
        assert content(stage, sheet, "document") == files.pdf()
        assert board["document"]["file_name"] == "board.jpg"
        for one, kind in [*((photo, "photo") for photo in photos), (board, "document")]:
            opened = Image.open(BytesIO(content(stage, one, kind)))
            assert opened.format == "JPEG"
            assert not opened.getexif()
        assert len(files_in(phone, "voice")) == 1
        assert files_in(phone, "audio")[0]["audio"]["file_name"] == "reading.mp3"


async def test_a_picture_sent_as_a_file_is_stored_without_its_place(stage: Stage) -> None:
    session = await notes_begun(stage)

    stage.grace.send_document(files.jpeg_photo(), "board.jpg", "image/jpeg")
    await stage.settled()

    [part] = parts_of(stage, session)
    stored = await stage.media.get(part.media_key or "")
    assert files.METADATA_CANARY.encode() in files.jpeg_photo()
    assert files.METADATA_CANARY.encode() not in stored


@pytest.mark.parametrize("kind", ["document", "audio"])
async def test_a_file_whose_size_is_told_and_too_large_is_refused_at_once(
    stage: Stage, kind: str
) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "one")
    too_large = 10 * MEBIBYTE + 1

    if kind == "document":
        stage.grace.send_document(files.pdf(), "big.pdf", "application/pdf", stated_size=too_large)
    else:
        stage.grace.send_audio(files.mp3(), "big.mp3", stated_size=too_large)
    await stage.settled()

    assert "is over 10 MB. Please send a smaller version, or split it." in all_text(stage.grace)
    assert stage.world.calls.all("getFile") == []
    assert stage.grace.last() == tallies(stage)[0]
    assert "1 text" in text_of(stage.grace.last())
    assert len(parts_of(stage, session)) == 1


async def test_exactly_ten_mebibytes_pass(stage: Stage) -> None:
    session = await notes_begun(stage)
    body = files.pdf()

    padded = body + b"\n" * (10 * MEBIBYTE - len(body))
    stage.grace.send_document(padded, "big.pdf", "application/pdf")
    await stage.settled()

    [part] = parts_of(stage, session)
    assert part.stored_at is not None
    assert part.size_bytes == 10 * MEBIBYTE


@pytest.mark.parametrize("stated", [1000, "absent"])
async def test_a_size_that_lies_or_is_absent_is_found_out_and_the_others_are_kept(
    stage: Stage, stated: StatedSize
) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "one")
    padded = files.pdf() + b"\n" * (10 * MEBIBYTE)

    sent = stage.grace.send_document(padded, "big.pdf", "application/pdf", stated_size=stated)

    assert await refused(stage, sent) == (
        "big.pdf is over 10 MB. Please send a smaller version, or split it. "
        "The other parts are kept."
    )
    assert [part.text for part in parts_of(stage, session)] == ["one"]
    assert "So far: 1 text" in text_of(tallies(stage)[0])


@pytest.mark.parametrize(
    ("make", "name", "mime", "why"),
    [
        (files.executable, "sheet.pdf", "application/pdf", "sheet.pdf is a program"),
        (files.zip_bomb, "sheet.docx", DOCX, "unpacks to far more than it should"),
        (files.png, "sheet.pdf", "application/pdf", "says pdf, but its content is png"),
        (files.mp4_video, "lesson.mp4", "video/mp4", "is of a kind that can't be kept (video)"),
    ],
)
async def test_what_a_file_must_not_be_is_refused_with_the_reason_and_the_others_are_kept(
    stage: Stage, make: Callable[[], bytes], name: str, mime: str, why: str
) -> None:
    session = await notes_begun(stage)

    stage.grace.send_photo(files.jpeg_photo())
    sent = stage.grace.send_document(make(), name, mime)

    assert why in await refused(stage, sent)
    [kept] = parts_of(stage, session)
    assert kept.stored_at is not None
    assert "So far: 1 photo" in text_of(tallies(stage)[0])


async def test_storage_that_is_down_delays_a_file_and_loses_none(stage: Stage) -> None:
    session = await notes_begun(stage)
    stage.disk.is_down = True

    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "1 file is still being saved" in text_of(stage.grace.last())
    await press(stage, stage.grace, "Done")
    assert "1 file is still being saved" in text_of(stage.grace.last())
    await press(stage, stage.mei, "View notes")
    assert "1 file is still being saved. Try again in a minute." in text_of(stage.mei.last())

    stage.disk.is_down = False
    await stage.forward(minutes=2)
    [part] = parts_of(stage, session)
    assert part.stored_at is not None
    told = text_of(card_of(stage.grace, "Done. Thank you."))
    assert "still being saved" not in told
    await press(stage, stage.mei, "View notes")
    assert len(files_in(stage.mei, "photo")) == 1


async def test_the_tally_does_not_say_that_a_file_is_on_its_way_once_it_is_home(
    stage: Stage,
) -> None:
    """The file comes home while the message that counts it is still being sent."""
    await notes_begun(stage)
    stage.world.faults.plan(Fault("sendMessage", "delay", seconds=1.0))

    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()

    sent = stage.world.calls.all("sendMessage")[-1]
    assert "still being saved" in sent["fields"]["text"]
    assert "still being saved" not in text_of(stage.grace.last())


@pytest.mark.parametrize("method", ["sendMessage", "sendMediaGroup", "sendDocument"])
async def test_told_to_wait_while_it_shows_notes_it_goes_on_and_sends_nothing_twice(
    stage: Stage, method: str
) -> None:
    await notes_begun(stage)
    stage.grace.send_text("one")
    stage.grace.send_album([files.jpeg_photo(), files.jpeg_photo()])
    stage.grace.send_document(files.pdf(), "sheet.pdf", "application/pdf")
    await stage.settled()
    await press(stage, stage.grace, "Done")
    stage.world.faults.plan(Fault(method, "retry_after", retry_after=1))
    stage.expect_refusal(OUTAGE)

    await press(stage, stage.mei, "View notes")

    assert all_text(stage.mei).count("Notes by Grace Tan") == 1
    assert len(files_in(stage.mei, "photo")) == 2
    assert len(files_in(stage.mei, "document")) == 1


@pytest.mark.parametrize("method", ["getFile", "download"])
async def test_a_download_that_fails_is_tried_again(stage: Stage, method: str) -> None:
    session = await notes_begun(stage)
    stage.world.faults.plan(Fault(method, "status", times=2))
    stage.expect_refusal(OUTAGE)

    stage.grace.send_voice(files.ogg_voice(3), 3)
    await stage.settled()
    assert "1 file is still being saved" in text_of(stage.grace.last())
    await stage.forward(seconds=10)
    assert "1 file is still being saved" in text_of(stage.grace.last())
    await stage.forward(minutes=1)

    [part] = parts_of(stage, session)
    assert part.stored_at is not None
    assert "still being saved" not in text_of(stage.grace.last())


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "status", "retry_after"])
async def test_telegram_failing_while_parts_come_loses_and_doubles_none(
    stage: Stage, kind: FaultKind
) -> None:
    session = await notes_begun(stage)
    stage.expect_refusal(OUTAGE)
    stage.world.faults.plan(Fault("sendMessage", kind, seconds=0.1))

    stage.grace.send_text("one")
    await stage.settled()
    stage.world.faults.plan(Fault("*", kind, seconds=0.1))
    stage.grace.send_album([files.jpeg_photo(), files.jpeg_photo()])
    await stage.settled()
    await stage.forward(seconds=30)

    assert "2 photos, 1 text" in text_of(stage.grace.last())
    assert len(parts_of(stage, session)) == 3
    for stray in tallies(stage)[:-1]:
        await press(stage, stage.grace, "Remove last", stray["message_id"])
    await press(stage, stage.grace, "Done")
    assert tallies(stage) == []


async def test_a_long_note_comes_back_whole_within_telegrams_limits(stage: Stage) -> None:
    await notes_begun(stage)
    long = "<&>" * 1200 + "🙂" * 240
    stage.grace.send_text(long)
    stage.grace.send_text(long)
    await stage.settled()
    await press(stage, stage.grace, "Done")

    await press(stage, stage.mei, "View notes")

    written = "".join(all_text(stage.mei).split())
    assert written.count("<&>") == 2400
    assert written.count("🙂") == 480


async def test_what_waits_for_storage_survives_a_restart(stage: Stage) -> None:
    session = await notes_begun(stage)
    stage.disk.is_down = True
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()

    await stage.restart()
    stage.disk.is_down = False
    await stage.forward(minutes=1)

    [part] = parts_of(stage, session)
    assert part.stored_at is not None


async def test_a_photo_that_is_taken_back_leaves_the_store(stage: Stage, tmp_path: Path) -> None:
    session = await notes_begun(stage)
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    [part] = parts_of(stage, session)
    assert part.media_key is not None
    assert await stage.media.exists(part.media_key)

    await press(stage, stage.grace, "Remove last")

    assert parts_of(stage, session) == []
    assert not await stage.media.exists(part.media_key)
    assert [one for one in (tmp_path / "media").rglob("*.jpg") if one.is_file()] == []

"""A photo or a document sent while disputing is evidence (SPEC 5)."""

import pytest
from sqlmodel import select

from models import EvidenceFile
from models.enums import PartKind, Status
from sandbox.faults import Fault
from sandbox.phone import Phone
from tests import files
from tests.end_to_end.scenes import (
    TEXT,
    all_text,
    card_of,
    just_over,
    message_of,
    press,
    write,
)
from tests.end_to_end.stage import OUTAGE, Stage, labels, text_of
from tests.files.hostile import executable


def kept(stage: Stage) -> list[EvidenceFile]:
    with stage.database.reading() as session:
        return list(session.exec(select(EvidenceFile)).all())


def photos(phone: Phone) -> int:
    """How many photos the bot sent to this chat."""
    bot_id = phone.world.bot.id
    return sum("photo" in one for one in phone.messages() if one["from"]["id"] == bot_id)


async def with_evidence(stage: Stage) -> None:
    """Mei disputes with a text, a photo with a caption, and a document."""
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    assert "or send photos or documents as evidence." in text_of(stage.mei.last())
    stage.mei.send_photo(files.jpeg_photo(), "The clock")
    await stage.settled()
    assert "The clock\n📎 1 photo" in text_of(stage.mei.last())
    await write(stage, stage.mei, TEXT)
    stage.mei.send_document(files.pdf(), "sheet.pdf", "application/pdf")
    await stage.settled()


async def test_photos_and_documents_are_evidence_that_coordinators_read_in_private(
    stage: Stage,
) -> None:
    await with_evidence(stage)
    shown = text_of(stage.mei.last())
    assert f"The clock\n{TEXT}\n📎 1 photo, 1 document" in shown
    assert "only take text" not in all_text(stage.mei)
    assert labels(stage.mei.last()) == ["Dispute", "Back", "Leave"]
    assert kept(stage) == []
    await stage.restart()

    await press(stage, stage.mei, "Dispute")

    evidence = f"The clock\n{TEXT}\n📎 1 photo, 1 document"
    for phone in (stage.mei, stage.daniel):
        assert evidence in text_of(card_of(phone, "Disputed"))
    assert "📎" not in text_of(card_of(stage.grace, "Disputed"))
    found = kept(stage)
    assert [one.kind for one in found] == [PartKind.PHOTO, PartKind.DOCUMENT]
    assert all(one.stored_at and one.dispute_id for one in found)
    stage.priya.start("dispute_1")
    await stage.settled()
    assert photos(stage.priya) == 1
    assert evidence in text_of(card_of(stage.priya, "Disputed"))
    told = "📎 Dispute 1: what the family of Emily Lim sent, Wed 25 Nov 13:40-15:10"
    assert told in all_text(stage.priya)
    assert stage.priya.last()["document"]["file_name"] == "sheet.pdf"
    for phone in (stage.grace, stage.daniel, stage.priya_in_group):
        assert photos(phone) == 0


async def test_it_goes_with_the_report_where_somebody_was_first(stage: Stage) -> None:
    await with_evidence(stage)
    await press(stage, stage.daniel, "Acknowledge")
    assert "📎 1 photo, 1 document" in text_of(stage.mei.last())

    await press(stage, stage.mei, "Send it")

    assert all(one.stored_at and one.report_id for one in kept(stage))
    stage.priya.start("problem_1")
    await stage.settled()
    assert photos(stage.priya) == 1


async def test_a_photo_alone_says_enough_but_for_other(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Other")
    stage.mei.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "Please write in a few words" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Back")
    await press(stage, stage.mei, "Conduct")
    stage.mei.send_photo(files.jpeg_photo())
    await stage.settled()

    assert "📎 2 photos" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Dispute")
    assert stage.status(session) is Status.DISPUTED
    assert len(kept(stage)) == 2


async def test_a_sticker_gets_a_sentence_and_loses_nothing(stage: Stage) -> None:
    await with_evidence(stage)
    stage.mei.send_sticker()
    await stage.settled()

    told = text_of(stage.mei.last())
    assert told.startswith("Please send text, a photo or a document.")
    assert f"The clock\n{TEXT}\n📎 1 photo, 1 document" in told


async def test_a_file_that_is_too_large_is_refused_and_the_dispute_goes_on(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    stage.mei.send_document(bytes(10 * 1024 * 1024 + 1), "big.pdf", "application/pdf")
    await stage.settled()
    assert "10 MB" in text_of(stage.mei.last())

    await write(stage, stage.mei, TEXT)
    await press(stage, stage.mei, "Dispute")

    assert stage.status(session) is Status.DISPUTED
    assert kept(stage) == []


async def test_a_file_that_cannot_be_kept_is_refused_at_once_and_never_counted(
    stage: Stage,
) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Wrong time")
    stage.mei.send_document(files.pdf(), "sheet.pdf", "application/pdf")
    await stage.settled()
    question = stage.mei.last()["message_id"]

    stage.mei.send_document(executable(), "bad.pdf", "application/pdf")
    await stage.settled()

    refused = "bad.pdf is a program. Please send a photo, PDF or Office file."
    assert text_of(stage.mei.last()) == refused
    assert "📎 1 document" in text_of(message_of(stage.mei, question))
    stage.mei.send_document(executable(), "worse.pdf", "application/pdf", "It was at five")
    await stage.settled()
    assert "worse.pdf is a program." in all_text(stage.mei)
    assert "It was at five\n📎 1 document" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Dispute")
    assert stage.status(session) is Status.DISPUTED
    assert [one.file_name for one in kept(stage)] == ["sheet.pdf"]
    assert all_text(stage.mei).count("is a program") == 2


async def test_outside_of_a_dialogue_such_a_file_is_not_offered(stage: Stage) -> None:
    await just_over(stage)

    stage.mei.send_document(executable(), "bad.pdf", "application/pdf")
    await stage.settled()

    assert "bad.pdf is a program." in text_of(stage.mei.last())
    assert "not sent to anybody yet" not in all_text(stage.mei)


async def test_a_report_refuses_such_a_file_at_once(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Report a problem")

    stage.mei.send_document(executable(), "bad.pdf", "application/pdf")
    await stage.settled()

    assert "bad.pdf is a program." in text_of(stage.mei.last())
    await write(stage, stage.mei, TEXT)
    assert kept(stage) == []


async def test_a_file_that_is_found_out_later_leaves_every_card(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.running.app, "file_source", None)  # it could not be looked at
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Wrong time")
    for content, name in ((files.pdf(), "sheet.pdf"), (executable(), "bad.pdf")):
        stage.mei.send_document(content, name, "application/pdf")
        await stage.settled()
    assert "📎 2 documents" in text_of(stage.mei.last())

    await press(stage, stage.mei, "Dispute")

    assert "bad.pdf is a program." in all_text(stage.mei)
    for phone in (stage.mei, stage.daniel):
        assert "📎 1 document" in text_of(card_of(phone, "Disputed"))


async def test_a_file_that_telegram_does_not_give_now_is_taken_and_looked_at_later(
    stage: Stage,
) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Wrong time")
    stage.world.faults.plan(Fault("getFile", "status"))
    stage.expect_refusal(OUTAGE)

    stage.mei.send_document(files.pdf(), "sheet.pdf", "application/pdf")
    await stage.settled()

    assert "📎 1 document" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Dispute")
    assert [bool(one.stored_at) for one in kept(stage)] == [True]

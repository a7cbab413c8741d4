"""The main job, end to end: check in, check out, notes, acknowledge (SPEC 2 to 5)."""

from datetime import timedelta

from models.enums import Status
from tests import files
from tests.end_to_end.stage import Stage, labels, text_of, texts


async def test_a_session_from_check_in_to_acknowledgement(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))

    stage.grace.send_text("/checkin")
    await stage.settled()
    assert stage.status(session) is Status.CHECKED_IN
    assert "In progress" in text_of(stage.grace.last())

    await stage.forward(minutes=85)
    stage.grace.send_text("/checkout")
    await stage.settled()
    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT
    assert "Awaiting Your Acknowledgement" in text_of(stage.mei.last())
    assert labels(stage.mei.last())[:2] == ["Acknowledge", "Dispute"]

    stage.grace.send_text("Fractions went well.")
    stage.grace.send_album([files.jpeg_photo(), files.jpeg_photo()])
    stage.grace.send_voice(files.ogg_voice(3), 3)
    await stage.settled()
    assert "2 photos, 1 voice memo, 1 text" in text_of(stage.grace.last())
    stage.grace.press("Done")
    await stage.settled()
    assert "📝 Notes: " in text_of(stage.mei.last())

    stage.mei.press("Acknowledge")
    await stage.settled()
    assert stage.status(session) is Status.APPROVED
    assert any("Mei Lim acknowledged this" in text for text in texts(stage.daniel))
    assert "Acknowledge" not in stage.daniel.buttons()

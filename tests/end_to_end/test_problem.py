"""A parent reports a problem; no status changes (SPEC 5)."""

from datetime import timedelta

from models.enums import Status
from tests import files
from tests.end_to_end.scenes import (
    REPORT,
    all_text,
    card_of,
    follow,
    just_over,
    live_buttons,
    press,
    report,
    reported,
    write,
)
from tests.end_to_end.stage import Stage, buttons, labels, text_of


async def test_the_group_hears_of_it_with_a_private_link_and_no_text(stage: Stage) -> None:
    await reported(stage)
    told = stage.priya_in_group.last()

    assert "Thank you." in text_of(stage.mei.last())
    assert text_of(told).split("\n") == [
        "🔔 Problem report 1",
        "Emily · Mathematics",
        "Wed 25 Nov 13:40-15:10",
        "with Grace Tan",
    ]
    assert labels(told) == ["Claim", "Reply", "Close", "Read it"]
    assert REPORT not in all_text(stage.priya_in_group)


async def test_a_coordinator_reads_it_in_private_and_goes_to_the_session(stage: Stage) -> None:
    await reported(stage)
    url = buttons(stage.priya_in_group.last())[1][1]["url"]

    await follow(stage, stage.priya, url)

    assert "Problem report 1 from Mei Lim" in text_of(stage.priya.last())
    assert REPORT in text_of(stage.priya.last())
    await press(stage, stage.priya, "The session")
    assert "Mei Lim acknowledged this" in text_of(stage.priya.last())


async def test_a_tutors_absence_is_reported_from_the_sessions_start_on(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=10))
    await write(stage, stage.mei, "/sessions")
    await press(stage, stage.mei, f"se.1:{session.id}")
    card = stage.mei.last()
    assert labels(card) == ["Tell the coordinators"]
    early = await press(stage, stage.mei, f"rp.1:{session.id}", card["message_id"])
    assert early.startswith("This session starts at 15:10.")

    await stage.forward(minutes=10)
    await write(stage, stage.mei, "/sessions")
    await press(stage, stage.mei, f"se.1:{session.id}")
    await report(stage, stage.mei, REPORT)

    assert "Problem report" in text_of(stage.priya_in_group.last())
    assert stage.status(session) is Status.SCHEDULED


async def test_anything_but_a_text_is_asked_for_again_and_one_question_stands(
    stage: Stage,
) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Acknowledge")
    await press(stage, stage.mei, "Report a problem")
    for send in (stage.mei.send_sticker, stage.mei.send_location):
        send()
        await stage.settled()
        told = text_of(stage.mei.last())
        assert told.startswith("Please send text, a photo or a document.")
        assert "What is the problem?" in told
    assert len(live_buttons(stage.mei)) == 2  # the card's, and the newest question's

    too_long = await write(stage, stage.mei, "x" * 1001)
    assert "longer than 1000" in too_long
    await stage.restart()
    await write(stage, stage.mei, REPORT)

    assert "Problem report" in text_of(stage.priya_in_group.last())
    assert len(live_buttons(stage.mei)) == 2  # the session's card, and the report's


async def test_a_photo_goes_with_it_and_its_caption_is_the_text(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Acknowledge")
    await press(stage, stage.mei, "Report a problem")

    stage.mei.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "📎 1 photo\n\nWhat is the problem?" in text_of(stage.mei.last())
    stage.mei.send_photo(files.jpeg_photo(), caption="the board")
    await stage.settled()
    asked = text_of(stage.mei.last())
    assert "the board\n📎 2 photos" in asked
    assert "Send this to the coordinators?" in asked
    assert stage.priya_in_group.messages() == []
    await press(stage, stage.mei, "Send it")

    told = text_of(stage.mei.last())
    assert "The coordinators have it" in told
    assert "📎 2 photos" in told
    assert "Problem report" in text_of(stage.priya_in_group.last())


async def test_leave_reports_nothing(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Acknowledge")
    await press(stage, stage.mei, "Report a problem")
    before = stage.priya_in_group.messages()

    await press(stage, stage.mei, "Leave")

    assert text_of(stage.mei.last()) == "Nothing was reported."
    assert "has not been sent to anybody yet" in await write(stage, stage.mei, REPORT)
    assert stage.priya_in_group.messages() == before


async def test_another_button_parks_the_report_and_says_so(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Acknowledge")
    await press(stage, stage.mei, "Report a problem")

    await write(stage, stage.mei, "/pending")
    aside = card_of(stage.mei, "put your report aside")
    await press(stage, stage.mei, "Go on", aside["message_id"])
    await write(stage, stage.mei, REPORT)

    assert "Problem report" in text_of(stage.priya_in_group.last())
    assert len(live_buttons(stage.mei)) == 2  # the session's card, and the report's

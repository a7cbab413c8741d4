"""Files that a parent sends outside of any dialogue: for a dispute or a report (SPEC 9; UX 19)."""

from datetime import timedelta

from sqlmodel import select

from models import Appointment, EvidenceFile, Person, ProblemReply, ProblemReport, Student
from models.enums import DisputeReason, Role, Status
from tests import builders, files
from tests.end_to_end.scenes import (
    TEXT,
    all_text,
    answer_in_group,
    just_over,
    message_of,
    press,
    report,
    write,
)
from tests.end_to_end.stage import Stage, buttons, labels, text_of

CAPTION = "The clock when they left"
BUTTONS = ["Dispute", "Report a problem", "Leave"]


async def photo_sent(stage: Stage, caption: str | None = None) -> Appointment:
    """A session awaits Mei's answer; she sends a photo, out of the blue."""
    session = await just_over(stage)
    stage.mei.send_photo(files.jpeg_photo(), caption)
    await stage.settled()
    return session


def evidence(stage: Stage) -> list[tuple[str | None, bool]]:
    """Captions of the files that are kept, and whether each is a dispute's."""
    with stage.database.reading() as session:
        rows = session.exec(select(EvidenceFile)).all()
    return [(one.text, one.dispute_id is not None) for one in rows]


def reports(stage: Stage) -> list[tuple[str | None, DisputeReason | None]]:
    with stage.database.reading() as session:
        return [(one.text, one.reason) for one in session.exec(select(ProblemReport)).all()]


def additions(stage: Stage) -> list[str]:
    """What parents have added to their reports."""
    with stage.database.reading() as session:
        written = select(ProblemReply).where(ProblemReply.role == Role.PARENT)
        return [one.text for one in session.exec(written).all()]


async def test_a_photo_becomes_evidence_of_a_dispute_and_its_caption_the_text(
    stage: Stage,
) -> None:
    session = await photo_sent(stage, CAPTION)
    assert text_of(stage.mei.last()) == (
        "Emily Lim · Mathematics\nWed 25 Nov 13:40-15:10\nwith Grace Tan\n\n"
        "📎 1 photo, not sent to anybody yet. What is it for?"
    )
    assert labels(stage.mei.last()) == BUTTONS

    await press(stage, stage.mei, "Dispute", stage.mei.last()["message_id"])
    assert f"{CAPTION}\n📎 1 photo" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Conduct")
    await press(stage, stage.mei, "Dispute")

    assert stage.status(session) is Status.DISPUTED
    assert evidence(stage) == [(CAPTION, True)]
    assert "not sent to anybody yet" not in all_text(stage.mei)


async def test_an_album_and_a_text_after_it_are_offered_together(stage: Stage) -> None:
    session = await just_over(stage)
    stage.mei.send_album([files.jpeg_photo(), files.jpeg_photo()])
    await stage.settled()
    told = await write(stage, stage.mei, TEXT)
    assert "📎 2 photos, 1 text, not sent" in told
    assert all_text(stage.mei).count("not sent to anybody yet") == 1
    await stage.restart()

    await press(stage, stage.mei, "Dispute", stage.mei.last()["message_id"])
    await press(stage, stage.mei, "Conduct")
    assert f"{TEXT}\n📎 2 photos" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Dispute")

    assert stage.status(session) is Status.DISPUTED
    assert len(evidence(stage)) == 2


async def test_with_a_report_it_goes_to_the_coordinators(stage: Stage) -> None:
    session = await photo_sent(stage)
    await press(stage, stage.mei, "Report a problem", stage.mei.last()["message_id"])
    assert "📎 1 photo" in text_of(stage.mei.last())
    assert "What is the problem?" in text_of(stage.mei.last())

    await write(stage, stage.mei, TEXT)

    assert reports(stage) == [(TEXT, None)]
    assert evidence(stage) == [(None, False)]
    assert text_of(stage.mei.last()).endswith(f"{TEXT}\n📎 1 photo")
    assert "What is the problem?" not in all_text(stage.mei)
    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_a_caption_is_the_report_with_one_tap_however_often(stage: Stage) -> None:
    await photo_sent(stage, CAPTION)
    await press(stage, stage.mei, "Report a problem", stage.mei.last()["message_id"])
    assert CAPTION in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Send it", "Leave"]

    stage.mei.press("Send it")
    stage.mei.press("Send it")
    await stage.settled()

    assert reports(stage) == [(CAPTION, None)]
    assert evidence(stage) == [(CAPTION, False)]


async def test_what_is_written_after_a_caption_is_added(stage: Stage) -> None:
    await photo_sent(stage, CAPTION)
    await press(stage, stage.mei, "Report a problem", stage.mei.last()["message_id"])

    await write(stage, stage.mei, TEXT)

    assert f"{CAPTION}\n{TEXT}\n📎 1 photo" in text_of(stage.mei.last())
    assert all_text(stage.mei).count("Send this to the coordinators?") == 1
    assert reports(stage) == []
    await press(stage, stage.mei, "Send it")
    assert reports(stage) == [(f"{CAPTION}\n{TEXT}", None)]


async def test_of_several_sessions_one_is_chosen(stage: Stage) -> None:
    session = await just_over(stage)
    with stage.database.reading() as work:
        row = work.get_one(Appointment, session.id)
        grace, emily = row.tutor_id, row.student_id
    with stage.database.unit_of_work() as work:
        start = stage.now - timedelta(days=2)
        work.add(
            Appointment(
                tutor_id=grace,
                student_id=emily,
                subject="Physics",
                starts_at=start,
                ends_at=start + timedelta(hours=1),
                checked_in_at=start,
                checked_out_at=start + timedelta(hours=1),
                status=Status.APPROVED,
                created_at=start,
            )
        )
    stage.mei.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "Which session is it about?" in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == [
        "Emily Lim · Wed 25 Nov 13:40",
        "Emily Lim · Mon 23 Nov 15:00",
        "Leave",
    ]

    await press(stage, stage.mei, "Emily Lim · Mon 23 Nov 15:00")

    assert "Physics" in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Report a problem", "Leave"]


async def test_a_dispute_that_was_put_aside_has_the_photo_added(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXT)
    await write(stage, stage.mei, "/help")
    stage.mei.send_photo(files.jpeg_photo())
    await stage.settled()

    await press(stage, stage.mei, "Dispute", stage.mei.last()["message_id"])

    assert f"Reason: Conduct\n{TEXT}\n📎 1 photo" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Dispute")
    assert stage.status(session) is Status.DISPUTED


async def test_where_somebody_was_first_it_is_offered_as_a_report(stage: Stage) -> None:
    await photo_sent(stage, CAPTION)
    offered = stage.mei.last()["message_id"]
    dispute = buttons(stage.mei.last())[0][0]["callback_data"]
    await press(stage, stage.daniel, "Acknowledge")
    assert labels(message_of(stage.mei, offered)) == ["Report a problem", "Leave"]

    await press(stage, stage.mei, dispute, offered)

    assert "What you wrote is not lost" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Send it")
    assert reports(stage) == [(CAPTION, None)]
    assert evidence(stage) == [(CAPTION, False)]


async def test_who_leaves_it_sends_nothing(stage: Stage) -> None:
    await photo_sent(stage, CAPTION)

    await press(stage, stage.mei, "Leave")

    assert text_of(stage.mei.last()) == "Not kept."
    assert (reports(stage), evidence(stage)) == ([], [])


async def test_a_sentence_alone_is_offered_and_reported_with_one_more_tap(stage: Stage) -> None:
    session = await just_over(stage)
    told = await write(stage, stage.mei, TEXT)
    assert told.endswith("📨 Your message has not been sent to anybody yet. What is it for?")
    assert labels(stage.mei.last()) == BUTTONS

    await press(stage, stage.mei, "Report a problem", stage.mei.last()["message_id"])
    assert TEXT in text_of(stage.mei.last())
    await press(stage, stage.mei, "Send it")

    assert reports(stage) == [(TEXT, None)]
    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_what_was_written_long_before_is_no_part_of_a_report(stage: Stage) -> None:
    await just_over(stage)
    await write(stage, stage.mei, "When is her next lesson please?")
    before = stage.mei.last()["message_id"]
    await stage.forward(minutes=10)
    await write(stage, stage.mei, TEXT)

    await press(stage, stage.mei, "Report a problem", stage.mei.last()["message_id"])
    await press(stage, stage.mei, "Send it")

    assert reports(stage) == [(TEXT, None)]
    await press(stage, stage.mei, "Leave", before)
    assert text_of(message_of(stage.mei, before)) == "Not kept."


async def test_a_sentence_alone_begins_a_dispute(stage: Stage) -> None:
    session = await just_over(stage)
    await write(stage, stage.mei, TEXT)
    await write(stage, stage.mei, "Please call.")
    assert all_text(stage.mei).count("has not been sent") == 1

    await press(stage, stage.mei, "Dispute", stage.mei.last()["message_id"])
    assert f"{TEXT}\nPlease call." in text_of(stage.mei.last())
    await press(stage, stage.mei, "Did not happen")
    await press(stage, stage.mei, "Dispute")

    assert stage.status(session) is Status.DISPUTED
    assert "has not been sent" not in all_text(stage.mei)


async def test_a_word_of_thanks_gets_a_sentence(stage: Stage) -> None:
    await just_over(stage)

    assert "not sure what to do" in await write(stage, stage.mei, "He left early")


async def test_a_voice_memo_is_no_evidence_and_gets_a_sentence(stage: Stage) -> None:
    await just_over(stage)
    stage.mei.send_voice(files.ogg_voice(3), 3)
    await stage.settled()

    assert text_of(stage.mei.last()) == (
        "Nobody has received that. Please write it as a text instead."
    )


async def test_another_familys_session_cannot_be_chosen(stage: Stage) -> None:
    session = await photo_sent(stage)
    with stage.database.unit_of_work() as work:
        row = work.get_one(Appointment, session.id)
        row.student_id = builders.student(work, name="Ben Ong").id

    offered = stage.mei.last()["message_id"]
    for code in ("va", "vd", "vp"):
        assert await press(stage, stage.mei, f"{code}.1:{session.id}", offered)

    assert (reports(stage), evidence(stage)) == ([], [])


async def replied_to(stage: Stage) -> Appointment:
    """Mei has acknowledged and reported a problem; Priya asks back. Two sessions await Mei."""
    session = await just_over(stage)
    await press(stage, stage.mei, "Acknowledge")
    await report(stage, stage.mei, TEXT)
    with stage.database.reading() as work:
        grace = work.get_one(Person, session.tutor_id)
        emily = work.get_one(Student, session.student_id)
    for days in (1, 2):
        await stage.session(
            grace,
            emily,
            starts_in=-timedelta(days=days),
            status=Status.AWAITING_APPROVAL_PARENT,
        )
    await press(stage, stage.priya_in_group, "Reply")
    await answer_in_group(stage, stage.priya_in_group, "Shall we ring you tonight?")
    return session


async def test_an_answer_to_a_coordinators_reply_is_offered_to_the_report_first(
    stage: Stage,
) -> None:
    await replied_to(stage)

    told = await write(stage, stage.mei, "ok thanks, tonight is fine")

    assert told == (
        "📨 Your message has not been sent to anybody yet. "
        "Is it about your report on Emily Lim, Wed 25 Nov 13:40-15:10?"
    )
    assert labels(stage.mei.last()) == [
        "Answer",
        "Emily Lim · Tue 24 Nov 15:00",
        "Emily Lim · Mon 23 Nov 15:00",
        "Leave",
    ]
    await press(stage, stage.mei, "Answer", stage.mei.last()["message_id"])
    await press(stage, stage.mei, "Send it")
    assert reports(stage) == [(TEXT, None)]
    assert additions(stage) == ["ok thanks, tonight is fine"]


async def test_a_word_or_two_are_an_answer_to_it_too_and_a_courtesy_is_none(stage: Stage) -> None:
    await replied_to(stage)
    assert "You're welcome!" in await write(stage, stage.mei, "Thanks!")

    await write(stage, stage.mei, "Yes please")

    assert labels(stage.mei.last())[0] == "Answer"
    await press(stage, stage.mei, "Answer", stage.mei.last()["message_id"])
    await press(stage, stage.mei, "Send it")
    assert reports(stage) == [(TEXT, None)]
    assert additions(stage) == ["Yes please"]
    await stage.forward(minutes=11)
    assert "not sure what to do" in await write(stage, stage.mei, "Great news")


async def test_what_is_written_to_a_card_that_was_just_opened_is_offered_to_its_session(
    stage: Stage,
) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Acknowledge")
    with stage.database.reading() as work:
        grace = work.get_one(Person, session.tutor_id)
        emily = work.get_one(Student, session.student_id)
    for days in (1, 2, 3):
        await stage.session(
            grace,
            emily,
            starts_in=-timedelta(days=days),
            status=Status.AWAITING_APPROVAL_PARENT,
        )

    await write(stage, stage.mei, "He says it was only half an hour")

    assert labels(stage.mei.last())[0] == "Emily Lim · Wed 25 Nov 13:40"


async def test_a_text_is_offered_for_a_day_and_then_a_line_is_left(stage: Stage) -> None:
    await just_over(stage)
    await write(stage, stage.mei, TEXT)
    asked = stage.mei.last()["message_id"]
    await stage.forward(hours=23, minutes=59)
    assert labels(message_of(stage.mei, asked)) == BUTTONS

    await stage.forward(minutes=1)

    left = message_of(stage.mei, asked)
    assert (text_of(left), labels(left)) == (
        "✖️ Not sent, and not kept. If it still matters, please send it again.",
        [],
    )
    await stage.restart()
    await write(stage, stage.mei, "She says that he was late as well.")
    await press(stage, stage.mei, "Report a problem", stage.mei.last()["message_id"])
    await press(stage, stage.mei, "Send it")
    assert reports(stage) == [("She says that he was late as well.", None)]
    assert text_of(message_of(stage.mei, asked)) == text_of(left)


async def test_files_are_offered_for_a_week(stage: Stage) -> None:
    await photo_sent(stage)
    asked = stage.mei.last()["message_id"]
    await stage.forward(days=6, hours=23)
    assert "Report a problem" in labels(message_of(stage.mei, asked))

    await stage.forward(hours=1)

    assert labels(message_of(stage.mei, asked)) == []


async def test_stop_takes_all_of_them_away(stage: Stage) -> None:
    await just_over(stage)
    await write(stage, stage.mei, "When is her next lesson please?")
    await stage.forward(minutes=10)
    await write(stage, stage.mei, TEXT)
    await write(stage, stage.mei, "/upcoming")

    assert await write(stage, stage.mei, "/stop") == "Not kept."

    assert "has not been sent" not in all_text(stage.mei)

"""Files that a tutor sends outside of any dialogue are offered for notes, once (SPEC 9)."""

from datetime import timedelta

from models import Appointment, Person, Student
from models.enums import PartKind, Status
from tests import builders, files
from tests.end_to_end.note_scenes import notes_begun, parts_of, second_session_over, tallies
from tests.end_to_end.scenes import all_text, press, write
from tests.end_to_end.stage import Stage, labels, text_of, texts

KEEP = "Keep for Emily's notes"
OFFER = "not in any notes yet"


async def interrupted(stage: Stage) -> Appointment:
    """Grace was writing notes; then a stray command, an album, a PDF and a voice memo."""
    session = await notes_begun(stage)
    await write(stage, stage.grace, "one")
    await write(stage, stage.grace, "/upcoming")
    stage.grace.send_album([files.jpeg_photo(), files.jpeg_photo()])
    await stage.settled()
    stage.grace.send_document(files.pdf(), "sheet.pdf", "application/pdf", caption="homework")
    await stage.settled()
    stage.grace.send_voice(files.ogg_voice(3), 3)
    await stage.settled()
    return session


async def test_a_stray_command_during_notes_loses_no_file_one_tap_keeps_them_all(
    stage: Stage,
) -> None:
    session = await interrupted(stage)
    offer = stage.grace.last()
    assert text_of(offer) == (
        "📎 2 photos, 1 document, 1 voice memo, not in any notes yet.\n"
        "Emily Lim · Wed 25 Nov 13:40-15:10"
    )
    assert labels(offer) == [KEEP, "Leave"]
    assert all_text(stage.grace).count(OFFER) == 1
    assert len(parts_of(stage, session)) == 1

    await press(stage, stage.grace, KEEP)

    assert OFFER not in all_text(stage.grace)
    assert "2 photos, 1 document, 1 voice memo, 1 text" in text_of(stage.grace.last())
    assert len(tallies(stage)) == 1
    kept = parts_of(stage, session)
    assert [part.kind for part in kept] == [
        PartKind.TEXT,
        PartKind.PHOTO,
        PartKind.PHOTO,
        PartKind.DOCUMENT,
        PartKind.VOICE,
    ]
    assert kept[3].text == "homework"
    assert all(part.stored_at for part in kept[1:])
    await write(stage, stage.grace, "two")
    await press(stage, stage.grace, "Done")
    assert len(parts_of(stage, session)) == 6
    assert all_text(stage.mei).count("📝 Notes: ") == 1


async def test_a_text_among_them_is_kept_and_a_restart_loses_nothing(stage: Stage) -> None:
    session = await interrupted(stage)
    await write(stage, stage.grace, "That was all.")
    assert "1 voice memo, 1 text" in text_of(stage.grace.last())
    await stage.restart()

    stage.grace.press(KEEP)
    stage.grace.press(KEEP)
    await stage.settled()

    assert [part.text for part in parts_of(stage, session)][-1] == "That was all."
    assert len(parts_of(stage, session)) == 6
    assert len(tallies(stage)) == 1


async def test_sent_without_any_notes_begun_it_is_offered_to_the_session_in_reach(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(
        grace, emily, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN
    )
    await stage.session(grace, emily, starts_in=-timedelta(days=3), status=Status.APPROVED)
    stage.grace.send_photo(files.jpeg_photo(), "The board")
    await stage.settled()
    assert labels(stage.grace.last()) == [KEEP, "Leave"]

    await press(stage, stage.grace, KEEP)

    assert [part.text for part in parts_of(stage, session)] == ["The board"]


async def test_of_several_sessions_in_reach_one_is_chosen(stage: Stage) -> None:
    first, second = await second_session_over(stage)
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    assert text_of(stage.grace.last()).endswith("For which session?")
    assert labels(stage.grace.last()) == [
        "Emily Lim · Wed 25 Nov 13:00",
        "Ryan Lim · Wed 25 Nov 11:00",
        "Leave",
    ]

    await press(stage, stage.grace, f"nk.1:{second.id}")

    assert len(parts_of(stage, second)) == 1
    assert parts_of(stage, first) == []


async def test_a_word_while_notes_asks_for_which_session_is_kept_for_the_one_chosen(
    stage: Stage,
) -> None:
    first, second = await second_session_over(stage)
    await write(stage, stage.grace, "/notes")
    assert text_of(stage.grace.last()) == "Notes for which session?"

    await write(stage, stage.grace, "He did well")

    assert text_of(stage.grace.last()).endswith(
        "1 text, not in any notes yet. For which session?\nHe did well"
    )
    assert labels(stage.grace.last()) == [
        "Emily Lim · Wed 25 Nov 13:00",
        "Ryan Lim · Wed 25 Nov 11:00",
        "Leave",
    ]
    assert "Notes for which session?" not in all_text(stage.grace)
    await write(stage, stage.grace, "and so did she")
    await press(stage, stage.grace, f"nk.1:{second.id}")
    assert [part.text for part in parts_of(stage, second)] == ["He did well", "and so did she"]
    assert parts_of(stage, first) == []


async def test_a_word_after_that_question_was_left_or_answered_is_no_stray(stage: Stage) -> None:
    await second_session_over(stage)
    for answer in ("Leave", "Emily Lim · Today 13:00"):
        await write(stage, stage.grace, "/notes")
        await press(stage, stage.grace, answer)
        if answer != "Leave":
            await press(stage, stage.grace, "Skip for now")
        assert (await write(stage, stage.grace, "Oh.")).startswith("I have not kept that.")


async def test_few_words_that_name_the_child_are_offered(stage: Stage) -> None:
    session = await notes_begun(stage)
    await press(stage, stage.grace, "Skip for now")

    await write(stage, stage.grace, "Emily did well")

    assert labels(stage.grace.last()) == [KEEP, "Leave"]
    await press(stage, stage.grace, KEEP, stage.grace.last()["message_id"])
    assert [part.text for part in parts_of(stage, session)] == ["Emily did well"]


async def test_what_names_a_child_is_offered_to_that_childs_sessions(stage: Stage) -> None:
    first, _ = await second_session_over(stage)
    with stage.database.unit_of_work() as work:
        grace = work.get_one(Person, first.tutor_id)
        aisha = builders.student(work, name="Aisha Rahman")
    earlier = await stage.session(
        grace, aisha, starts_in=-timedelta(days=3), status=Status.APPROVED
    )

    await write(stage, stage.grace, "done with ryan")
    assert labels(stage.grace.last()) == ["Keep for Ryan's notes", "Leave"]
    await press(stage, stage.grace, "Leave")
    await write(stage, stage.grace, "Aisha was good at fractions last time")
    assert labels(stage.grace.last()) == ["Keep for Aisha's notes", "Leave"]
    await press(stage, stage.grace, "Keep for Aisha's notes", stage.grace.last()["message_id"])

    kept = [part.text for part in parts_of(stage, earlier)]
    assert kept == ["Aisha was good at fractions last time"]


async def test_who_leaves_the_offer_keeps_nothing(stage: Stage) -> None:
    session = await interrupted(stage)
    offered = stage.grace.last()["message_id"]

    await press(stage, stage.grace, "Leave")

    assert text_of(stage.grace.last()) == "Not kept."
    assert labels(stage.grace.last()) == []
    await press(stage, stage.grace, f"nk.1:{session.id}", offered)
    assert len(parts_of(stage, session)) == 1


async def test_a_file_too_large_is_refused_and_the_others_are_offered(stage: Stage) -> None:
    await interrupted(stage)
    stage.grace.send_document(bytes(10 * 1024 * 1024 + 1), "big.pdf", "application/pdf")
    await stage.settled()

    assert "10 MB" in all_text(stage.grace)
    assert text_of(stage.grace.last()).startswith("📎 2 photos, 1 document, 1 voice memo,")
    assert all_text(stage.grace).count(OFFER) == 1


async def test_after_a_file_too_large_alone_a_text_is_no_stray(stage: Stage) -> None:
    await notes_begun(stage)
    await press(stage, stage.grace, "Skip for now")
    stage.grace.send_document(bytes(10 * 1024 * 1024 + 1), "big.pdf", "application/pdf")
    await stage.settled()
    assert "10 MB" in text_of(stage.grace.last())

    assert (await write(stage, stage.grace, "Oh.")).startswith("I have not kept that.")


async def test_another_tutors_session_cannot_be_chosen(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN)
    with stage.database.unit_of_work() as work:
        other: Person = builders.tutor(work, name="Nurul Huda")
        child: Student = builders.student(work, name="Ben Ong")
    foreign = await stage.session(
        other, child, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN
    )
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()

    told = await press(stage, stage.grace, f"nk.1:{foreign.id}", stage.grace.last()["message_id"])

    assert "Only the session's own tutor" in told
    assert parts_of(stage, foreign) == []


async def test_parents_and_who_has_no_session_get_the_sentence(stage: Stage) -> None:
    stage.people()
    for phone, answer in (
        (stage.grace, "I have not kept that."),
        (stage.mei, "I am not sure what to do"),
    ):
        phone.send_photo(files.jpeg_photo())
        await stage.settled()
        assert text_of(phone.last()).startswith(answer)


async def test_a_sentence_out_of_the_blue_is_offered_too_and_a_word_is_not(stage: Stage) -> None:
    session = await notes_begun(stage)
    await press(stage, stage.grace, "Skip for now")
    assert "👋 Hello" in await write(stage, stage.grace, "Good morning!")

    await write(stage, stage.grace, "Emily found fractions hard today.")
    assert text_of(stage.grace.last()) == (
        "📎 1 text, not in any notes yet.\nEmily found fractions hard today.\n"
        "Emily Lim · Wed 25 Nov 13:40-15:10"
    )
    await press(stage, stage.grace, KEEP)

    assert [part.text for part in parts_of(stage, session)] == ["Emily found fractions hard today."]


async def test_a_parents_sentence_about_no_session_gets_a_sentence(stage: Stage) -> None:
    stage.people()

    told = await write(stage, stage.mei, "Could we please start later tomorrow?")

    assert told == "I am not sure what to do with that. /help shows what I can do."


async def test_what_comes_before_check_in_is_kept_after_it(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=18))
    stage.grace.send_album([files.jpeg_photo(), files.jpeg_photo()])
    await stage.settled()
    offer = stage.grace.last()
    assert text_of(offer) == (
        "📎 2 photos, not in any notes yet.\n"
        "Emily Lim · Wed 25 Nov 15:18-16:48\n"
        "You can keep this once you have checked in."
    )
    assert labels(offer) == [KEEP, "Leave"]
    told = await press(stage, stage.grace, KEEP)
    assert told == "Please check in first, then tap this again."
    await write(stage, stage.grace, "/checkin")
    assert parts_of(stage, session) == []

    await press(stage, stage.grace, KEEP, offer["message_id"])

    assert [part.kind for part in parts_of(stage, session)] == [PartKind.PHOTO, PartKind.PHOTO]
    assert OFFER not in all_text(stage.grace)


async def test_what_comes_days_after_is_offered_to_the_last_sessions(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(
        grace,
        emily,
        starts_in=timedelta(days=-3),
        status=Status.APPROVED,
    )
    assert OFFER in await write(stage, stage.grace, "he did well on Sunday")
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    assert labels(stage.grace.last()) == [KEEP, "Leave"]

    await press(stage, stage.grace, KEEP)

    kept = [part.kind for part in parts_of(stage, session)]
    assert kept == [PartKind.TEXT, PartKind.PHOTO]


async def test_stop_ends_the_offer(stage: Stage) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "/stop")
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    assert KEEP in stage.grace.buttons()

    assert await write(stage, stage.grace, "/stop") == "Not kept."

    assert OFFER not in all_text(stage.grace)
    assert KEEP not in stage.grace.buttons()
    assert parts_of(stage, session) == []


async def test_stop_after_keeping_says_that_the_parents_get_them_now(stage: Stage) -> None:
    await notes_begun(stage)
    await write(stage, stage.grace, "/stop")
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    await press(stage, stage.grace, KEEP)

    told = await write(stage, stage.grace, "/stop")

    assert told == "Stopped. What you sent is kept, and goes to the parents now."
    assert "📝 Notes: 1 photo" in text_of(stage.mei.last())


async def test_what_came_before_ten_quiet_minutes_is_no_part_of_the_offer(stage: Stage) -> None:
    session = await notes_begun(stage)
    await press(stage, stage.grace, "Skip for now")
    await write(stage, stage.grace, "I was ill on Tuesday night.")
    before = stage.grace.last()["message_id"]
    await stage.forward(minutes=10)

    await write(stage, stage.grace, "Emily found fractions hard today.")

    assert text_of(stage.grace.last()) == (
        "📎 1 text, not in any notes yet.\nEmily found fractions hard today.\n"
        "Emily Lim · Wed 25 Nov 13:40-15:10"
    )
    await stage.restart()
    await press(stage, stage.grace, KEEP, stage.grace.last()["message_id"])
    assert [part.text for part in parts_of(stage, session)] == ["Emily found fractions hard today."]
    await press(stage, stage.grace, "Leave", before)
    await press(stage, stage.grace, "Done")
    assert "ill on Tuesday" not in all_text(stage.mei)
    assert OFFER not in all_text(stage.grace)


async def test_each_of_two_offers_keeps_its_own(stage: Stage) -> None:
    session = await notes_begun(stage)
    await press(stage, stage.grace, "Skip for now")
    await write(stage, stage.grace, "She was late by ten minutes.")
    before = stage.grace.last()["message_id"]
    await stage.forward(minutes=10)
    await write(stage, stage.grace, "Emily found fractions hard today.")
    after = stage.grace.last()["message_id"]

    await press(stage, stage.grace, "Leave", after)
    await press(stage, stage.grace, KEEP, before)

    assert [part.text for part in parts_of(stage, session)] == ["She was late by ten minutes."]
    assert await press(stage, stage.grace, KEEP, after) != ""
    assert len(parts_of(stage, session)) == 1


async def test_the_texts_of_an_offer_are_shown(stage: Stage) -> None:
    await notes_begun(stage)
    await press(stage, stage.grace, "Skip for now")
    await write(stage, stage.grace, "Emily found fractions hard today.")
    await stage.forward(minutes=9)
    await write(stage, stage.grace, "long " * 50)

    told = text_of(stage.grace.last())

    shown = ("long " * 40)[:199].rstrip() + "…"
    assert f"2 texts, not in any notes yet.\nEmily found fractions hard today.\n{shown}\n" in told
    for number in range(10):
        await write(stage, stage.grace, f"This is sentence number {number}.")
    told = text_of(stage.grace.last())
    assert "12 texts, not in any notes yet.\n…\nThis is sentence number 0.\n" in told


async def test_the_oldest_of_many_offers_go(stage: Stage) -> None:
    await notes_begun(stage)
    await press(stage, stage.grace, "Skip for now")
    for number in range(8):
        await write(stage, stage.grace, f"This is sentence number {number}.")
        await stage.forward(minutes=10)

    offers = [text for text in texts(stage.grace) if OFFER in text]

    assert [text.split("\n")[1][-2] for text in offers] == list("234567")


async def tutor_and_parent(stage: Stage) -> tuple[Appointment, Appointment]:
    """Grace taught Emily, and Mr Wong taught Grace's son Tim; both sessions are over."""
    taught = await notes_begun(stage)
    await press(stage, stage.grace, "Skip for now")
    with stage.database.unit_of_work() as work:
        grace = work.get_one(Person, taught.tutor_id)
        grace.is_parent = True
        other = builders.tutor(work, name="Ken Wong")
        tim = builders.student(work, name="Tim Tan", guardians=[grace])
    tims = await stage.session(
        other, tim, starts_in=-timedelta(hours=3), status=Status.AWAITING_APPROVAL_PARENT
    )
    return taught, tims


async def test_who_is_tutor_and_parent_is_offered_both(stage: Stage) -> None:
    taught, tims = await tutor_and_parent(stage)

    told = await write(stage, stage.grace, "The lesson was cut short by ten minutes.")

    assert told.endswith("Or is it about a session of your own children?")
    assert labels(stage.grace.last()) == [KEEP, "Tim Tan · Wed 25 Nov 12:00", "Leave"]
    await press(stage, stage.grace, "Tim Tan · Wed 25 Nov 12:00")
    assert labels(stage.grace.last()) == ["Dispute", "Report a problem", "Leave"]
    await press(stage, stage.grace, "Dispute", stage.grace.last()["message_id"])
    assert "The lesson was cut short by ten minutes." in text_of(stage.grace.last())
    await press(stage, stage.grace, "Leave")
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    await press(stage, stage.grace, KEEP, stage.grace.last()["message_id"])
    assert [part.kind for part in parts_of(stage, taught)] == [PartKind.PHOTO]
    assert stage.status(tims) is Status.AWAITING_APPROVAL_PARENT


async def test_of_these_the_one_whose_child_is_named_alone(stage: Stage) -> None:
    await tutor_and_parent(stage)

    await write(stage, stage.grace, "Tim came home after twenty minutes.")
    assert KEEP not in labels(stage.grace.last())
    assert "Report a problem" in labels(stage.grace.last())
    await press(stage, stage.grace, "Leave", stage.grace.last()["message_id"])
    await write(stage, stage.grace, "Emily found fractions hard today.")

    assert labels(stage.grace.last()) == [KEEP, "Leave"]

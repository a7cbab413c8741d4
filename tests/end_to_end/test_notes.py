"""The notes dialogue: parts, the one live tally, and its end (SPEC 4; UX 8)."""

import pytest

from models.enums import PartKind, Status
from sandbox.faults import Fault
from tests import files
from tests.end_to_end.note_scenes import (
    PROMPT,
    TALLY,
    notes_begun,
    parts_of,
    second_session_over,
    tallies,
)
from tests.end_to_end.scenes import all_text, card_of, live_buttons, press, under_way, write
from tests.end_to_end.stage import Stage, buttons, labels, text_of


async def test_every_kind_of_part_is_counted_and_kept(stage: Stage) -> None:
    session = await notes_begun(stage)

    stage.grace.send_text("Fractions went well.")
    stage.grace.send_photo(files.jpeg_photo(), caption="page 3 < page 4 & so on")
    stage.grace.send_document(files.pdf(), "sheet.pdf", "application/pdf", caption="homework")
    stage.grace.send_document(files.png(), "board.png", "image/png")
    stage.grace.send_voice(files.ogg_voice(3), 3)
    stage.grace.send_audio(files.mp3(), "reading.mp3")
    await stage.settled()

    told = text_of(stage.grace.last())
    assert "1 photo, 2 documents, 1 voice memo, 1 audio file, 1 text" in told
    assert "still being saved" not in told
    kept = parts_of(stage, session)
    assert [part.kind for part in kept] == [
        PartKind.TEXT,
        PartKind.PHOTO,
        PartKind.DOCUMENT,
        PartKind.DOCUMENT,
        PartKind.VOICE,
        PartKind.AUDIO,
    ]
    assert [part.text for part in kept[:3]] == [
        "Fractions went well.",
        "page 3 < page 4 & so on",
        "homework",
    ]
    assert all(part.stored_at for part in kept[1:])


async def test_there_is_one_tally_and_it_follows_the_last_that_was_sent(stage: Stage) -> None:
    await notes_begun(stage)

    for text in ("one", "two", "three"):
        assert TALLY in await write(stage, stage.grace, text)
        assert len(tallies(stage)) == 1
        assert stage.grace.last() == tallies(stage)[0]

    assert labels(stage.grace.last()) == ["Remove last", "Done"]


async def test_what_is_sent_in_one_burst_is_tallied_once(stage: Stage) -> None:
    await notes_begun(stage)
    before = len(stage.world.calls.all("sendMessage"))
    with stage.world.turn():
        for number in range(5):
            stage.grace.send_text(f"Exercise {number}")
    await stage.settled()

    to_grace = [
        call
        for call in stage.world.calls.all("sendMessage")[before:]
        if int(call["fields"]["chat_id"]) == stage.grace.chat_id
    ]
    assert len(to_grace) == 1
    assert "5 texts" in text_of(stage.grace.last())


async def test_an_album_out_of_order_and_late_is_one_burst_below_its_photos(stage: Stage) -> None:
    session = await notes_begun(stage)
    stage.world.faults.plan(Fault("update", "delay", seconds=20))

    photos = [files.jpeg_photo() for _ in range(4)]
    stage.grace.send_album(photos, caption="The board", arrival=[2, 0, 3, 1])
    await stage.settled()
    assert "3 photos" in text_of(stage.grace.last())
    shown = stage.grace.last()["message_id"]
    await stage.forward(seconds=30)

    assert "4 photos" in text_of(stage.grace.last())
    assert stage.grace.last()["message_id"] == shown
    assert len(tallies(stage)) == 1
    assert [part.text for part in parts_of(stage, session) if part.text] == ["The board"]


async def test_a_text_that_is_edited_at_once_is_one_part_and_is_tallied(stage: Stage) -> None:
    session = await notes_begun(stage)

    with stage.world.turn():
        sent = stage.grace.send_text("Fractoins went well.")
        stage.grace.edit_text(sent["message_id"], "Fractions went well.")
    await stage.settled()

    assert "1 text" in text_of(stage.grace.last())
    assert len(parts_of(stage, session)) == 1


async def test_a_note_that_is_edited_once_it_is_read_says_so(stage: Stage) -> None:
    await notes_begun(stage)
    sent = stage.grace.send_text("Fractions, 8 of 10.")
    await stage.settled()
    await press(stage, stage.grace, "Done")
    assert "edited" not in text_of(stage.mei.last())

    stage.grace.edit_text(sent["message_id"], "Fractions, 9 of 10.")
    await stage.settled()

    edited = "edited on Wed 25 Nov at 15:00"
    assert f"📝 Notes: 1 text · {edited}" in text_of(stage.mei.last())
    await press(stage, stage.mei, "View notes")
    assert text_of(stage.mei.last()).endswith(f"Fractions, 9 of 10.\nE{edited[1:]}")


async def test_remove_last_takes_back_one_part_however_quickly_it_is_tapped(stage: Stage) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "one")
    await write(stage, stage.grace, "two")

    stage.grace.press("Remove last")
    stage.grace.press("Remove last")
    await stage.settled()
    assert [part.text for part in parts_of(stage, session)] == ["one"]
    assert "1 text" in text_of(stage.grace.last())

    assert await press(stage, stage.grace, "Remove last") == "Removed"
    assert parts_of(stage, session) == []
    assert PROMPT in text_of(stage.grace.last())
    assert labels(stage.grace.last()) == ["Skip for now", "No notes"]


async def test_notes_before_check_out_reach_the_parents_with_the_card(stage: Stage) -> None:
    await under_way(stage)
    await write(stage, stage.grace, "/notes")
    assert labels(stage.grace.last()) == ["Skip for now"]
    await write(stage, stage.grace, "Fractions went well.")

    told = await press(stage, stage.grace, "Done")

    assert told == "Done. The parents get the notes when you check out."
    assert stage.mei.messages() == []
    await write(stage, stage.grace, "/checkout")
    (card,) = stage.mei.messages()
    assert "📝 Notes: 1 text" in text_of(card)


async def test_stopped_before_check_out_they_reach_the_parents_with_the_card_too(
    stage: Stage,
) -> None:
    await under_way(stage)
    await write(stage, stage.grace, "/notes")
    await write(stage, stage.grace, "Fractions went well.")

    told = await write(stage, stage.grace, "/stop")

    assert told == "Stopped. What you sent is kept, and the parents get it when you check out."
    assert stage.mei.messages() == []


async def test_skipped_before_check_out_they_are_asked_for_again_then(stage: Stage) -> None:
    await under_way(stage)
    await write(stage, stage.grace, "/notes")

    await press(stage, stage.grace, "Skip for now")

    assert "Skipped for now. I'll ask again when you check out." in text_of(stage.grace.last())
    assert labels(stage.grace.last()) == ["Add notes"]
    await write(stage, stage.grace, "/checkout")
    asked = text_of(stage.grace.last())
    assert asked.endswith("Nothing to write? Tap No notes, and you won't be asked again.")


async def test_done_tells_each_parent_once_and_leaves_no_buttons_of_the_batch(
    stage: Stage,
) -> None:
    await notes_begun(stage)
    await write(stage, stage.grace, "Fractions went well.")

    assert await press(stage, stage.grace, "Done") == "Done. The parents are told."

    told = text_of(stage.grace.last())
    assert "Done. Thank you." in told
    assert "Kept: 1 text" in told
    assert labels(stage.grace.last()) == ["Add notes"]
    for parent in (stage.mei, stage.daniel):
        assert all_text(parent).count("📝 Notes: ") == 1
        assert "1 text" in text_of(card_of(parent, "Awaiting Your Acknowledgement"))
    assert "I have not kept that." in await write(stage, stage.grace, "Forgot something")


async def test_a_button_that_is_typed_does_what_it_says_and_is_no_note(stage: Stage) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "Fractions went well.")
    await write(stage, stage.grace, "Page 12.")

    assert "So far: 1 text" in await write(stage, stage.grace, "remove last")
    assert labels(stage.grace.last()) == ["Remove last", "Done"]
    assert len(tallies(stage)) == 1
    ended = await write(stage, stage.grace, "done.")

    assert "Done. Thank you." in ended
    assert "Kept: 1 text" in ended
    assert tallies(stage) == []
    assert [part.text for part in parts_of(stage, session)] == ["Fractions went well."]
    for parent in (stage.mei, stage.daniel):
        assert "Notes: 1 text" in all_text(parent)
    await write(stage, stage.grace, "Anything else?")
    assert len(parts_of(stage, session)) == 1


async def test_no_notes_may_be_typed(stage: Stage) -> None:
    session = await notes_begun(stage)

    assert "You won't be asked for them again." in await write(stage, stage.grace, "no notes")

    assert tallies(stage) == []
    assert parts_of(stage, session) == []
    assert "Nothing left to do." in await write(stage, stage.grace, "/todos")


async def test_skip_for_now_may_be_typed(stage: Stage) -> None:
    session = await notes_begun(stage)

    assert "Skipped for now." in await write(stage, stage.grace, "Skip for now")

    assert parts_of(stage, session) == []
    assert "Emily Lim" in await write(stage, stage.grace, "/todos")


async def test_words_of_a_button_that_is_not_there_or_with_others_are_a_note(
    stage: Stage,
) -> None:
    session = await notes_begun(stage)

    await write(stage, stage.grace, "Done")
    await write(stage, stage.grace, "no notes")
    await write(stage, stage.grace, "done with fractions")

    kept = [part.text for part in parts_of(stage, session)]
    assert kept == ["Done", "no notes", "done with fractions"]


async def test_skip_leaves_the_session_among_the_todos(stage: Stage) -> None:
    await notes_begun(stage)

    await press(stage, stage.grace, "Skip for now")

    assert "Skipped for now." in text_of(stage.grace.last())
    assert "📝 Notes: " not in all_text(stage.mei)
    assert "Emily Lim" in await write(stage, stage.grace, "/todos")


async def test_ten_quiet_minutes_count_as_done_and_what_comes_then_is_no_note(
    stage: Stage,
) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "one")
    await stage.forward(minutes=9, seconds=59)
    assert tallies(stage)

    await stage.forward(seconds=1)
    assert "Nothing came for ten minutes, so these notes are done." in text_of(stage.grace.last())
    assert tallies(stage) == []
    assert "📝 Notes: " in text_of(stage.mei.last())

    assert "These notes are finished." in await write(stage, stage.grace, "two")
    assert len(parts_of(stage, session)) == 1


async def test_what_comes_after_the_ten_quiet_minutes_is_offered_from_the_first_on(
    stage: Stage,
) -> None:
    session = await notes_begun(stage)
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    await stage.forward(minutes=11)

    stage.grace.send_photo(files.jpeg_photo(), "The board")
    await stage.settled()
    assert text_of(stage.grace.last()) == (
        "These notes are finished.\n\n"
        "📎 1 photo, not in any notes yet.\nEmily Lim · Wed 25 Nov 13:40-15:10"
    )
    assert labels(stage.grace.last()) == ["Keep for Emily's notes", "Leave"]
    stage.grace.send_photo(files.jpeg_photo(), "and the sheet")
    await stage.settled()
    assert text_of(stage.grace.last()).startswith("📎 2 photos, not in any notes yet.")
    await press(stage, stage.grace, "Keep for Emily's notes", stage.grace.last()["message_id"])

    assert [one.text for one in parts_of(stage, session)] == [None, "The board", "and the sheet"]


async def test_so_is_a_word_but_no_thanks(stage: Stage) -> None:
    session = await notes_begun(stage)
    await stage.forward(minutes=11)
    assert "You're welcome" in await write(stage, stage.grace, "Thanks!")
    await write(stage, stage.grace, "/notes")
    await stage.forward(minutes=11)

    await write(stage, stage.grace, "Quiet today")
    await press(stage, stage.grace, "Keep for Emily's notes", stage.grace.last()["message_id"])

    assert [one.text for one in parts_of(stage, session)] == ["Quiet today"]


async def test_a_sticker_after_ten_quiet_minutes_invites_to_no_notes_that_are_over(
    stage: Stage,
) -> None:
    await notes_begun(stage)
    await stage.forward(minutes=10)

    stage.grace.send_sticker()
    await stage.settled()

    assert "These notes are finished." in text_of(stage.grace.last())


async def test_a_command_after_ten_quiet_minutes_is_not_told_that_notes_wait(stage: Stage) -> None:
    await notes_begun(stage)
    await write(stage, stage.grace, "one")
    await stage.forward(minutes=10)

    await write(stage, stage.grace, "/sessions")

    assert "Your notes are on hold" not in all_text(stage.grace)


async def test_notes_are_added_later_to_the_session_that_is_picked(stage: Stage) -> None:
    first, second = await second_session_over(stage)

    assert await write(stage, stage.grace, "/notes") == "Notes for which session?"
    choice = stage.grace.last()["message_id"]
    await press(stage, stage.grace, "Ryan Lim · Today 11:00")
    assert choice not in live_buttons(stage.grace)
    await write(stage, stage.grace, "Ryan read aloud.")
    await press(stage, stage.grace, "Done")

    assert parts_of(stage, first) == []
    assert [part.text for part in parts_of(stage, second)] == ["Ryan read aloud."]


async def test_notes_after_acknowledgement_are_stamped_late_and_change_no_status(
    stage: Stage,
) -> None:
    session = await notes_begun(stage)
    await press(stage, stage.grace, "Skip for now")
    await press(stage, stage.mei, "Acknowledge")

    await write(stage, stage.grace, "/notes")
    await write(stage, stage.grace, "Late, but here.")
    await press(stage, stage.grace, "Done")

    assert [part.is_late for part in parts_of(stage, session)] == [True]
    assert stage.status(session) is Status.APPROVED


async def test_who_reads_the_notes_sees_which_came_after_the_acknowledgement(stage: Stage) -> None:
    await notes_begun(stage)
    await write(stage, stage.grace, "Fractions.")
    await press(stage, stage.grace, "Done")
    await press(stage, stage.mei, "Acknowledge")
    await stage.forward(hours=20)
    await write(stage, stage.grace, "/notes")
    stage.grace.send_photo(files.jpeg_photo())
    await write(stage, stage.grace, "And percentages.")
    await press(stage, stage.grace, "Done")

    await press(stage, stage.mei, "View notes")

    title = "📝 Emily Lim, Wed 25 Nov 13:40-15:10\nNotes by Grace Tan"
    in_time, late, photo = stage.mei.messages()[-3:]
    assert text_of(in_time) == f"{title}\nFractions."
    stamp = "Added after the acknowledgement, on Thu 26 Nov"
    assert text_of(late) == f"{title}\n{stamp}\nAnd percentages."
    assert "photo" in photo


async def test_two_sessions_in_one_evening_keep_their_notes_apart(stage: Stage) -> None:
    first, second = await second_session_over(stage)
    await write(stage, stage.grace, "/notes")
    await press(stage, stage.grace, "Emily Lim · Today 13:00")
    await write(stage, stage.grace, "Emily: fractions.")
    stale = stage.grace.last()
    await write(stage, stage.grace, "/notes")
    await press(stage, stage.grace, "Ryan Lim · Today 11:00")

    ended = card_of(stage.grace, "Done. Thank you.")
    assert "Kept: 1 text" in text_of(ended)
    assert "added notes" in text_of(stage.mei.last())
    done_of_first = buttons(stale)[0][1]["callback_data"]
    await press(stage, stage.grace, done_of_first, ended["message_id"])
    await write(stage, stage.grace, "Ryan: reading.")

    assert [part.text for part in parts_of(stage, first)] == ["Emily: fractions."]
    assert [part.text for part in parts_of(stage, second)] == ["Ryan: reading."]


async def test_empty_notes_that_end_as_others_begin_are_skipped(stage: Stage) -> None:
    await second_session_over(stage)
    await write(stage, stage.grace, "/notes")
    await press(stage, stage.grace, "Emily Lim · Today 13:00")
    asked = stage.grace.last()["message_id"]

    await write(stage, stage.grace, "/notes")
    await press(stage, stage.grace, "Ryan Lim · Today 11:00")

    ended = next(one for one in stage.grace.messages() if one["message_id"] == asked)
    assert "Skipped for now. /todos will remind you." in text_of(ended)
    assert labels(ended) == ["Add notes", "No notes"]


@pytest.mark.parametrize("end", ["Skip for now", "/stop"])
async def test_notes_on_hold_that_are_over_leave_no_word_of_it(stage: Stage, end: str) -> None:
    await notes_begun(stage)
    await write(stage, stage.grace, "/upcoming")
    aside = "I have put the notes aside; you have sent none yet."
    assert aside in all_text(stage.grace)

    if end == "/stop":
        await write(stage, stage.grace, end)
    else:
        await press(stage, stage.grace, end)

    assert aside not in all_text(stage.grace)
    assert "Go on" not in stage.grace.buttons()


async def test_notes_on_hold_that_go_on_with_another_button_leave_no_word_of_it(
    stage: Stage,
) -> None:
    await notes_begun(stage)
    await write(stage, stage.grace, "one")
    await write(stage, stage.grace, "two")
    await write(stage, stage.grace, "/upcoming")

    await press(stage, stage.grace, "Remove last")

    assert "on hold" not in all_text(stage.grace)
    assert "Go on" not in stage.grace.buttons()


async def test_notes_on_hold_that_the_clock_closes_cannot_go_on(stage: Stage) -> None:
    await notes_begun(stage)
    await write(stage, stage.grace, "one")
    await write(stage, stage.grace, "/upcoming")
    assert "Go on" in stage.grace.buttons()

    await stage.forward(minutes=10)

    assert "on hold" not in all_text(stage.grace)
    assert "Go on" not in stage.grace.buttons()
    assert "Nothing came for ten minutes, so these notes are done." in all_text(stage.grace)


async def test_another_command_parks_the_notes_says_so_and_keeps_them(stage: Stage) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "one")

    await write(stage, stage.grace, "/upcoming")
    assert "Your notes are on hold; everything you sent is kept." in all_text(stage.grace)
    assert "I have not kept that." in await write(stage, stage.grace, "lost?")

    await press(stage, stage.grace, "Go on")
    assert len(tallies(stage)) == 1
    assert "Go on" not in stage.grace.buttons()
    assert "on hold" not in all_text(stage.grace)
    await write(stage, stage.grace, "two")
    await press(stage, stage.grace, "Done")
    assert [part.text for part in parts_of(stage, session)] == ["one", "two"]


async def test_the_buttons_of_parked_notes_still_work(stage: Stage) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "one")
    await write(stage, stage.grace, "/upcoming")

    await press(stage, stage.grace, "Remove last")
    assert parts_of(stage, session) == []
    await write(stage, stage.grace, "two")
    await press(stage, stage.grace, "Done")

    assert [part.text for part in parts_of(stage, session)] == ["two"]


async def test_stop_leaves_the_notes_and_keeps_what_was_sent(stage: Stage) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "one")

    told = await write(stage, stage.grace, "/stop")
    assert told == "Stopped. What you sent is kept, and goes to the parents now."
    assert "📝 Notes: " in text_of(stage.mei.last())
    assert tallies(stage) == []
    assert "Done. Thank you." in text_of(card_of(stage.grace, "Kept: 1 text"))
    await write(stage, stage.grace, "two")
    await stage.forward(minutes=11)

    assert [part.text for part in parts_of(stage, session)] == ["one"]
    assert "Nothing came for ten minutes" not in all_text(stage.grace)
    assert len(live_buttons(stage.mei)) == 1


async def test_stop_ends_notes_that_were_put_aside_and_empty_ones(stage: Stage) -> None:
    await notes_begun(stage)
    await write(stage, stage.grace, "/upcoming")

    told = await write(stage, stage.grace, "/stop")

    assert told == "Stopped. Nothing was added to the notes."
    assert "Skipped for now. /todos will remind you." in all_text(stage.grace)
    assert tallies(stage) == []
    again = await write(stage, stage.grace, "/stop")
    assert again.startswith("There was nothing to stop.")
    await stage.forward(minutes=11)
    assert "Nothing came for ten minutes" not in all_text(stage.grace)
    assert "📝 Notes: " not in all_text(stage.mei)

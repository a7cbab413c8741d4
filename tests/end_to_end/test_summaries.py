"""Notes are summed up, shown, judged and made anew, in the chats of all (SPEC 4; UX 9)."""

import asyncio
from datetime import timedelta

import pytest

from models.enums import Level, Status
from sandbox.phone import Phone
from sandbox.wire import Json
from services.ports import ModelUnavailableError, SummaryReply, SummaryRequest
from services.rules.summaries import Claim, Evidence, Observation, Summary
from tests import files
from tests.end_to_end.scenes import (
    all_text,
    card_of,
    just_over,
    message_of,
    press,
    under_way,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of
from tests.fakes import ScriptedSummariser, ScriptedTranscriber
from tests.files.audio import ogg_voice

NOTE = "Emily solved the fractions on her own."
DRAFT = Summary(
    headline=Claim("Fractions go well now.", (Evidence(1, "solved the fractions"),)),
    topics=(Claim("Fractions.", (Evidence(1, "the fractions"),)),),
    engagement=Observation(Level.HIGH, "She needed no help.", (Evidence(1, "on her own"),)),
    next_steps=(Claim("Invented homework.", (Evidence(1, "do page 12"),)),),
)


async def at_work(stage: Stage, *answers: Summary | Exception) -> ScriptedSummariser:
    """The product with a model that answers so."""
    stage.summariser = ScriptedSummariser(*answers)
    await stage.restart()
    return stage.summariser


async def noted(stage: Stage, text: str = NOTE) -> None:
    """Grace checks out and writes it."""
    await under_way(stage)
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, text)
    await press(stage, stage.grace, "Done")


def card(phone: Phone) -> Json:
    """The newest card of the session in a chat."""
    return next(one for one in reversed(phone.messages()) if "Acknowledge" in str(labels(one)))


async def test_a_summary_comes_onto_the_parents_card_and_can_be_read(stage: Stage) -> None:
    await at_work(stage, DRAFT)
    await noted(stage)

    assert "✨ AI summary: Fractions go well now." in text_of(card(stage.mei))
    assert "Summary" in labels(card(stage.mei))
    await press(stage, stage.mei, "Summary", card(stage.mei)["message_id"])

    told = text_of(stage.mei.last())
    assert "AI summary of the tutor's notes. It can be wrong: the notes count." in told
    assert "Topics\n• Fractions." in told
    assert "Engagement: High. She needed no help." in told
    assert "Confidence" not in told  # of which the notes say nothing
    assert "From the notes, word for word:\n“solved the fractions”" in told
    assert "Invented homework" not in told
    assert labels(stage.mei.last()) == ["View notes"]


async def test_the_tutor_says_that_it_looks_right(stage: Stage) -> None:
    await at_work(stage, DRAFT)
    await noted(stage)
    await press(stage, stage.grace, "Summary")
    assert labels(stage.grace.last()) == ["Looks right", "Wrong", "View notes"]

    assert await press(stage, stage.grace, "Looks right") == "Thank you for looking through it."

    assert labels(stage.grace.last()) == ["Wrong", "View notes"]


async def test_what_the_tutor_finds_wrong_parents_read_no_more(stage: Stage) -> None:
    await at_work(stage, DRAFT)
    await noted(stage)
    await press(stage, stage.grace, "Summary")
    await press(stage, stage.grace, "Wrong")
    assert "What is not right in the summary?" in text_of(stage.grace.last())
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "What is not right in the summary?" in text_of(stage.grace.last())
    await write(stage, stage.grace, "It was <decimals>.")

    assert "The tutor says this is not right:\nIt was <decimals>." in text_of(stage.grace.last())
    told = text_of(card(stage.mei))
    assert "✨ The tutor says the summary was not right." in told
    assert "decimals" not in told
    assert "Summary" not in labels(card(stage.mei))


async def test_summaries_that_were_opened_say_what_the_tutor_finds_wrong(stage: Stage) -> None:
    await at_work(stage, DRAFT)
    await noted(stage)
    await press(stage, stage.mei, "Summary", card(stage.mei)["message_id"])
    opened = stage.mei.last()["message_id"]
    await press(stage, stage.grace, "Summary")
    own = stage.grace.last()["message_id"]
    await press(stage, stage.grace, "Wrong")
    await write(stage, stage.grace, "It was decimals.")

    head = "Emily Lim · Wed 25 Nov 13:40-15:10"
    left = message_of(stage.mei, opened)
    assert text_of(left) == f"{head}\n✨ The tutor says the summary was not right."
    assert labels(left) == ["View notes"]
    older = message_of(stage.grace, own)
    assert text_of(older) == "⬇️ Emily Lim, Wed 25 Nov 13:40-15:10: see below."
    assert labels(older) == []
    assert "The tutor says this is not right:\nIt was decimals." in text_of(stage.grace.last())

    await press(stage, stage.grace, "Looks right")

    shown = text_of(message_of(stage.mei, opened))
    assert "Fractions go well now." in shown
    assert "not right" not in shown


async def test_a_summary_that_was_opened_stands_after_its_day_and_changes_then_too(
    stage: Stage,
) -> None:
    await at_work(stage, DRAFT)
    await noted(stage)
    await press(stage, stage.mei, "Summary", card(stage.mei)["message_id"])
    opened = stage.mei.last()["message_id"]
    await press(stage, stage.grace, "Summary")
    await stage.forward(hours=26)
    assert "Fractions go well now." in text_of(message_of(stage.mei, opened))

    await press(stage, stage.grace, "Wrong")
    await write(stage, stage.grace, "It was decimals.")

    left = text_of(message_of(stage.mei, opened))
    assert left.endswith("\n✨ The tutor says the summary was not right.")
    assert "Fractions" not in left


async def test_only_who_could_have_read_it_is_told_that_it_was_wrong(stage: Stage) -> None:
    await at_work(stage, DRAFT)
    session = await under_way(stage)
    await write(stage, stage.grace, "/sessions")
    await press(stage, stage.grace, f"wn.1:{session.id}", stage.grace.last()["message_id"])
    await write(stage, stage.grace, NOTE)
    await press(stage, stage.grace, "Done")
    await write(stage, stage.mei, "/sessions")
    await press(stage, stage.mei, f"se.1:{session.id}")
    assert "✨ AI summary: Fractions go well now." in text_of(stage.mei.last())
    await press(stage, stage.grace, f"su.1:{session.id}", stage.grace.last()["message_id"])
    await press(stage, stage.grace, "Wrong")
    await write(stage, stage.grace, "It was decimals.")

    assert "The tutor says the summary was not right." in text_of(stage.mei.last())
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "Skip for now")
    assert "The tutor says the summary was not right." in text_of(card(stage.mei))
    assert "summary" not in text_of(card(stage.daniel)).lower()


async def test_leaving_the_question_leaves_the_summary_as_it_was(stage: Stage) -> None:
    await at_work(stage, DRAFT)
    await noted(stage)
    await press(stage, stage.grace, "Summary")
    await press(stage, stage.grace, "Wrong")
    await press(stage, stage.grace, "Leave")

    assert "✨ AI summary: Fractions go well now." in text_of(card(stage.mei))


async def test_the_question_put_aside_is_taken_up_with_one_tap(stage: Stage) -> None:
    await at_work(stage, DRAFT)
    await noted(stage)
    await press(stage, stage.grace, "Summary")
    await press(stage, stage.grace, "Wrong")
    await write(stage, stage.grace, "/todos")

    aside = card_of(stage.grace, "put the summary aside")
    await press(stage, stage.grace, "Go on", aside["message_id"])
    await write(stage, stage.grace, "It was decimals.")

    assert "The tutor says this is not right:\nIt was decimals." in text_of(stage.grace.last())


@pytest.mark.parametrize("is_aside", [False, True])
async def test_looks_right_ends_the_question_what_is_wrong(stage: Stage, is_aside: bool) -> None:
    await at_work(stage, DRAFT)
    await noted(stage)
    await press(stage, stage.grace, "Summary")
    shown = stage.grace.last()["message_id"]
    await press(stage, stage.grace, "Wrong")
    question = stage.grace.last()["message_id"]
    if is_aside:
        await write(stage, stage.grace, "/todos")
        question = card_of(stage.grace, "put the summary aside")["message_id"]

    toast = await press(stage, stage.grace, "Looks right", shown)

    assert toast == "Thank you for looking through it."
    assert "put the summary aside" not in all_text(stage.grace)
    assert question not in {one["message_id"] for one in stage.grace.messages()}
    await write(stage, stage.grace, "It was decimals.")
    assert "The tutor says" not in all_text(stage.grace)


async def test_a_summary_that_was_made_anew_meanwhile_is_not_judged(stage: Stage) -> None:
    again = Summary(headline=Claim("Decimals now.", (Evidence(1, "solved the decimals"),)))
    await at_work(stage, DRAFT, again)
    await noted(stage)
    message = next(one for one in stage.grace.messages() if text_of(one) == NOTE)
    await press(stage, stage.grace, "Summary")
    await press(stage, stage.grace, "Wrong")
    await write(stage, stage.grace, "/todos")
    stage.grace.edit_text(message["message_id"], "Emily solved the decimals on her own.")
    await stage.settled()

    aside = card_of(stage.grace, "put the summary aside")
    toast = await press(stage, stage.grace, "Go on", aside["message_id"])

    assert "out of date" in toast
    fresh = message_of(stage.grace, aside["message_id"])
    assert "✨ AI summary: Decimals now." in text_of(fresh)
    assert "✨ AI summary: Decimals now." in text_of(card(stage.mei))


async def test_an_edited_note_is_summed_up_anew(stage: Stage) -> None:
    again = Summary(headline=Claim("Decimals now.", (Evidence(1, "solved the decimals"),)))
    await at_work(stage, DRAFT, again)
    await noted(stage)
    message = next(one for one in stage.grace.messages() if text_of(one) == NOTE)

    stage.grace.edit_text(message["message_id"], "Emily solved the decimals on her own.")
    await stage.settled()

    assert "✨ AI summary: Decimals now." in text_of(card(stage.mei))
    await press(stage, stage.mei, "View notes", card(stage.mei)["message_id"])
    assert "Emily solved the decimals on her own." in text_of(stage.mei.last())


async def test_a_model_that_is_down_delays_nothing_and_is_asked_again(stage: Stage) -> None:
    await at_work(stage, ModelUnavailableError("busy"), DRAFT)
    await noted(stage)
    assert "summary" not in text_of(card(stage.mei)).lower()

    await stage.forward(minutes=1)

    assert "✨ AI summary: Fractions go well now." in text_of(card(stage.mei))


async def test_while_a_model_hangs_check_outs_and_answers_go_on(stage: Stage) -> None:
    hanging, answered = asyncio.Event(), asyncio.Event()

    class Hanging(ScriptedSummariser):
        async def summarise(self, request: SummaryRequest) -> SummaryReply:
            hanging.set()
            await answered.wait()
            return await super().summarise(request)

    stage.summariser = Hanging(DRAFT)
    await stage.restart()
    grace, _, _, emily = stage.people()
    first = await stage.session(
        grace, emily, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN
    )
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, NOTE)
    stage.grace.press("Done")
    await asyncio.wait_for(hanging.wait(), 20)

    stage.mei.press("Acknowledge")
    async with asyncio.timeout(20):
        while stage.status(first) is not Status.APPROVED:
            await asyncio.sleep(0.05)
    answered.set()
    await stage.settled()

    assert "✨ AI summary: Fractions go well now." in text_of(stage.mei.messages()[-1]) or any(
        "Fractions go well now." in text_of(one) for one in stage.mei.messages()
    )


async def test_a_voice_memo_is_listened_to_and_named_as_the_source(stage: Stage) -> None:
    draft = Summary(headline=Claim("Division.", (Evidence(1, "long division all alone"),)))
    stage.transcriber = ScriptedTranscriber("She did long division all alone.")
    await at_work(stage, draft)
    await under_way(stage)
    await write(stage, stage.grace, "/checkout")
    stage.grace.send_voice(ogg_voice(), 3)
    await stage.settled()
    await press(stage, stage.grace, "Done")

    await press(stage, stage.mei, "Summary", card(stage.mei)["message_id"])
    assert "“long division all alone” (voice memo, transcribed by AI)" in text_of(stage.mei.last())


async def test_without_a_model_sentences_are_picked_and_labelled_so(stage: Stage) -> None:
    await noted(stage, "We worked on fractions today. Emily was very focused.")

    assert "✨ In the tutor's words: " in text_of(card(stage.mei))
    await press(stage, stage.mei, "Summary", card(stage.mei)["message_id"])
    told = text_of(stage.mei.last())
    assert "picked by a program without AI" in told
    assert told.count("We worked on fractions today.") == 1


async def test_notes_too_short_have_no_summary(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.grace, "Add notes")
    await write(stage, stage.grace, "Fine.")
    await press(stage, stage.grace, "Done")

    assert "✨" not in text_of(card(stage.mei))
    assert "Summary" not in labels(card(stage.mei))

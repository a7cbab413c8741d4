"""Summaries are made in the background, checked, tried again, and made anew (SPEC 4)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select, update

from models import NotePart, NoteSummary
from models.enums import (
    Level,
    MessageKind,
    PartKind,
    QuoteOrigin,
    Status,
    SummarySource,
    SummaryStatus,
)
from services.lifecycle.actors import Actor, Source
from services.notes.batches import add_text, close_batch, open_batch
from services.ports import ModelUnavailableError, ModelUnusableError
from services.queries.summaries import summary_for
from services.rules.summaries import Claim, Evidence, Observation, Summary
from services.summaries.making import FILES_WAIT, FILES_WAITED_FOR, PAUSES, SummaryMaker
from services.summaries.requests import content_of, hurry_summaries
from tests.builders import NOW, acting
from tests.fakes import FixedClock, MemoryMedia, ScriptedSummariser, ScriptedTranscriber
from tests.open_database import OpenDatabase
from tests.services.proofs import outbox_rows
from tests.services.scenes import Scene, another_session, carry_out, scene, with_cards

CHAT = 4711
SAID = "Emily solved the fractions on her own today."
GOOD = Summary(headline=Claim("She can do fractions.", (Evidence(1, "the fractions on her own"),)))
SECOND = timedelta(seconds=1)


def noted(
    database: OpenDatabase, there: Scene, *texts: str, message_id: int = 1, now: datetime = NOW
) -> None:
    """A whole note batch of the tutor's with these texts."""
    actor = acting(there.tutor, now)
    batch = carry_out(database, open_batch, there.id, actor, CHAT)
    for number, text in enumerate(texts):
        source = Source(CHAT, message_id + number)
        carry_out(database, add_text, batch.id, actor, text, source)
    carry_out(database, close_batch, batch.id, actor)


def over(database: OpenDatabase, *texts: str, **values: Any) -> Scene:
    """A session that is over, with notes."""
    there = scene(database, Status.AWAITING_APPROVAL_PARENT, **values)
    noted(database, there, *texts)
    return there


def maker(
    database: OpenDatabase,
    summariser: ScriptedSummariser,
    *,
    transcriber: ScriptedTranscriber | None = None,
    media: MemoryMedia | None = None,
    clock: FixedClock | None = None,
) -> SummaryMaker:
    return SummaryMaker(
        database, summariser, transcriber, media or MemoryMedia(), clock or FixedClock()
    )


def rows(database: OpenDatabase) -> list[NoteSummary]:
    with database.reading() as session:
        found = session.exec(select(NoteSummary).order_by(col(NoteSummary.id)))
        return list(found.all())


def change_part(database: OpenDatabase, number: int, **values: object) -> NotePart:
    with database.unit_of_work() as session:
        part = session.exec(select(NotePart).order_by(col(NotePart.id))).all()[number]
        for name, value in values.items():
            setattr(part, name, value)
        session.add(part)
    return part


async def test_done_notes_are_summed_up_checked_and_kept_with_what_it_cost(
    database: OpenDatabase,
) -> None:
    there = over(database, SAID)
    draft = Summary(
        headline=GOOD.headline,
        strengths=(Claim("She sings.", (Evidence(1, "she sang"),)),),
        confidence=Observation(Level.HIGH, "She needed no help.", (Evidence(1, "on her own"),)),
    )

    assert await maker(database, ScriptedSummariser(draft)).make_due() == 1

    (row,) = rows(database)
    assert (row.status, row.source) == (SummaryStatus.MADE, SummarySource.MODEL)
    assert (row.appointment_id, row.language, row.version) == (there.id, "en", 1)
    assert (row.model, row.prompt_version) == ("scripted-1", "test")
    assert (row.input_tokens, row.output_tokens, row.made_at) == (900, 80, NOW)
    content = content_of(row)
    assert content.headline == GOOD.headline
    assert (content.strengths, content.confidence.level) == ((), Level.HIGH)


async def test_no_name_goes_to_the_model_and_names_come_back(database: OpenDatabase) -> None:
    over(database, "Emily Lim and Grace were here; Tan Wei Ming taught Emily fractions.")
    draft = Summary(headline=Claim("[P1] did fractions.", (Evidence(1, "taught [P4] fractions"),)))
    summariser = ScriptedSummariser(draft)

    await maker(database, summariser).make_due()

    (request,) = summariser.asked
    given = " ".join(item.text for item in request.items)
    for name in ("Emily", "Lim", "Grace", "Tan", "Wei", "Ming"):
        assert name not in given
    assert "taught" in given
    content = content_of(rows(database)[0])
    assert content.headline is not None
    assert "Emily" in content.headline.statement + content.headline.evidence[0].quote


async def test_it_is_made_in_each_language_in_which_it_is_read(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    with database.unit_of_work() as session:
        for person, language in (
            (there.tutor, "ms"),
            (there.grace, "zh-hans"),
            (there.daniel, None),
        ):
            row = session.merge(person)
            row.language = language
    noted(database, there, SAID)
    summariser = ScriptedSummariser(GOOD)

    assert await maker(database, summariser).make_due() == 3

    assert sorted(request.language for request in summariser.asked) == ["en", "ms", "zh-Hans"]
    with database.reading() as session:
        found = [summary_for(session, there.id, tag) for tag in ("zh", "ms-MY", None, "fr")]
    assert [row.language if row else None for row in found][:3] == ["zh-Hans", "ms", "en"]
    assert found[3] is not None


@pytest.mark.parametrize("texts", [("Ok.",), ("ok", "fine")])
async def test_notes_that_are_too_short_have_no_summary(
    database: OpenDatabase, texts: tuple[str, ...]
) -> None:
    there = over(database, *texts)
    summariser = ScriptedSummariser(GOOD)

    await maker(database, summariser).make_due()

    assert [row.status for row in rows(database)] == [SummaryStatus.TOO_SHORT]
    assert summariser.asked == []
    with database.reading() as session:
        assert summary_for(session, there.id, None) is None


async def test_a_draft_of_which_nothing_is_left_is_no_summary(database: OpenDatabase) -> None:
    over(database, SAID)
    invented = Summary(headline=Claim("He flew.", (Evidence(1, "he flew away"),)))

    await maker(database, ScriptedSummariser(invented)).make_due()

    (row,) = rows(database)
    assert (row.status, row.content, row.input_tokens) == (SummaryStatus.TOO_SHORT, None, 900)


@pytest.mark.parametrize("error", [ModelUnavailableError("busy"), ModelUnusableError("refused")])
async def test_what_fails_is_tried_again_with_growing_pauses_and_then_given_up(
    database: OpenDatabase, error: Exception
) -> None:
    over(database, SAID)
    clock, summariser = FixedClock(), ScriptedSummariser(error)
    work = maker(database, summariser, clock=clock)

    for tries, pause in enumerate(PAUSES, start=1):
        assert await work.make_due() == 0
        (row,) = rows(database)
        assert (row.status, row.attempts) == (SummaryStatus.PENDING, tries)
        assert (row.next_try_at, row.error) == (clock.now() + pause, type(error).__name__)
        clock.at += pause - SECOND
        await work.make_due()
        assert len(summariser.asked) == tries
        clock.at += SECOND
    await work.make_due()

    (row,) = rows(database)
    assert (row.status, row.next_try_at) == (SummaryStatus.FAILED, None)


async def test_a_model_that_asks_for_a_longer_pause_gets_it(database: OpenDatabase) -> None:
    over(database, SAID)
    asks = ModelUnavailableError("429", retry_after=timedelta(hours=1))

    await maker(database, ScriptedSummariser(asks)).make_due()

    assert rows(database)[0].next_try_at == NOW + timedelta(hours=1)


async def test_it_is_made_once_the_model_is_there_again(database: OpenDatabase) -> None:
    over(database, SAID)
    clock = FixedClock()
    work = maker(database, ScriptedSummariser(ModelUnavailableError("busy"), GOOD), clock=clock)

    await work.make_due()
    clock.at += PAUSES[0]
    await work.make_due()

    (row,) = rows(database)
    assert (row.status, row.error) == (SummaryStatus.MADE, None)


async def test_when_notes_change_it_is_made_again_and_the_newest_is_shown(
    database: OpenDatabase,
) -> None:
    there = over(database, SAID)
    better = Summary(headline=Claim("Decimals are new.", (Evidence(2, "began with decimals"),)))
    work = maker(database, ScriptedSummariser(GOOD, better))
    await work.make_due()

    noted(database, there, "And we began with decimals.", message_id=9)
    await work.make_due()

    assert [row.version for row in rows(database)] == [1, 2]
    with database.reading() as session:
        shown = summary_for(session, there.id, "en")
    assert shown is not None
    assert content_of(shown).headline == better.headline


async def test_a_summary_of_notes_that_changed_meanwhile_is_not_kept(
    database: OpenDatabase,
) -> None:
    there = over(database, SAID)

    class Slow(ScriptedSummariser):
        async def summarise(self, request: Any) -> Any:
            if not self.asked:
                later = NOW + timedelta(minutes=1)
                noted(database, there, "More notes came.", message_id=9, now=later)
            return await super().summarise(request)

    work = maker(database, Slow(GOOD), clock=FixedClock(NOW + timedelta(minutes=2)))

    assert await work.make_due() == 0
    (row,) = rows(database)
    assert (row.status, row.content) == (SummaryStatus.PENDING, None)
    assert await work.make_due() == 1
    assert [row.version for row in rows(database)] == [1]


async def test_its_readers_cards_are_brought_up_to_date(database: OpenDatabase) -> None:
    there = with_cards(database, over(database, SAID))
    before = len(outbox_rows(database, MessageKind.APPOINTMENT_CARD_REFRESH))

    await maker(database, ScriptedSummariser(GOOD)).make_due()

    refreshed = outbox_rows(database, MessageKind.APPOINTMENT_CARD_REFRESH)[before:]
    assert {row.person_id for row in refreshed} == {
        there.tutor.id,
        there.grace.id,
        there.daniel.id,
    }


# ------------------------------------------------------------------------------------- files


async def test_files_on_their_way_are_waited_for_an_hour_at_most(database: OpenDatabase) -> None:
    over(database, SAID, "A photo follows.")
    change_part(database, 1, kind=PartKind.PHOTO, telegram_file_id="f1", next_try_at=NOW)
    clock, summariser = FixedClock(), ScriptedSummariser(GOOD)
    work = maker(database, summariser, clock=clock)

    await work.make_due()
    (row,) = rows(database)
    assert (row.status, row.next_try_at, row.attempts) == (
        SummaryStatus.PENDING,
        NOW + FILES_WAIT,
        0,
    )
    clock.at = NOW + FILES_WAITED_FOR
    await work.make_due()

    assert rows(database)[0].status is SummaryStatus.MADE


async def test_it_is_made_as_soon_as_the_last_file_is_home(database: OpenDatabase) -> None:
    there = over(database, SAID, "A photo follows.", "Another one.")
    for part in (1, 2):
        change_part(database, part, kind=PartKind.PHOTO, telegram_file_id="f", next_try_at=NOW)
    soon = NOW + timedelta(seconds=2)
    work = maker(database, ScriptedSummariser(GOOD), clock=FixedClock())
    await work.make_due()

    change_part(database, 1, stored_at=soon)
    with database.unit_of_work() as session:
        hurry_summaries(session, there.id, soon)
    assert rows(database)[0].next_try_at == NOW + FILES_WAIT
    change_part(database, 2, stored_at=soon)
    with database.unit_of_work() as session:
        hurry_summaries(session, there.id, soon)

    assert rows(database)[0].next_try_at == soon


async def test_one_that_failed_keeps_its_pause_when_a_file_comes(database: OpenDatabase) -> None:
    there = over(database, SAID)
    with database.unit_of_work() as session:
        session.exec(update(NoteSummary).values(attempts=1, next_try_at=NOW + PAUSES[0]))
        hurry_summaries(session, there.id, NOW)

    assert rows(database)[0].next_try_at == NOW + PAUSES[0]


async def test_a_voice_memo_is_written_down_once_and_can_be_quoted(database: OpenDatabase) -> None:
    over(database, "Listen.")
    change_part(
        database,
        0,
        kind=PartKind.VOICE,
        text=None,
        telegram_file_id="f1",
        stored_at=NOW,
        media_key="notes/a.oga",
        media_type="audio/ogg",
        file_name="voice.oga",
    )
    heard = ScriptedTranscriber("Emily did long division without help.")
    draft = Summary(headline=Claim("Division.", (Evidence(1, "long division without help"),)))
    work = maker(
        database,
        ScriptedSummariser(draft, ModelUnavailableError("again")),
        transcriber=heard,
        media=MemoryMedia({"notes/a.oga": b"OggS"}),
    )

    await work.make_due()

    (recording,) = heard.heard
    assert (recording.content, recording.media_type) == (b"OggS", "audio/ogg")
    part = change_part(database, 0)
    assert (part.transcript, part.transcript_model) == (heard.answer, "listening-1")
    headline = content_of(rows(database)[0]).headline
    assert headline is not None
    assert headline.evidence[0].origin is QuoteOrigin.TRANSCRIPT


async def test_in_several_languages_a_recording_is_listened_to_once(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    with database.unit_of_work() as session:
        (session.merge(there.grace)).language = "ms"
    noted(database, there, "Listen to what she says in this memo.")
    change_part(
        database,
        0,
        kind=PartKind.VOICE,
        telegram_file_id="f1",
        stored_at=NOW,
        media_key="notes/a.oga",
        media_type="audio/ogg",
    )
    heard = ScriptedTranscriber("Long division without help.")
    media = MemoryMedia({"notes/a.oga": b"OggS"})
    draft = Summary(headline=Claim("Division.", (Evidence(1, "Long division"),)))

    assert (
        await maker(database, ScriptedSummariser(draft), transcriber=heard, media=media).make_due()
        == 2
    )

    assert len(heard.heard) == 1


async def test_a_photo_is_looked_at_and_what_was_read_in_it_can_be_quoted(
    database: OpenDatabase,
) -> None:
    over(database, "Her worksheet.")
    change_part(
        database,
        0,
        kind=PartKind.PHOTO,
        telegram_file_id="f1",
        stored_at=NOW,
        media_key="notes/a.jpg",
        media_type="image/jpeg",
    )
    draft = Summary(headline=Claim("A test.", (Evidence(1, "Score: nine out of ten"),)))
    summariser = ScriptedSummariser(draft, readings={1: "Score: nine out of ten", 99: "other"})

    await maker(database, summariser, media=MemoryMedia({"notes/a.jpg": b"JPEG"})).make_due()

    (item,) = summariser.asked[0].items
    assert (item.content, item.media_type) == (b"JPEG", "image/jpeg")
    (row,) = rows(database)
    headline = content_of(row).headline
    assert headline is not None
    assert headline.evidence[0].origin is QuoteOrigin.READING
    assert row.readings == {"1": "Score: nine out of ten"}


async def test_media_that_is_out_of_reach_only_delays_it(database: OpenDatabase) -> None:
    over(database, SAID)
    change_part(
        database,
        0,
        kind=PartKind.PHOTO,
        telegram_file_id="f1",
        stored_at=NOW,
        media_key="notes/a.jpg",
        media_type="image/jpeg",
    )
    media = MemoryMedia({"notes/a.jpg": b"JPEG"})
    media.is_down = True

    assert await maker(database, ScriptedSummariser(GOOD), media=media).make_due() == 0

    (row,) = rows(database)
    assert (row.status, row.error) == (SummaryStatus.PENDING, "MediaUnavailableError")


# --------------------------------------------------------------------------- earlier sessions


async def test_patterns_are_looked_for_in_earlier_sessions_of_this_child_and_tutor_alone(
    database: OpenDatabase,
) -> None:
    first = over(database, "Emily rushed through the word problems.")
    strangers = scene(database, Status.AWAITING_APPROVAL_PARENT)
    noted(database, strangers, "Nobody else should read this.", message_id=11)
    today = another_session(database, first, status=Status.AWAITING_APPROVAL_PARENT, starts_at=NOW)
    noted(database, today, "She rushed at first, then slowed down.", message_id=21)
    draft = Summary(
        headline=Claim("Better.", (Evidence(3, "then slowed down"),)),
        patterns=(
            Claim("She rushes.", (Evidence(1, "rushed through"), Evidence(3, "rushed at first"))),
            Claim("Once.", (Evidence(3, "then slowed down"),)),
        ),
    )
    summariser = ScriptedSummariser(draft)

    await maker(database, summariser).make_due()

    (request,) = [one for one in summariser.asked if one.appointment_id == today.id]
    assert {item.appointment_id for item in request.items} == {first.id, today.id}
    assert strangers.id not in {item.appointment_id for item in request.items}
    made = [row for row in rows(database) if row.appointment_id == today.id]
    assert [claim.statement for claim in content_of(made[0]).patterns] == ["She rushes."]


def test_the_system_sweep_asks_for_a_summary_too(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    batch = carry_out(database, open_batch, there.id, acting(there.tutor), CHAT)
    carry_out(database, add_text, batch.id, acting(there.tutor), SAID, Source(CHAT, 1))

    carry_out(database, close_batch, batch.id, Actor.system(NOW))

    assert [row.status for row in rows(database)] == [SummaryStatus.PENDING]

"""Notes with several files, written on a page (SPEC 4)."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models import MediaReservation, NoteBatch, NotePart, NoteSummary
from models.enums import Channel, MessageKind, PartKind, Status
from services.lifecycle.actors import Source
from services.notes import batches
from services.notes.declining import decline_notes
from tests import builders, files
from tests.builders import acting
from tests.fakes import MemoryMedia
from tests.services.proofs import recipients, trail
from tests.services.scenes import another_session, carry_out
from tests.web.visiting import Pages, hidden_in, send

PHOTO = ("IMG_1.jpg", files.jpeg_photo(), "image/jpeg")
SHEET = ("Ohm.pdf", files.pdf(), "application/pdf")
PROGRAM = ("notes.exe", b"MZ" + b"\0" * 600, "application/octet-stream")
LARGE = ("large.pdf", b"%PDF-1.7\n" + b"\0" * (10 * 1024 * 1024), "application/pdf")


def path_of(pages: Pages) -> str:
    return f"/sessions/{pages.there.id}/add-notes"


def parts(pages: Pages) -> list[NotePart]:
    """Those that were not removed, in their order."""
    with pages.database.reading() as session:
        found = session.exec(
            select(NotePart).where(col(NotePart.removed_at).is_(None)).order_by(col(NotePart.id))
        )
        return list(found.all())


def open_batches(pages: Pages) -> list[NoteBatch]:
    with pages.database.reading() as session:
        found = session.exec(select(NoteBatch).where(col(NoteBatch.closed_at).is_(None)))
        return list(found.all())


async def test_a_text_and_files_are_one_batch_that_tells_the_parents(pages: Pages) -> None:
    there = pages.there
    async with pages.browser(there.tutor) as browser:
        answer = await send(
            browser,
            path_of(pages),
            files=(PHOTO, SHEET),
            text="Halves and thirds.",
            done="1",
        )
        told = (await browser.get(answer.headers["Location"])).text

    text, photo, sheet = parts(pages)
    assert (text.kind, text.text) == (PartKind.TEXT, "Halves and thirds.")
    assert (photo.kind, photo.media_type) == (PartKind.PHOTO, "image/jpeg")
    assert (sheet.kind, sheet.file_name) == (PartKind.DOCUMENT, "Ohm.pdf")
    assert b"GPS" not in await pages.media.get(photo.media_key or "")
    assert open_batches(pages) == []
    assert recipients(pages.database, MessageKind.NOTES_ADDED) == [there.grace.id, there.daniel.id]
    assert trail(pages.database, there.id)[-1].channel is Channel.WEB
    assert "You added notes at 15:00" in told
    with pages.database.reading() as session:
        assert session.exec(select(MediaReservation)).all() == []
        assert session.exec(select(NoteSummary)).all()


async def test_more_can_be_added_and_a_part_removed_before_they_are_done(pages: Pages) -> None:
    path = path_of(pages)
    async with pages.browser(pages.there.tutor) as browser:
        await send(browser, path, text="Halves.")
        await send(browser, path, text="Thirds.", files=(PHOTO,))
        so_far = (await browser.get(path)).text
        first = parts(pages)[0].id
        form = {"csrf": pages.token(browser), "part": str(first)}
        removed = await browser.post(f"/sessions/{pages.there.id}/remove-note", data=form)
        left = (await browser.get(path)).text
        done = await send(browser, path, done="1")

    assert "So far: 1 photo, 2 texts" in so_far
    assert so_far.index("Halves.") < so_far.index("Thirds.")
    assert (removed.status_code, removed.headers["Location"]) == (303, path)
    assert "So far: 1 photo, 1 text" in left
    assert done.headers["Location"].endswith("?done=add_note")
    assert len(recipients(pages.database, MessageKind.NOTES_ADDED)) == 2


async def test_a_refused_file_says_why_and_the_others_are_kept(pages: Pages) -> None:
    path = path_of(pages)
    async with pages.browser(pages.there.tutor) as browser:
        answer = await send(browser, path, files=(PHOTO, PROGRAM, LARGE), text="Halves.", done="1")

    assert answer.status_code == 409
    assert "notes.exe is a program" in answer.text
    assert "large.pdf is over 10 MB" in answer.text
    assert "So far: 1 photo, 1 text" in answer.text
    assert [one.kind for one in parts(pages)] == [PartKind.TEXT, PartKind.PHOTO]
    assert len(open_batches(pages)) == 1
    assert recipients(pages.database, MessageKind.NOTES_ADDED) == []


async def test_what_was_typed_stays_where_nothing_could_be_kept(pages: Pages) -> None:
    store = MemoryMedia({})
    store.is_down = True
    pages.media = store
    path = path_of(pages)
    async with pages.browser(pages.there.tutor) as browser:
        down = await send(browser, path, files=(PHOTO,), text="Halves.", done="1")
        long = await send(browser, path, text="x" * 4097, done="1")

    assert (down.status_code, long.status_code) == (409, 409)
    assert "Files cannot be saved right now." in down.text
    assert "Halves.</textarea>" in down.text
    assert "longer than 4096 characters" in long.text
    assert "x" * 4097 + "</textarea>" in long.text
    assert parts(pages) == []


async def test_sent_twice_it_is_added_once(pages: Pages) -> None:
    path = path_of(pages)
    async with pages.browser(pages.there.tutor) as browser:
        form = hidden_in((await browser.get(path)).text) | {"text": "Halves.", "done": "1"}
        answers = [await browser.post(path, data=form) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert len(parts(pages)) == 1


async def test_the_page_goes_on_with_the_notes_that_the_chat_began(pages: Pages) -> None:
    there = pages.there
    chat = there.tutor.telegram_user_id or 0
    actor = acting(there.tutor)
    batch = carry_out(pages.database, batches.open_batch, there.id, actor, chat)
    carry_out(pages.database, batches.add_text, batch.id, actor, "In the chat.", Source(chat, 5))
    async with pages.browser(there.tutor) as browser:
        so_far = (await browser.get(path_of(pages))).text
        await send(browser, path_of(pages), text="On the page.")

    assert "In the chat." in so_far
    assert {one.batch_id for one in parts(pages)} == {batch.id}
    counted = carry_out(pages.database, batches.tally, batch.id)
    assert counted.counts == {PartKind.TEXT: 2}


async def test_a_tutor_without_telegram_can_write_too(pages: Pages) -> None:
    with pages.database.unit_of_work() as session:
        session.merge(pages.there.tutor).telegram_user_id = None
    async with pages.browser(pages.there.tutor) as browser:
        await send(browser, path_of(pages), text="Halves.", done="1")

    assert [one.text for one in parts(pages)] == ["Halves."]


async def test_after_ten_quiet_minutes_new_notes_begin(pages: Pages) -> None:
    path = path_of(pages)
    async with pages.browser(pages.there.tutor) as browser:
        await send(browser, path, text="Halves.")
        pages.clock.forward(minutes=11)
        fresh = (await browser.get(path)).text
        await send(browser, path, text="Thirds.")

    assert "So far" not in fresh
    assert len({one.batch_id for one in parts(pages)}) == 2


@pytest.mark.parametrize("who", ["grace", "coordinator"])
async def test_only_the_tutor_writes(pages: Pages, who: str) -> None:
    async with pages.browser(getattr(pages.there, who)) as browser:
        opened = await browser.get(path_of(pages))
        form = {"csrf": pages.token(browser), "text": "Halves.", "done": "1"}
        posted = await browser.post(path_of(pages), data=form)

    assert (opened.status_code, posted.status_code) == (409, 409)
    assert "Only the session&#39;s own tutor can do this." in posted.text
    assert parts(pages) == []


async def test_another_tutors_part_cannot_be_removed(pages: Pages) -> None:
    number = pages.note(text="Halves.")
    with pages.database.unit_of_work() as session:
        arjun = builders.tutor(session, name="Arjun Rao")
    theirs = another_session(pages.database, pages.there, tutor=arjun, status=Status.CHECKED_IN)
    async with pages.browser(arjun) as browser:
        form = {"csrf": pages.token(browser), "part": str(number)}
        answer = await browser.post(f"/sessions/{theirs.id}/remove-note", data=form)

    assert answer.status_code == 409
    assert len(parts(pages)) == 1


async def test_notes_are_asked_for_from_the_check_in_on(pages: Pages) -> None:
    ahead = another_session(
        pages.database, pages.there, starts_at=pages.clock.now() + timedelta(hours=1)
    )
    async with pages.browser(pages.there.tutor) as browser:
        answer = await browser.get(f"/sessions/{ahead.id}/add-notes")

    assert answer.status_code == 409
    assert "This session is still ahead" in answer.text


async def test_no_notes_is_told_as_of_then_since_notes_may_follow(pages: Pages) -> None:
    there, told = pages.there, {}
    batch = carry_out(pages.database, batches.open_batch, there.id, acting(there.tutor), 1)
    carry_out(pages.database, decline_notes, batch.id, acting(there.tutor))
    for person in (there.tutor, there.grace):
        async with pages.browser(person) as browser:
            told[person.name] = (await browser.get(f"/sessions/{there.id}")).text

    assert "<li>You had no notes on Wed 25 Nov at 15:00</li>" in told[there.tutor.name]
    assert f"<li>{there.tutor.name} had no notes on Wed 25 Nov" in told[there.grace.name]

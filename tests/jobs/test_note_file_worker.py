"""Files of notes: no file and no tally waits for one that fails or hangs (SPEC 4)."""

import asyncio
from dataclasses import dataclass

import pytest

from chat.telegram_files import TelegramFiles
from jobs.note_file_worker import NoteFileWorker
from jobs.tally_edits import TallyEdits
from models import NotePart
from models.enums import PartKind, Status
from sandbox.faults import Fault
from sandbox.phone import Phone
from services.lifecycle.actors import Source
from services.notes.batches import IncomingFile, add_file, open_batch, remember_tally_message
from services.notes.files import Collector
from tests.builders import acting
from tests.files.documents import pdf
from tests.running import Bench, bench, until
from tests.services.scenes import Scene, carry_out, scene

IN_TIME = 8.0
"""Seconds: less than a hanging call takes."""


@dataclass
class Tutor:
    """A tutor's chat with a tally, to which files are sent."""

    on: Bench
    there: Scene
    phone: Phone
    batch_id: int
    tally_id: int

    def sends_file(self) -> int:
        """A PDF is sent to the bot; the id of its part."""
        message = self.phone.send_document(pdf(), "sheet.pdf", "application/pdf")
        file = IncomingFile(PartKind.DOCUMENT, message["document"]["file_id"])
        source = Source(self.phone.user_id, message["message_id"])
        counted = carry_out(
            self.on.database, add_file, self.batch_id, acting(self.there.tutor), file, None, source
        )
        assert counted.last_part_id is not None
        return counted.last_part_id

    def is_stored(self, part_id: int) -> bool:
        with self.on.database.reading() as session:
            part = session.get(NotePart, part_id)
        return part is not None and part.stored_at is not None

    @property
    def tally(self) -> str:
        found = [one for one in self.phone.messages() if one["message_id"] == self.tally_id]
        return str(found[0]["text"])

    def shows(self, documents: int) -> bool:
        noun = "document" if documents == 1 else "documents"
        return f"So far: {documents} {noun}" in self.tally and "being saved" not in self.tally


async def tutor(on: Bench) -> Tutor:
    there = scene(on.database, Status.AWAITING_APPROVAL_PARENT)
    assert there.tutor.telegram_user_id
    user = on.world.add_person("Grace", user_id=there.tutor.telegram_user_id, started=True)
    batch = carry_out(on.database, open_batch, there.id, acting(there.tutor), user.id)
    sent = await on.application.bot.send_message(user.id, "So far: nothing")
    carry_out(on.database, remember_tally_message, batch.id, sent.message_id)
    return Tutor(on, there, on.phone(user.id), batch.id, sent.message_id)


def worker(on: Bench, source: TelegramFiles) -> NoteFileWorker:
    collector = Collector(on.database, source, on.app.media, on.clock)
    return NoteFileWorker(on.application.bot, on.app, collector, look_every=0.2)


@pytest.mark.parametrize("status", [400, 403, 404, 500, 502])
async def test_a_tally_that_cannot_be_edited_keeps_no_other_back(
    database_url: str, status: int
) -> None:
    async with bench(database_url) as on:
        first, second, third = [await tutor(on) for _ in range(3)]
        chat = first.phone.user_id
        on.world.faults.plan(Fault("editMessageText", "status", 99, status=status, chat_id=chat))
        for each in (first, second, third):
            each.sends_file()
        source = TelegramFiles(on.application.bot)
        files = worker(on, source)

        await asyncio.wait_for(files.drain(), IN_TIME)

        assert second.shows(1)
        assert third.shows(1)
        await files.stop()
        await source.close()


async def test_a_tally_whose_edit_hangs_keeps_no_other_and_no_file_back(database_url: str) -> None:
    async with bench(database_url) as on:
        first, second = await tutor(on), await tutor(on)
        chat = first.phone.user_id
        hangs = Fault("editMessageText", "timeout_before", 99, seconds=30, chat_id=chat)
        on.world.faults.plan(hangs)
        source = TelegramFiles(on.application.bot)
        files = worker(on, source)
        first.sends_file()
        files.start()
        await until(lambda: hangs.times < 99, IN_TIME)

        second.sends_file()
        await until(lambda: second.shows(1), IN_TIME)
        late = first.sends_file()
        await until(lambda: first.is_stored(late), IN_TIME)

        await files.stop()
        await source.close()


async def test_a_download_that_hangs_keeps_no_other_file_back(database_url: str) -> None:
    async with bench(database_url) as on:
        first, second, third = [await tutor(on) for _ in range(3)]
        hangs = Fault("download", "timeout_before", 1, seconds=30)
        on.world.faults.plan(hangs)
        source = TelegramFiles(on.application.bot)
        files = worker(on, source)
        first.sends_file()
        files.start()
        await until(lambda: hangs.times == 0, IN_TIME)

        second.sends_file()
        await until(lambda: second.shows(1), IN_TIME)
        third.sends_file()
        await until(lambda: third.shows(1), IN_TIME)

        await files.stop()
        await source.close()


async def test_changes_during_an_edit_are_shown_by_one_more() -> None:
    shown: list[int] = []
    may_end = asyncio.Event()

    async def show(batch_id: int) -> None:
        shown.append(batch_id)
        await may_end.wait()

    edits = TallyEdits(show)
    for _ in range(5):
        edits.changed(1)
        await asyncio.sleep(0)
    edits.changed(2)
    await asyncio.sleep(0)
    may_end.set()
    await edits.idle()

    assert shown == [1, 2, 1]

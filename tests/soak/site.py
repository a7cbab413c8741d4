"""A world, a database and the process between them, which dies and is started again."""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import col, select

from models import InboxUpdate, NotePart, OutboxMessage
from sandbox.server import serving
from sandbox.world import DEFAULT_TOKEN, World
from services.adapters.disk_media import DiskMediaStore
from tests import builders, files
from tests.end_to_end.stage import GROUP, PRIYA
from tests.faults.casts import PHOTO_KEY, Cast, Casting, Flow
from tests.faults.verdicts import text_of_call
from tests.open_database import OpenDatabase
from tests.running import until
from tests.soak.killed_product import NEVER, Address, Fate, start

SETTLED_WITHIN = 240.0
STARTED_WITHIN = 240.0


class Site:
    """The world outside, and the product in a process."""

    def __init__(self, world: World, address: Address) -> None:
        self.world = world
        self.database = OpenDatabase(address.database_url)
        self.fate = Fate()
        self.deaths = 0
        self.casting = Casting(self.database, world, lambda: datetime.now(UTC))
        self._address = address
        self._process = start(address, self.fate)

    async def started(self) -> None:
        """Wait until the process is at work."""
        await until(lambda: self.fate.is_ready.value == 1 or not self._is_alive, STARTED_WITHIN)
        assert self._is_alive, "it ended by itself"

    async def revive(self) -> None:
        """Start the process again, after its death."""
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL, self._process.exitcode
        self.deaths += 1
        self.fate.left.value = NEVER
        self._process = start(self._address, self.fate)
        await self.started()

    async def kill(self) -> None:
        """Kill the process, and start it again."""
        self._process.kill()
        await self.revive()

    async def quiet_or_dead(self) -> bool:
        """Wait until everything is done, or the process is dead; whether it is dead."""
        await until(lambda: not self._is_alive or self._is_quiet(), SETTLED_WITHIN)
        return not self._is_alive

    async def quiet(self) -> None:
        """Wait until everything is done."""
        assert not await self.quiet_or_dead(), "it ended by itself"

    async def before(self, flow: Flow, casts: Sequence[Cast]) -> None:
        """Play what goes before the last step of a flow."""
        for step in flow.before:
            for cast in casts:
                step(cast)
            await self.quiet()

    def sent(self, cast: Cast, after: int) -> Counter[tuple[str, str]]:
        """The messages that the cast's chats got since call number `after`."""
        return Counter(
            (cast.chats[int(call["fields"]["chat_id"])], text_of_call(call))
            for call in self.world.calls.all()
            if call["id"] > after
            and call["status"] == 200
            and call["method"].startswith("send")
            and call["method"] != "sendChatAction"
            and int(call["fields"]["chat_id"]) in cast.chats
        )

    async def close(self) -> None:
        self._process.kill()
        self._process.join()
        await self.database.close()

    @property
    def _is_alive(self) -> bool:
        return self._process.is_alive()

    def _is_quiet(self) -> bool:
        with self.world.turn():
            if self.world.updates.waiting(self.world.now()):
                return False
        now = datetime.now(UTC)
        with self.database.reading() as session:
            undone = session.exec(
                select(InboxUpdate.update_id)
                .where(col(InboxUpdate.done_at).is_(None), col(InboxUpdate.set_aside_at).is_(None))
                .limit(1)
            )
            unsent = session.exec(
                select(OutboxMessage.id)
                .where(
                    col(OutboxMessage.sent_at).is_(None),
                    col(OutboxMessage.failed_at).is_(None),
                    OutboxMessage.due_at <= now,
                )
                .limit(1)
            )
            unstored = session.exec(
                select(NotePart.id)
                .where(
                    col(NotePart.telegram_file_id).is_not(None),
                    col(NotePart.stored_at).is_(None),
                    col(NotePart.removed_at).is_(None),
                )
                .limit(1)
            )
            return all(found.first() is None for found in (undone, unsent, unstored))


@contextlib.asynccontextmanager
async def opened(
    database_url: str, folder: Path, webhook: str | None = None
) -> AsyncIterator[Site]:
    """A world with an agency, and the process at work."""
    world = World(DEFAULT_TOKEN, rates=None)
    world.webhook_retry_seconds = 0.1
    world.add_person("Priya", "Nair", user_id=PRIYA, started=True)
    world.add_group("Coordinators", [PRIYA], group_id=GROUP)
    media = folder / "media"
    await DiskMediaStore(media).put(PHOTO_KEY, files.jpeg_photo(), "image/jpeg")
    async with serving(world) as telegram:
        site = Site(world, Address(database_url, telegram, media, webhook))
        with site.database.unit_of_work() as session:
            builders.coordinator(session, name="Priya Nair", telegram_user_id=PRIYA)
        try:
            await site.started()
            await asyncio.sleep(0)
            yield site
        finally:
            await site.close()

"""A world, a database and the process between them, which dies and is started again."""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlmodel import col, func, select

from models import InboxUpdate, NotePart, OutboxMessage, Person
from sandbox.server import serving
from sandbox.world import DEFAULT_TOKEN, World
from services.adapters.disk_media import DiskMediaStore
from tests import builders, files
from tests.builders import SIGN_IN
from tests.end_to_end.stage import GROUP, PRIYA
from tests.faults.casts import PHOTO_KEY, Cast, Casting
from tests.faults.verdicts import text_of_call
from tests.open_database import OpenDatabase
from tests.running import until
from tests.soak.hours import AGENCY
from tests.soak.killed_product import Address, Fate, start
from tests.soak.play import Play, done

SETTLED_WITHIN = 240.0
STARTED_WITHIN = 240.0


class Site:
    """The world outside, and the product in a process."""

    def __init__(self, world: World, address: Address) -> None:
        self.world = world
        self.database = OpenDatabase(address.database_url)
        self.fate = Fate()
        self.deaths = 0
        self.priya_id = 0
        self.casting = Casting(self.database, world, lambda: datetime.now(UTC))
        self._address = address
        self.forms: dict[Cast, dict[str, str]] = {}
        """What the hidden fields of the form say that a cast has before it."""
        self.statuses: list[int] = []
        """How the forms were answered."""
        self.kept: dict[Cast, str] = {}
        """What a cast remembers from one step to a later one."""
        self._browsers: dict[int, httpx.AsyncClient] = {}
        self._process = start(address, self.fate)

    async def started(self) -> None:
        """Wait until the process is at work."""
        await until(lambda: self.fate.is_ready.value == 1 or self.is_dead, STARTED_WITHIN)
        assert not self.is_dead, "it ended by itself"

    async def revive(self) -> None:
        """Start the process again, after its death."""
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL, self._process.exitcode
        self.deaths += 1
        self.fate.spare()
        self._age_lease()
        self._process = start(self._address, self.fate)
        await self.started()

    async def kill(self) -> None:
        """Kill the process, and start it again."""
        self._process.kill()
        await self.revive()

    @property
    def is_dead(self) -> bool:
        return not self._process.is_alive()

    async def quiet_or_dead(self, within: float = SETTLED_WITHIN) -> None:
        """Wait until everything is done, or the process is dead."""
        await until(lambda: self.is_dead or self._is_quiet(), within)

    async def died(self) -> None:
        """Wait until the process is dead."""
        await until(lambda: self.is_dead, STARTED_WITHIN)

    async def spared_or_dead(self) -> None:
        """Wait until a process that had come to its end when it was spared is dead."""
        await until(lambda: self.is_dead or not self.fate.where.value, STARTED_WITHIN)

    async def quiet(self, within: float = SETTLED_WITHIN) -> None:
        """Wait until everything is done."""
        await self.quiet_or_dead(within)
        assert not self.is_dead, "it ended by itself"

    async def caught_up(self, waiting: int) -> None:
        """Wait until fewer updates than `waiting` are left to be handled."""
        await until(lambda: self._waiting_updates() < waiting, SETTLED_WITHIN)

    def vacuum(self) -> None:
        """Do what PostgreSQL does by itself, but for the servers of tests."""
        if not self.database.is_sqlite:
            address = make_url(self.database.url).set(drivername="postgresql")
            with psycopg.connect(address.render_as_string(), autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")

    async def before(self, play: Play, casts: Sequence[Cast]) -> None:
        """Play what goes before the last step."""
        for step in play.before:
            for cast in casts:
                await done(step(self, cast))
            await self.quiet()

    def browser(self, person_id: int) -> httpx.AsyncClient:
        """A browser, in which this person is signed in."""
        if person_id not in self._browsers:
            now = datetime.now(UTC)
            with self.database.unit_of_work() as session:
                cookie = SIGN_IN.begin_session(session, session.get_one(Person, person_id), now)
            self._browsers[person_id] = httpx.AsyncClient(
                base_url=self._address.pages, cookies={"tutorline": cookie}, timeout=60.0
            )
        return self._browsers[person_id]

    def sent(self, cast: Cast, after: int) -> Counter[tuple[str, str]]:
        """What the cast's chats and the coordinators' were sent since call number `after`."""
        others = {GROUP: "group", PRIYA: "coordinator", cast.new_phone: "somebody else"}
        chats = cast.chats | others
        return Counter(
            (chats[int(call["fields"]["chat_id"])], text_of_call(call))
            for call in self.world.calls.all()
            if call["id"] > after
            and call["status"] == 200
            and call["method"].startswith("send")
            and call["method"] != "sendChatAction"
            and int(call["fields"]["chat_id"]) in chats
        )

    async def close(self) -> None:
        self._process.kill()
        self._process.join()
        for browser in self._browsers.values():
            await browser.aclose()
        await self.database.close()

    def _age_lease(self) -> None:
        """Let the dead process's lease run out at once, rather than after five seconds."""
        if not self.database.is_sqlite:
            with self.database.unit_of_work() as session:
                session.execute(text("UPDATE lease SET renewed_at = renewed_at - interval '1 h'"))

    def _waiting_updates(self) -> int:
        with self.world.turn():
            undelivered = len(self.world.updates.waiting(self.world.now()))
        with self.database.reading() as session:
            undone = select(func.count()).where(
                col(InboxUpdate.done_at).is_(None), col(InboxUpdate.set_aside_at).is_(None)
            )
            return undelivered + session.exec(undone).one()

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
    database_url: str, folder: Path, port: int, *, by_webhook: bool = False
) -> AsyncIterator[Site]:
    """A world with an agency, and the process at work."""
    world = World(DEFAULT_TOKEN, rates=None)
    world.webhook_retry_seconds = 0.1
    world.add_person("Priya", "Nair", user_id=PRIYA, started=True)
    world.add_group("Coordinators", [PRIYA], group_id=GROUP)
    media = folder / "media"
    await DiskMediaStore(media).put(PHOTO_KEY, files.jpeg_photo(), "image/jpeg")
    async with serving(world) as telegram:
        site = Site(world, Address(database_url, telegram, media, AGENCY, port, by_webhook))
        with site.database.unit_of_work() as session:
            priya = builders.coordinator(session, name="Priya Nair", telegram_user_id=PRIYA)
            site.priya_id = priya.id
        try:
            await site.started()
            await asyncio.sleep(0)
            yield site
        finally:
            await site.close()

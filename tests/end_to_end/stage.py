"""The whole product at work against the sandbox over HTTP, and the people who use it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import Tutorline
from jobs.rate_limits import RateLimits
from jobs.telegram import Telegram
from models import Appointment, Person, Student
from models.enums import Status
from sandbox.clock import MovableClock
from sandbox.hosting import Hooks
from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.wire import Json
from sandbox.world import DEFAULT_TOKEN, World
from services.adapters.disk_media import DiskMediaStore
from services.adapters.factory import Outside
from services.adapters.offline_extractor import OfflineExtractor
from services.ports import (
    LocalFile,
    MediaStore,
    MediaUnavailableError,
    Presentation,
    Summariser,
    Transcriber,
)
from services.rules.agency import Agency
from services.rules.penalties import read_penalty_sheet
from services.sessions.penalty_sheet import Penalties
from tests import builders
from tests.builders import AGENCY, NOW, SIGN_IN
from tests.open_database import OpenDatabase
from tests.running import opened

GROUP = -4_000_000_001
GRACE, MEI, DANIEL, PRIYA, MARCUS, STRANGER = range(5_000_000_001, 5_000_000_007)
UNHURRIED = RateLimits(overall_per_second=10_000, chat_per_second=10_000, group_per_minute=10_000)
OUTAGE = "Gateway|Too Many Requests|504"
"""Telegram's errors during a planned fault."""
PENALTIES = read_penalty_sheet(
    """role,notice_hours_min,notice_hours_max,penalty,guidance
tutor,0,24,One strike,Three in a term are discussed.
parent,0,24,50 % of the fee,Half the fee is charged.
parent,24,,None,
"""
)
SETTLED_WITHIN = 60.0
"""Seconds within which the product has to become idle."""


class StillClock(MovableClock):
    """The sandbox's clock, standing still until it is moved."""

    def __init__(self, start: datetime = NOW) -> None:
        super().__init__(start)

    def now(self) -> datetime:
        return self._start


class UnsteadyMedia(DiskMediaStore):
    """A media store that can be out of reach for a while."""

    is_down = False

    async def put(self, key: str, content: bytes, media_type: str) -> None:
        self._require_up()
        await super().put(key, content, media_type)

    async def get(self, key: str) -> bytes:
        self._require_up()
        return await super().get(key)

    async def give(self, key: str, presentation: Presentation, lasts: timedelta) -> LocalFile:
        self._require_up()
        return await super().give(key, presentation, lasts)

    def _require_up(self) -> None:
        if self.is_down:
            raise MediaUnavailableError("down, for a test")


class Stage:
    """A tutor, two parents, two coordinators, one child, and the product between them."""

    def __init__(self, world: World, database_url: str, media: Path, agency: Agency) -> None:
        self.world = world
        self.database_url = database_url
        self.disk = UnsteadyMedia(media)
        self.media: MediaStore = self.disk
        self.summariser: Summariser = OfflineExtractor()
        self.transcriber: Transcriber | None = None
        self.agency = agency
        self.hooks = Hooks(world)
        self.address = ""
        self.tutorline: Tutorline | None = None
        self.expected_refusals: list[str] = []
        self.unreadable_updates = 0
        """How many updates were sent that nobody can parse."""
        self.grace = Phone(world, GRACE)
        self.mei = Phone(world, MEI)
        self.daniel = Phone(world, DANIEL)
        self.priya = Phone(world, PRIYA)
        self.priya_in_group = Phone(world, PRIYA, GROUP)
        self.marcus_in_group = Phone(world, MARCUS, GROUP)
        self.stranger = Phone(world, STRANGER)

    @property
    def now(self) -> datetime:
        return self.world.now()

    @property
    def running(self) -> Tutorline:
        if self.tutorline is None:
            raise RuntimeError("the product is not running")
        return self.tutorline

    @property
    def database(self) -> OpenDatabase:
        return opened(self.running.app)

    async def start(self) -> None:
        """Start the product, as `python bot.py` does."""
        telegram = Telegram(self.world.token, GROUP, self.address, UNHURRIED, poll_seconds=1)
        database = OpenDatabase(self.database_url)
        penalties = Penalties()
        penalties.sheet = PENALTIES
        outside = Outside(self.media, penalties, self.summariser, self.transcriber)
        self.tutorline = Tutorline(
            telegram, database, self.world.clock, self.agency, outside, SIGN_IN
        )
        await self.tutorline.start()
        self.hooks.hosted = self.tutorline.jobs

    async def stop(self) -> None:
        """Stop the product; the world goes on."""
        await self.running.stop()
        self.tutorline = None
        self.hooks.hosted = None

    async def restart(self) -> None:
        """Stop and start again, which loses everything that was only in memory."""
        await self.stop()
        await self.start()
        await self.running.jobs.scheduler.caught_up()

    async def kill(self) -> None:
        """End the product without finishing what is under way."""
        await self.running.jobs.worker.stop(0)
        await self.running.jobs.relay.stop(0)
        await self.stop()

    def expect_refusal(self, pattern: str) -> None:
        """Allow errors of the Bot API whose description matches `pattern`."""
        self.expected_refusals.append(pattern)

    async def settled(self) -> None:
        """Wait until the product has handled everything that was done so far."""
        async with asyncio.timeout(SETTLED_WITHIN):
            while self._has_updates():
                await asyncio.sleep(0.005)
            await self.running.jobs.settle()

    async def forward(self, **by: float) -> None:
        """Move the clock on, and run everything that is due on the way."""
        await self.settled()
        await self.hooks.jump(self.now + timedelta(**by))
        await self.settled()

    def people(self) -> tuple[Person, Person, Person, Student]:
        """The usual cast, linked and started: tutor Grace, parents Mei and Daniel, Emily."""
        with self.database.unit_of_work() as session:
            grace = builders.tutor(session, name="Grace Tan", telegram_user_id=GRACE)
            mei = builders.parent(session, name="Mei Lim", telegram_user_id=MEI)
            daniel = builders.parent(session, name="Daniel Lim", telegram_user_id=DANIEL)
            builders.coordinator(session, name="Priya Nair", telegram_user_id=PRIYA)
            builders.coordinator(session, name="Marcus Lee", telegram_user_id=MARCUS)
            emily = builders.student(
                session, name="Emily Lim", guardians=[mei, daniel], address="18 Bishan Street"
            )
        return grace, mei, daniel, emily

    async def session(
        self,
        tutor: Person,
        student: Student,
        *,
        starts_in: timedelta,
        minutes: int = 90,
        **over: Any,
    ) -> Appointment:
        """A session that starts `starts_in` from now, scheduled if `over` has no other status."""
        with self.database.unit_of_work() as session:
            return builders.appointment(
                session,
                tutor=tutor,
                student=student,
                starts_at=self.now + starts_in,
                minutes=minutes,
                **({"subject": "Mathematics"} | over),
            )

    def status(self, appointment: Appointment) -> Status:
        """The session's status in the database."""
        with self.database.reading() as session:
            found = session.get(Appointment, appointment.id)
        if found is None:
            raise LookupError("no such session")
        return found.status

    def _has_updates(self) -> bool:
        with self.world.turn():
            return bool(self.world.updates.waiting(self.world.now()))


def text_of(message: Json) -> str:
    """The text or caption of a message."""
    return str(message.get("text") or message.get("caption") or "")


def texts(phone: Phone) -> list[str]:
    """The texts of the bot's messages in a chat, oldest first."""
    bot_id = phone.world.bot.id
    return [text_of(one) for one in phone.messages() if one["from"]["id"] == bot_id]


def buttons(message: Json) -> list[list[Json]]:
    """The rows of a message's buttons."""
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def labels(message: Json) -> list[str]:
    """The labels of a message's buttons."""
    return [button["text"] for row in buttons(message) for button in row]


@contextlib.asynccontextmanager
async def set_up(
    database_url: str, folder: Path, *, agency: Agency = AGENCY, hangs: bool = False
) -> AsyncIterator[Stage]:
    """A stage with accounts for everybody; all but the stranger have started the bot.

    `hangs`: a sweep never ends, so that nothing waits for the first ones.
    """
    world = World(DEFAULT_TOKEN, rates=None, clock=StillClock())
    for user_id, name in (
        (GRACE, "Grace Tan"),
        (MEI, "Mei Lim"),
        (DANIEL, "Daniel Lim"),
        (PRIYA, "Priya Nair"),
        (MARCUS, "Marcus Lee"),
    ):
        first, last = name.split()
        world.add_person(first, last, user_id=user_id, started=True)
    world.add_person("Sam", "Stranger", user_id=STRANGER)
    world.add_group("Coordinators", [PRIYA, MARCUS], group_id=GROUP)
    stage = Stage(world, database_url, folder / "media", agency)
    async with serving(world) as address:
        stage.address = address
        await stage.start()
        if not hangs:
            await stage.running.jobs.scheduler.caught_up()  # nothing falls due before the scene
        try:
            yield stage
        finally:
            await stage.stop()

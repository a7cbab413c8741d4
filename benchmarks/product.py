"""Product inside this process. Only this and the modules of queries know its internals.

All other benchmarks use its command line, HTTP and its tables.
"""

import asyncio
import contextlib
import gc
import hmac
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text
from telegram import Update
from telegram.ext import TypeHandler

from benchmarks.cases import AGENCY
from benchmarks.families import GROUP, quiet_zone
from benchmarks.places import WORK
from benchmarks.processes import SECRET_KEY
from benchmarks.stub_request import TOKEN, StubRequest
from benchmarks.updates import RawUpdate
from bot import Tutorline
from chat.context import Context
from jobs.rate_limits import RateLimits
from jobs.telegram import Telegram
from services.adapters.disk_media import DiskMediaStore
from services.adapters.factory import Outside
from services.adapters.logs import set_up_logs
from services.adapters.offline_extractor import OfflineExtractor
from services.adapters.system_clock import SystemClock
from services.db import Database, Session
from services.garbage import keep_loaded
from services.people.sign_in import SignIn
from services.rules.agency import Agency
from services.sessions.penalty_sheet import Penalties
from web.app import create_app
from web.server import listen, serving
from web.site import Site

NO_RATE_LIMITS = RateLimits(overall_per_second=10**9, chat_per_second=10**9, group_per_minute=10**9)
"""Rate limits so high that they are not measured."""
COOKIE = "tutorline"

Unit = Callable[[Session, Any], Any]
"""Query or use case on a session of the product's database, with one argument."""


async def write(database: Database, unit: Unit, argument: object) -> object:
    """Run a unit of work, as the product does."""
    return await database.write(unit, argument)


async def read(database: Database, unit: Unit, argument: object) -> object:
    """Run a query, as the product does."""
    return await database.read(unit, argument)


class Product:
    """Composed application whose update worker runs; the benchmark drives the rest."""

    def __init__(self, tutorline: Tutorline, stub: StubRequest) -> None:
        self._tutorline = tutorline
        self._answered = asyncio.Semaphore(0)
        self.stub = stub
        last = TypeHandler(Update, self._note_answered)
        tutorline.application.add_handler(last, group=10**6)

    @property
    def database(self) -> Database:
        return self._tutorline.app.database

    async def take_in(self, updates: Sequence[RawUpdate]) -> None:
        """Give the product updates that arrived together."""
        await self._tutorline.jobs.worker.take_in(updates)

    async def answered(self, updates: int) -> None:
        """Wait until as many more updates are answered; their done marks may still be written."""
        async with asyncio.timeout(60):
            for _ in range(updates):
                await self._answered.acquire()

    async def handled(self) -> None:
        """Wait until everything that was taken in is answered and marked as done."""
        await self._tutorline.jobs.worker.idle()

    async def send(self) -> None:
        """Send all due messages of the outbox."""
        await self._tutorline.jobs.relay.drain()

    async def _note_answered(self, _update: Update, _context: Context) -> None:
        self._answered.release()


@contextlib.asynccontextmanager
async def composed(url: str, folder: Path) -> AsyncIterator[Product]:
    """Application on a database that has its schema, with a stub of the Bot API."""
    set_up_logs("ERROR")
    stub = StubRequest()
    tutorline = Tutorline(
        Telegram(TOKEN, GROUP, "http://127.0.0.1", NO_RATE_LIMITS),
        Database(url),
        SystemClock(),
        Agency("Tutorline", ZoneInfo(quiet_zone())),
        Outside(DiskMediaStore(folder / "media"), Penalties(), OfflineExtractor()),
        SignIn(SECRET_KEY),
    )
    bot = tutorline.application.bot
    bot._request = (stub, stub)  # noqa: SLF001 - whatever HTTP client it was given
    await tutorline.application.initialize()
    tutorline.app.bot_username = bot.username
    product = Product(tutorline, stub)
    await tutorline.ownership.look()
    await tutorline.jobs.worker.start()
    gc.collect()
    keep_loaded()  # as `bot.py` does
    try:
        yield product
    finally:
        await tutorline.stop()


# ------------------------------------------------------------------------------------- the pages


class _Standing:
    """Clock that stands still."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


async def serve_pages(url: str, now: datetime) -> None:
    """Serve the pages of a database as of `now`, until the process is ended.

    Writes the address to standard output.
    """
    set_up_logs("ERROR")
    site = Site(
        Database(url),
        _Standing(now),
        AGENCY,
        DiskMediaStore(WORK / "media"),
        SignIn(SECRET_KEY),
    )
    gc.collect()
    keep_loaded()
    async with serving(create_app(site), listen("127.0.0.1", 0)) as address:
        print(f"ready at {address}", flush=True)
        await asyncio.Event().wait()


# ------------------------------------------------------------------------------------ single parts

_FIND = text("SELECT id, status FROM appointment WHERE id = :id")
_CHANGE = text("UPDATE appointment SET subject = :word WHERE id = :id AND status = 'scheduled'")
_AUDIT = text(
    "INSERT INTO audit_event (appointment_id, role, channel, at, action)"
    " VALUES (:id, 'tutor', 'telegram', :at, 'check_in')"
).bindparams(bindparam("at", type_=None))


def change_session(session: Session, number: int) -> None:
    """Run a small unit of work: find one session, change it under a guard, audit it."""
    connection = session.connection()
    at = datetime.now(UTC) if session.get_bind().dialect.name != "sqlite" else "2026-01-01 00:00:00"
    connection.execute(_FIND, {"id": number})
    connection.execute(_CHANGE, {"id": number, "word": "Science"})
    connection.execute(_AUDIT, {"id": number, "at": at})


def cookie_hash(token: str) -> str:
    """Value of `web_session.token_hash` for a browser's cookie."""
    return hmac.new(SECRET_KEY.encode(), token.encode(), sha256).hexdigest()


def acknowledge_button(appointment_id: int) -> str:
    """Callback data of *Acknowledge* on the card of a session."""
    return f"ak.1:{appointment_id}"

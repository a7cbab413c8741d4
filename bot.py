"""Tutorline: the composition root and the command line.

`python bot.py` runs everything in one process; `python bot.py --help` tells the other verbs.
"""

import gc

if __name__ == "__main__":
    gc.disable()  # while modules load there is no garbage, and to look for it takes a fifth of that

import argparse
import asyncio
import contextlib
import errno
import itertools
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from chat.app_context import AppContext, Pages
from chat.context import POLL_SECONDS, build_application
from chat.conversation_states import ConversationStates
from chat.menus import set_common_menu
from chat.messages.compose import compose
from chat.telegram_files import TelegramFiles
from conversations import (
    cancellation,
    coordinator_change,
    correction,
    dispute,
    judgement,
    notes,
    problem,
    rescheduling,
    settlement,
)
from conversations.dialogue import add_handlers
from handlers import (
    approvals,
    attendance,
    coordination,
    edits,
    errors,
    fallback,
    invitations,
    leaving,
    lists,
    pages,
    replacements,
    requests,
    start,
    summaries,
)
from jobs.note_file_worker import NoteFileWorker
from jobs.outbox_relay import RATE_LIMITS, OutboxRelay
from jobs.rate_limits import RateLimits
from jobs.scheduler import Scheduler, Sweep
from jobs.summary_worker import SummaryWorker
from jobs.update_polling import ALLOWED_UPDATES, PAUSES, UpdatePolling
from jobs.update_worker import UpdateWorker
from locales.import_wording import report_lines
from services import schema
from services.adapters.disk_media import DiskMediaStore
from services.adapters.logs import redacted, set_up_logs
from services.adapters.offline_extractor import OfflineExtractor
from services.adapters.openai_client import OpenAiClient
from services.adapters.openai_summariser import OpenAiSummariser
from services.adapters.openai_transcriber import OpenAiTranscriber
from services.adapters.penalty_sheet import SheetFile, sheet_source
from services.adapters.r2_media import R2MediaStore
from services.adapters.system_clock import SystemClock
from services.db import Database
from services.imports.importing import import_paths
from services.media.proof import prove
from services.notes.files import Collector
from services.people import accounts
from services.people.sign_in import SignIn
from services.ports import (
    Clock,
    Closing,
    MediaStore,
    ModelUnavailableError,
    ModelUnusableError,
    SheetUnavailableError,
    Summariser,
    Transcriber,
)
from services.rules.agency import Agency
from services.rules.penalties import PenaltySheetError
from services.sessions.penalty_sheet import RELOAD_SECONDS, Penalties
from services.settings import ROOT, Settings, SettingsError, TelegramMode, load_settings
from services.summaries.making import SummaryMaker
from web.app import create_app
from web.server import listen, serving
from web.site import Site
from web.webhook import webhook_route

logger = structlog.get_logger("bot")

TELEGRAM_ROOT = "https://api.telegram.org"
SANDBOX_SECRET = "nothing is secret in the sandbox"  # noqa: S105
SANDBOX_FOLDER = ROOT / "var" / "sandbox"
CHECK_SECONDS = 10
"""That `check` waits for a model's server."""


@dataclass(frozen=True)
class Telegram:
    """Which bot this is, and where its Bot API is."""

    token: str
    coordinator_chat_id: int
    api_url: str = TELEGRAM_ROOT
    pacing: RateLimits = RATE_LIMITS
    poll_seconds: int = POLL_SECONDS


@dataclass(frozen=True)
class Outside:
    """What else the product reaches: where files and penalties are, and who sums up and listens."""

    media: MediaStore
    penalties: Penalties
    summariser: Summariser
    transcriber: Transcriber | None = None

    async def close(self) -> None:
        """Let go of every connection."""
        for adapter in (self.media, self.summariser, self.transcriber):
            if isinstance(adapter, Closing):
                await adapter.close()


class Tutorline:
    """The bot, put together: what comes in, what goes out, and what is done later."""

    def __init__(
        self,
        telegram: Telegram,
        database: Database,
        clock: Clock,
        agency: Agency,
        outside: Outside,
        sign_in: SignIn,
    ) -> None:
        group, media = telegram.coordinator_chat_id, outside.media
        self.app = AppContext(database, clock, agency, media, group, outside.penalties, sign_in)
        self._outside = outside
        self._memory = ConversationStates()
        self.application = build_application(
            self.app, self._memory, telegram.token, api_url=telegram.api_url
        )
        self._add_handlers()
        bot = self.application.bot
        self.worker = UpdateWorker(self.application, self.app, self._memory)
        self.sender = OutboxRelay(bot, self.app, compose, pacing=telegram.pacing)
        self._source = TelegramFiles(bot)
        self.files = NoteFileWorker(bot, self.app, Collector(database, self._source, media, clock))
        self.summaries = SummaryWorker(
            self.app,
            SummaryMaker(database, outside.summariser, outside.transcriber, media, clock),
        )
        self.polling = UpdatePolling(
            bot, database, clock, self.worker.wake, poll_seconds=telegram.poll_seconds
        )
        self.timetable = Scheduler(
            bot,
            self.app,
            Sweep("sweep orphaned files", 3600, self.files.sweep_orphans),
            Sweep("watch the polling", 60, self.polling.watch),
            Sweep("reload the penalty sheet", RELOAD_SECONDS, outside.penalties.reload),
        )
        self.app.wake_sender = self.sender.wake
        self.app.wake_collector = self.files.wake
        self.app.wake_summaries = self.summaries.wake

    def _add_handlers(self) -> None:
        """The one ordered list of everything that takes an update."""
        add_handlers(
            self.application,
            self._memory,
            dialogues=[
                notes.build(),
                dispute.build(),
                cancellation.build(),
                rescheduling.build(),
                problem.build(),
                judgement.build(),
                settlement.build(),
                correction.build(),
                coordinator_change.build(),
            ],
            handlers=[
                *start.handlers(),
                *attendance.handlers(),
                *approvals.handlers(),
                *requests.handlers(),
                *summaries.handlers(),
                *edits.handlers(),
                *replacements.handlers(),
                *lists.handlers(),
                *coordination.handlers(),
                *invitations.handlers(),
                *pages.handlers(),
            ],
            last_resorts=[*leaving.handlers(), *fallback.handlers()],
            say_parked=leaving.say_parked,
        )
        self.application.add_error_handler(errors.on_refusal)

    async def start(self, *, polls: bool = True) -> None:
        """Begin: what was left undone first. Without `polls`, a webhook fills the inbox."""
        await self._reach_telegram()
        await self.worker.start()
        self.sender.start()
        self.files.start()
        self.summaries.start()
        await self.timetable.run_all()  # what fell due while nothing ran
        self.timetable.start()
        if polls:
            self.polling.start()

    async def _reach_telegram(self) -> None:
        """Introduce the bot, however long Telegram is out of reach. Raises InvalidToken."""
        for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
            try:
                await self.application.initialize()
                await set_common_menu(self.application.bot, self.app)
            except InvalidToken:
                raise
            except TelegramError as error:
                logger.warning("telegram_out_of_reach", error=str(error))
                await asyncio.sleep(pause)
            else:
                break
        self.app.bot_username = self.application.bot.username

    async def stop(self) -> None:
        """End in order: nothing new comes in, what is under way is finished."""
        await self.polling.stop()
        self.timetable.stop()
        await self.worker.stop()
        await self.files.stop()
        await self.summaries.stop()
        await self.sender.stop()
        await self._source.close()
        await self.application.shutdown()
        await self.application.bot.shutdown()  # its connections, where Telegram refused the token
        await self.app.database.close()
        await self._outside.close()

    async def settle(self) -> None:
        """Wait until everything is done that can be done at this instant."""
        await self.worker.drain()
        await self.files.drain()
        await self.summaries.drain()
        await self.sender.drain()

    async def catch_up(self) -> None:
        """Run every sweep once, and all that follows from it."""
        await self.timetable.run_all()
        await self.settle()

    async def next_due(self) -> datetime | None:
        """When time alone opens, ends or sends something next."""
        return await self.timetable.next_due()


# ------------------------------------------------------------------------------ running on Telegram


async def run_on_telegram(settings: Settings) -> None:
    """The bot on Telegram itself, by long polling or by webhook, until a signal ends it."""
    token, group = settings.telegram_bot_token, settings.coordinator_chat_id
    secret_key = settings.secret_key
    if token is None or group is None or secret_key is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN, COORDINATOR_CHAT_ID, SECRET_KEY: all are required")
    async with contextlib.AsyncExitStack() as stack:
        listener = _listener(settings.web_host, settings.web_port)
        stack.enter_context(contextlib.closing(listener))
        await schema.upgrade(settings.database_url)
        tutorline = Tutorline(
            Telegram(token.get_secret_value(), group, settings.telegram_api_url or TELEGRAM_ROOT),
            Database(settings.database_url),
            SystemClock(),
            Agency(settings.agency_name, settings.agency_zone),
            Outside(
                media_store(settings),
                await load_penalties(settings),
                summariser(settings),
                transcriber(settings),
            ),
            SignIn(secret_key.get_secret_value()),
        )
        stack.push_async_callback(tutorline.stop)
        await stack.enter_async_context(_serving_pages(settings, tutorline, listener))
        await _start_on_telegram(settings, tutorline)
        bot, pages = tutorline.app.bot_username, tutorline.app.pages.address
        print(f"@{bot} is at work, its pages are at {pages}. Ctrl-C ends it.", flush=True)
        await _asked_to_end()


async def _start_on_telegram(settings: Settings, tutorline: Tutorline) -> None:
    by_webhook = settings.telegram_mode is TelegramMode.WEBHOOK
    try:
        await tutorline.start(polls=not by_webhook)
    except InvalidToken:
        raise SettingsError("TELEGRAM_BOT_TOKEN: Telegram does not know it") from None
    if by_webhook:
        url, secret = _webhook(settings)
        await tutorline.application.bot.set_webhook(
            url, secret_token=secret, allowed_updates=ALLOWED_UPDATES
        )


@contextlib.asynccontextmanager
async def _serving_pages(
    settings: Settings, tutorline: Tutorline, listener: socket.socket
) -> AsyncIterator[None]:
    """The pages at WEB_HOST:WEB_PORT, and there too the path of WEBHOOK_URL, if it is used."""
    app = tutorline.app
    site = Site(
        app.database,
        app.clock,
        app.agency,
        app.media,
        app.sign_in,
        base_url=settings.web_base_url,
        media_origin=settings.r2_origin,
        bot_username=lambda: app.bot_username,
    )
    routes = []
    if settings.telegram_mode is TelegramMode.WEBHOOK:
        url, secret = _webhook(settings)
        path = urlsplit(url).path or "/"
        wake = tutorline.worker.wake
        routes.append(webhook_route(path, secret, app.database, app.clock, wake))
    async with serving(create_app(site, routes), listener) as address:
        app.pages = Pages(settings.web_base_url or address, settings.public_web_url is not None)
        yield


def _listener(host: str, port: int) -> socket.socket:
    """An address to serve at, WEB_HOST:WEB_PORT, held from now on."""
    try:
        return listen(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(f"WEB_PORT: {port} is taken; set another") from None
        raise SettingsError(f"WEB_HOST, WEB_PORT: {error.strerror}") from None


def _webhook(settings: Settings) -> tuple[str, str]:
    """WEBHOOK_URL and WEBHOOK_SECRET; a proxy passes the path of the one on to the program."""
    if settings.webhook_url is None or settings.webhook_secret is None:
        raise SettingsError("WEBHOOK_URL, WEBHOOK_SECRET: required with TELEGRAM_MODE webhook")
    return settings.webhook_url, settings.webhook_secret.get_secret_value()


def media_store(settings: Settings) -> MediaStore:
    """R2 where it is configured, else a folder on disk (SPEC 4)."""
    endpoint, bucket = settings.r2_endpoint_url, settings.r2_bucket
    key_id, secret = settings.r2_access_key_id, settings.r2_secret_access_key
    if endpoint and bucket and key_id and secret:
        return R2MediaStore(endpoint, bucket, key_id, secret.get_secret_value())
    return DiskMediaStore(settings.media_dir)


def model_client(settings: Settings) -> OpenAiClient | None:
    """OpenAI where a key is set, another server that speaks its API where an address is."""
    key, base_url = settings.openai_api_key, settings.openai_base_url
    if key is None and base_url is None:
        return None
    return OpenAiClient(key.get_secret_value() if key else None, base_url)


def summariser(settings: Settings) -> Summariser:
    """The model that sums up notes; where none is configured, our own extractor (SPEC 4)."""
    client = model_client(settings)
    return OpenAiSummariser(client, settings.openai_model) if client else OfflineExtractor()


def transcriber(settings: Settings) -> Transcriber | None:
    """The model that writes recordings down, where one is configured (SPEC 4)."""
    client = model_client(settings)
    return OpenAiTranscriber(client, settings.openai_transcribe_model) if client else None


async def load_penalties(settings: Settings) -> Penalties:
    """The penalty sheet, checked; one whose address does not answer now comes with a later try."""
    if settings.penalty_sheet is None:
        return Penalties()
    penalties = Penalties(sheet_source(settings.penalty_sheet, ROOT))
    try:
        await penalties.load()
    except PenaltySheetError as error:
        raise SettingsError(f"PENALTY_SHEET: {error}") from None
    except SheetUnavailableError as error:
        if not settings.penalty_sheet.startswith("http"):
            raise SettingsError(f"PENALTY_SHEET: {error}") from None
        logger.warning("penalty_sheet_out_of_reach", error=str(error))
    return penalties


# ------------------------------------------------------------------------------ running the sandbox


async def run_sandbox(settings: Settings, folder: Path) -> None:
    """The bot and a local stand-in for Telegram, on demo data in a database of its own."""
    from sandbox import demo  # noqa: PLC0415 - Telegram itself needs none of it
    from sandbox.hosting import Hooks  # noqa: PLC0415
    from sandbox.server import serving as serving_sandbox  # noqa: PLC0415
    from sandbox.world import World  # noqa: PLC0415

    world = World(state_dir=folder / "telegram", zone=demo.AGENCY_TIME_ZONE)
    agency = Agency(demo.AGENCY_NAME, ZoneInfo(demo.AGENCY_TIME_ZONE))
    database_url = f"sqlite+aiosqlite:///{folder / 'tutorline.sqlite'}"
    await schema.upgrade(database_url)
    database = Database(database_url)
    await _import_demo(database, agency, folder / "demo", world.now())
    if not world.directory.persons:
        demo.populate(world)
    media = media_store(settings) if settings.uses_r2 else DiskMediaStore(folder / "media")
    sign_in = SignIn(SANDBOX_SECRET)
    site = Site(database, world.clock, agency, media, sign_in, media_origin=settings.r2_origin)
    _listener("127.0.0.1", settings.web_port).close()  # told before anything starts
    async with contextlib.AsyncExitStack() as stack:
        hooks = Hooks(world)
        address = await stack.enter_async_context(
            serving_sandbox(
                world,
                port=settings.web_port,
                jump=hooks.jump,
                next_event=hooks.next_event,
                beside=create_app(site),
            )
        )
        telegram = Telegram(world.token, demo.GROUP_ID, address)
        penalties = Penalties(SheetFile(demo.write_penalty_sheet(folder)))
        await penalties.load()
        outside = Outside(media, penalties, summariser(settings), transcriber(settings))
        tutorline = Tutorline(telegram, database, world.clock, agency, outside, sign_in)
        tutorline.app.pages = Pages(address)
        stack.push_async_callback(tutorline.stop)
        await tutorline.start()
        hooks.hosted = tutorline
        print(f"No TELEGRAM_BOT_TOKEN is set, so this is the sandbox. Open {address}/", flush=True)
        await _asked_to_end()


async def _import_demo(database: Database, agency: Agency, folder: Path, now: datetime) -> None:
    """The demo data come in as an agency's own do: by the import, from files; once."""
    from sandbox import demo  # noqa: PLC0415 - as above

    if await database.read(accounts.people_called, ""):
        return
    demo.write_tables(folder, now)
    report = await import_paths(database, [folder], agency, now, dry_run=False)
    if report.problems:
        raise RuntimeError("; ".join(report_lines(report)))


async def _asked_to_end() -> None:
    """Until Ctrl-C or a service manager says so."""
    asked = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, asked.set)
    await asked.wait()


# ------------------------------------------------------------------------------ the command line


async def _migrate(settings: Settings) -> int:
    await schema.upgrade(settings.database_url)
    print("The database is up to date.")
    return 0


async def _import(settings: Settings, paths: Sequence[Path], *, dry_run: bool) -> int:
    async with _opened(settings) as database:
        agency = Agency(settings.agency_name, settings.agency_zone)
        report = await import_paths(database, paths, agency, SystemClock().now(), dry_run=dry_run)
    print("\n".join(report_lines(report)))
    return 1 if report.problems else 0


async def _invite(settings: Settings, name: str) -> int:
    async with _opened(settings) as database:
        token = await database.write(accounts.make_coordinator, name, SystemClock().now())
    username = await _bot_username(settings)
    way = f"open https://t.me/{username}?start={token}" if username else f"send /start {token}"
    print(f"On {name}'s phone, within 72 hours: {way}")
    return 0


async def _check(settings: Settings) -> int:
    """Whether the settings lead anywhere: one line each, 1 where one does not."""
    found = {
        "settings": None,
        "database": await _trouble(_require_migrated(settings.database_url)),
        "files": await _trouble(prove(media_store(settings))),
    }
    if client := model_client(settings):
        found["model"] = await _trouble(_require_model(client, settings.openai_model))
    if not settings.is_sandbox:
        found["telegram"] = await _trouble(_bot_username(settings))
    for name, trouble in found.items():
        print(f"{name}: {trouble or 'fine'}")
    return 1 if any(found.values()) else 0


async def _require_migrated(url: str) -> None:
    if not await schema.is_current(url):
        raise SettingsError("not up to date; python bot.py migrate brings it there")


async def _require_model(client: OpenAiClient, name: str) -> None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await client.require(name)
    except (ModelUnavailableError, ModelUnusableError, TimeoutError) as error:
        reason = str(error) or "timeout"
        raise SettingsError(f"OPENAI_API_KEY, OPENAI_BASE_URL or OPENAI_MODEL: {reason}") from None
    finally:
        await client.close()


async def _trouble(check: Awaitable[object]) -> str | None:
    try:
        await check
    except SettingsError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        return redacted(f"{type(error).__name__}: {error}")
    return None


async def _bot_username(settings: Settings) -> str | None:
    if settings.telegram_bot_token is None:
        return None
    root = settings.telegram_api_url or TELEGRAM_ROOT
    async with Bot(settings.telegram_bot_token.get_secret_value(), f"{root}/bot") as bot:
        return bot.username


@contextlib.asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    await schema.upgrade(settings.database_url)
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        await database.close()


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bot.py", description="Tutorline. Without a verb: run the bot, or the sandbox."
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    running = verbs.add_parser("run", help="run the bot; with no TELEGRAM_BOT_TOKEN the sandbox")
    running.add_argument(
        "--sandbox",
        type=Path,
        default=SANDBOX_FOLDER,
        metavar="FOLDER",
        help="where the sandbox keeps its state; removing it starts over",
    )
    verbs.add_parser("migrate", help="bring the database up to date")
    importing = verbs.add_parser("import", help="import people, students and sessions")
    importing.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    importing.add_argument("--dry-run", action="store_true", help="say what would be, save nothing")
    inviting = verbs.add_parser("invite", help="make an invitation for a coordinator")
    inviting.add_argument("--coordinator", required=True, metavar="NAME")
    verbs.add_parser("check", help="try the settings and connections")
    return parser.parse_args(given)


async def _do(arguments: argparse.Namespace, settings: Settings) -> int:
    match arguments.verb:
        case "migrate":
            return await _migrate(settings)
        case "import":
            return await _import(settings, arguments.paths, dry_run=arguments.dry_run)
        case "invite":
            return await _invite(settings, arguments.coordinator)
        case "check":
            return await _check(settings)
    if settings.is_sandbox:
        await run_sandbox(settings, arguments.sandbox if arguments.verb else SANDBOX_FOLDER)
    else:
        await run_on_telegram(settings)
    return 0


def main(given: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit status, 2 where a setting is wrong."""
    arguments = _arguments(given)
    try:
        settings = load_settings()
        set_up_logs(settings.log_level)
        return asyncio.run(_do(arguments, settings))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    gc.freeze()  # what is loaded stays: later looks for garbage leave it out
    gc.enable()
    sys.exit(main())

"""Tutorline: the composition root and the command line.

`python bot.py` runs everything in one process; `python bot.py --help` lists the other commands.
"""

import gc

if __name__ == "__main__":
    gc.disable()  # loading modules leaves no garbage, and to look for it takes a fifth of the time

import asyncio
import contextlib
import socket
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import conversations.registry
import handlers.registry
from chat.app_context import AppContext, Pages
from chat.context import build_application
from chat.conversation_states import ConversationStates
from chat.deep_links import OpenPages, UseInvitation, address
from chat.messages.registry import compose
from chat.telegram_files import TelegramFiles
from conversations.routing import add_handlers
from handlers import errors, leaving
from jobs.commands import begin_demo, bot_username, import_files, invite
from jobs.cut_off import cut_off
from jobs.ending import asked_to_end, end_signal
from jobs.introduction import Webhook, introduce
from jobs.owner_loop import OwnerLoop
from jobs.registry import Jobs
from jobs.telegram import Telegram
from locales import command_line
from services import database_lock, schema
from services.adapters import factory
from services.adapters.diagnostics import diagnose
from services.adapters.logs import set_up_logs
from services.adapters.system_clock import SystemClock
from services.backups.errors import BackupError
from services.database_errors import is_disk_full
from services.db import Database
from services.ending import MustEndError
from services.garbage import keep_loaded
from services.notes.files import Collector
from services.ownership import Ownership
from services.people.sign_in import SignIn
from services.ports import Clock
from services.rules.agency import Agency
from services.rules.init_data import key_of
from services.schema import SchemaError
from services.settings import Settings, SettingsError, load_settings
from services.summaries.making import SummaryMaker
from web.app import create_app
from web.health import Health, health_routes
from web.server import listen_as_set, serving
from web.site import Site
from web.webhook import webhook_route


class Tutorline:
    """The bot with its application, its context and its jobs, wired together."""

    def __init__(
        self,
        telegram: Telegram,
        database: Database,
        clock: Clock,
        agency: Agency,
        outside: factory.Outside,
        sign_in: SignIn,
    ) -> None:
        self.database = database
        self.ownership = Ownership(database)
        self._owner = OwnerLoop(self.ownership)
        group, media, url = telegram.coordinator_chat_id, outside.media, telegram.api_url
        owned = self.ownership.database
        self.app = AppContext(owned, clock, agency, media, group, outside.penalties, sign_in)
        self._outside = outside
        states = ConversationStates()
        self.application = build_application(
            self.app, states, telegram.token, api_url=url, may_call=self.ownership.may_call
        )
        add_handlers(
            self.application,
            states,
            dialogues=conversations.registry.dialogues(),
            handlers=handlers.registry.handlers(),
            last_resorts=handlers.registry.last_resorts(),
            say_parked=leaving.say_parked,
        )
        self.application.add_error_handler(errors.on_refusal)
        self._source = self.app.file_source = TelegramFiles(self.application.bot)
        self.jobs = Jobs(
            self.application,
            self.app,
            states,
            compose,
            Collector(owned, self._source, media, clock),
            SummaryMaker(owned, outside.summariser, outside.transcriber, media, clock),
            pacing=telegram.pacing,
            poll_seconds=telegram.poll_seconds,
        )

    async def start(self, webhook: Webhook | None = None) -> None:
        """Start, or stand by for the active process; without `webhook`, polling fills the inbox.

        Raises SettingsError where Telegram does not know the token.
        """
        await introduce(self.application, self.app)
        await self._owner.start(partial(self.jobs.start, webhook))

    def wake(self) -> None:
        """Send and sum up at once what a page has caused."""
        self.app.wake_relay()
        self.app.wake_summaries()

    def invitation(self, token: str) -> str:
        """The link that an invited person opens; empty as long as the bot has not said its name."""
        name = self.app.bot_username
        return address(name, UseInvitation(token)) if name else ""

    def health(self, metrics_token: str | None) -> Health:
        """What the pages for machines look at."""
        app, owner = self.app, self.ownership.owner
        return Health(self.database, app.clock, app.meters, metrics_token, owner)

    async def stop(self) -> None:
        """Stop: finish what is under way, then close every connection."""
        await self._owner.stop_beginning()
        await self.jobs.stop()
        await self._owner.let_go()
        await self._source.close()
        await self.application.shutdown()
        await self.application.bot.shutdown()  # its connections, where Telegram refused the token
        await self.app.database.close()
        await self._outside.close()


# ------------------------------------------------------------------------------ running on Telegram


async def run_on_telegram(settings: Settings) -> None:
    """Run the bot on Telegram, by long polling or by webhook, until a signal ends it."""
    token, group, secret_key = settings.require_telegram()
    webhook = Webhook(*settings.require_webhook()) if settings.by_webhook else None
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(database_lock.held(settings.database_url))
        listener = stack.enter_context(listen_as_set(settings.web_host, settings.web_port))
        await schema.upgrade(settings.database_url)
        tutorline = Tutorline(
            Telegram(token, group, settings.telegram_root),
            Database(settings.database_url),
            SystemClock(),
            settings.agency,
            await factory.outside(settings),
            SignIn(secret_key),
        )
        stack.push_async_callback(tutorline.stop)
        await stack.enter_async_context(_serving_pages(settings, tutorline, webhook, listener))
        stack.enter_context(cut_off())
        await tutorline.start(webhook)
        asked = end_signal()  # before the line that says so: who reads it may end the program
        does, pages = tutorline.ownership.in_words(), tutorline.app.pages.address
        print(f"@{tutorline.app.bot_username} {does}; pages: {pages}. Ctrl-C ends it.", flush=True)
        await asked_to_end(asked, tutorline.database.ending)


@contextlib.asynccontextmanager
async def _serving_pages(
    settings: Settings, tutorline: Tutorline, webhook: Webhook | None, listener: socket.socket
) -> AsyncIterator[None]:
    """Serve the pages at WEB_HOST:WEB_PORT, and the webhook's path if it is used."""
    app, base_url = tutorline.app, settings.web_base_url
    site = replace(
        _site(settings, tutorline),
        base_url=base_url,
        bot_link=lambda: address(app.bot_username, OpenPages()) if app.bot_username else None,
    )
    routes = health_routes(tutorline.health(settings.metrics_bearer))
    if webhook is not None:
        take_in = partial(tutorline.jobs.worker.take_in, into=tutorline.database)
        routes.append(webhook_route(urlsplit(webhook.url).path or "/", webhook.secret, take_in))
    async with serving(create_app(site, routes), listener) as url:
        is_public = settings.public_web_url is not None
        app.pages = Pages(base_url or url, is_public, opens_app=is_public)
        with contextlib.closing(site.changes):
            yield


def _site(settings: Settings, tutorline: Tutorline) -> Site:
    app = tutorline.app
    return Site(
        tutorline.database,
        app.clock,
        app.agency,
        app.media,
        app.sign_in,
        media_origin=settings.r2_origin,
        app_key=key_of(tutorline.application.bot.token),
        invitations=[tutorline.invitation],
        penalties=app.penalties,
        after_notes=[tutorline.jobs.files.show_soon],
        after_acts=[tutorline.wake],
    )


# ------------------------------------------------------------------------------ running the sandbox


async def run_sandbox(settings: Settings, folder: Path) -> None:
    """Run the bot with a local stand-in for Telegram, on demo data in a database of its own."""
    from sandbox import demo  # noqa: PLC0415 - not needed on Telegram
    from sandbox.hosting import FRAMES, SECRET, Hooks, demo_world  # noqa: PLC0415

    world = demo_world(folder / "telegram")
    await schema.upgrade(settings.database_url)
    database = Database(settings.database_url)
    settings = settings.model_copy(update=demo.settings_in(folder, settings.penalty_sheet))
    agency, outside = settings.agency, await factory.outside(settings)
    sheet, now = outside.penalties.sheet, world.now()
    await begin_demo(database, agency, demo, folder / "demo", sheet, now)
    hooks = Hooks(world)
    async with contextlib.AsyncExitStack() as stack:
        listener = stack.enter_context(listen_as_set("127.0.0.1", settings.web_port))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        telegram, sign_in = Telegram(world.token, demo.GROUP_ID, url), SignIn(SECRET)
        tutorline = Tutorline(telegram, database, world.clock, agency, outside, sign_in)
        tutorline.app.pages = Pages(url, opens_app=True)
        site = replace(_site(settings, tutorline), app_frames=FRAMES)
        routes = health_routes(tutorline.health(settings.metrics_bearer))
        await stack.enter_async_context(hooks.serving(listener, create_app(site, routes)))
        stack.push_async_callback(tutorline.stop)
        stack.enter_context(contextlib.closing(site.changes))
        stack.enter_context(cut_off())
        await tutorline.start()
        stack.enter_context(hooks.hosting(tutorline.jobs))
        asked = end_signal()
        print(f"No TELEGRAM_BOT_TOKEN is set, so this is the sandbox. Open {url}/", flush=True)
        await asked_to_end(asked, database.ending)


# ------------------------------------------------------------------------------ the command line


async def _do(arguments: Namespace, settings: Settings) -> int:
    match arguments.verb:
        case "migrate":
            await schema.upgrade(settings.database_url, anew=True)
            print("The database is up to date.")
        case "import":
            paths, now = arguments.paths, SystemClock().now()
            return await import_files(settings, paths, now, dry_run=arguments.dry_run)
        case "invite":
            return await invite(settings, arguments.coordinator, SystemClock().now())
        case "check":
            found = await diagnose(settings, bot_username)
            print("\n".join(f"{name}: {trouble or 'fine'}" for name, trouble in found.items()))
            return 1 if any(found.values()) else 0
        case "backup" | "restore" | "move" | "erase":
            from services.adapters.operations import operate  # noqa: PLC0415 - seldom needed

            print("\n".join(await operate(arguments, settings, SystemClock().now())))
        case _ if settings.is_sandbox:
            url = f"sqlite+aiosqlite:///{arguments.sandbox / 'tutorline.sqlite'}"
            with database_lock.held(url):
                own = settings.model_copy(update={"database_url": url})
                await run_sandbox(own, arguments.sandbox)
        case _:
            await run_on_telegram(settings)
    return 0


def main(given: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status: 2 where it cannot start as it is set up."""
    arguments = command_line.parsed(given)
    try:
        settings = load_settings()
        set_up_logs(settings.log_level)
        return asyncio.run(_do(arguments, settings))
    except (SettingsError, SchemaError, BackupError, MustEndError) as error:
        print(error, file=sys.stderr)
        return 1 if isinstance(error, BackupError | MustEndError) else 2
    except Exception as error:
        if not is_disk_full(error):
            raise
        print(command_line.DISK_FULL, file=sys.stderr)
        return 1


if __name__ == "__main__":
    keep_loaded()
    gc.enable()
    sys.exit(main())

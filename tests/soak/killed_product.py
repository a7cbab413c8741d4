"""The product in a process of its own, which kills itself at a chosen point, or is killed."""

import asyncio
import os
import signal
from ctypes import c_char, c_int
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawArray, RawValue
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from telegram.request import BaseRequest

from bot import Tutorline, _serving_pages
from jobs.introduction import Webhook
from jobs.telegram import Telegram
from sandbox.world import DEFAULT_TOKEN
from services.adapters.disk_media import DiskMediaStore
from services.adapters.factory import Outside
from services.adapters.logs import set_up_logs
from services.adapters.offline_extractor import OfflineExtractor
from services.adapters.system_clock import SystemClock
from services.db import Database
from services.rules.agency import Agency
from services.sessions.penalty_sheet import Penalties
from services.settings import Settings
from tests.builders import SIGN_IN
from tests.commits import Commit, around_commits
from tests.end_to_end.stage import GROUP, UNHURRIED
from web import every_page
from web.rendering import templates
from web.server import listen

processes = get_context("forkserver")
processes.set_forkserver_preload([__name__, "services.media.images"])

every_page.routes()
for template in templates().list_templates():  # once, rather than in each of its lives
    templates().get_template(template)

NEVER = -1


@dataclass(frozen=True)
class Fate:
    """Memory that the process shares with the test: when it is to die, and where it did."""

    left: Any = field(default_factory=lambda: RawValue(c_int, NEVER))
    """So many points are passed before the one at which it dies."""
    where: Any = field(default_factory=lambda: RawArray(c_char, 200))
    """The point at which it dies, as soon as it is there."""
    is_ready: Any = field(default_factory=lambda: RawValue(c_int, 0))

    def set(self, points: int) -> None:
        """From now on, let it die after so many points."""
        self.where.value = b""
        self.left.value = points

    def spare(self) -> None:
        """Let it live from now on; a process whose `where` is set may be dying already."""
        self.left.value = NEVER

    def meet(self, point: str) -> None:
        """Pass a point, or die there."""
        if self.left.value == NEVER:
            return
        if self.left.value > 0:
            self.left.value -= 1
            return
        self.where.value = point.encode()[:190]
        if self.left.value == NEVER:  # spared since
            self.where.value = b""
            return
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Address:
    """What the process works with."""

    database_url: str
    telegram: str
    media: Any
    agency: Agency
    port: int
    """Of its pages, and of the webhook."""
    by_webhook: bool = False
    """Whether it takes updates at `webhook`; otherwise it polls."""

    @property
    def pages(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def webhook(self) -> Webhook | None:
        return Webhook(f"{self.pages}/telegram", "a-secret") if self.by_webhook else None


def start(address: Address, fate: Fate) -> BaseProcess:
    """Start a process; `fate.is_ready` tells when it is at work."""
    fate.is_ready.value = 0
    process = processes.Process(target=run, args=(address, fate), daemon=True)
    process.start()
    return process


def run(address: Address, fate: Fate) -> None:
    """Run until it is killed."""
    set_up_logs("CRITICAL")
    watch(fate)
    asyncio.run(_run(address, fate))


async def _run(address: Address, fate: Fate) -> None:
    tutorline = Tutorline(
        Telegram(DEFAULT_TOKEN, GROUP, address.telegram, UNHURRIED, poll_seconds=5),
        Database(address.database_url),
        SystemClock(),
        address.agency,
        Outside(DiskMediaStore(address.media), Penalties(), OfflineExtractor(), None),
        SIGN_IN,
    )
    listener = listen("127.0.0.1", address.port)
    async with _serving_pages(Settings(_env_file=None), tutorline, address.webhook, listener):
        await tutorline.start(address.webhook)
        fate.is_ready.value = 1
        await asyncio.Event().wait()


def watch(fate: Fate) -> None:
    """Meet fate before and after every statement, commit and call of Telegram but the poll."""
    post = BaseRequest.post

    def before(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        fate.meet(f"before {' '.join(statement.split())}")

    def after(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        fate.meet(f"after {' '.join(statement.split())}")

    def fateful(commit: Commit) -> Commit:
        def do_commit(dialect: object, connection: object) -> None:
            fate.meet("before COMMIT")
            commit(dialect, connection)
            fate.meet("after COMMIT")

        return do_commit

    async def call(request: BaseRequest, url: str, *rest: Any, **more: Any) -> Any:
        method = url.rpartition("/")[2]
        if method.lower() == "get_updates":
            return await post(request, url, *rest, **more)
        fate.meet(f"before {method}")
        answer = await post(request, url, *rest, **more)
        fate.meet(f"after {method}")
        return answer

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    around_commits(fateful)
    BaseRequest.post = call  # type: ignore[method-assign, assignment, misc]

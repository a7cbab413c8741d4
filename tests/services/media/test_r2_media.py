"""What the R2 store promises beyond the contract: it ends in time, says why, and tells nothing."""

import asyncio
import contextlib
import logging
import subprocess
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.response import StreamingBody
from urllib3.exceptions import SSLError

from services.adapters.patience import Patience
from services.adapters.r2_media import R2MediaStore
from services.media.proof import prove
from services.ports import MediaMissingError, MediaUnavailableError, Presentation
from tests.s3_server import ACCESS_KEY_ID, BUCKET, SECRET_ACCESS_KEY, S3Server, running_s3

KEY = "notes/ab/abcdef0123.jpg"
PHOTO = Presentation("board.jpg", "image/jpeg", is_shown=True)
FIVE_MINUTES = timedelta(minutes=5)
ONCE = Patience(tries=1)
TWICE = Patience(tries=2)
HASTE = Patience(connect_seconds=1, read_seconds=0.2, tries=1)

CUT = b""
DONE = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
WHOLE = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nphotograph"
HALF = WHOLE.removesuffix(b"graph")
BROKEN = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
STRANGER = b"HTTP/1.1 %d No\r\nConnection: close\r\nContent-Length: 13\r\n\r\n<html></html>"

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Use = Callable[[R2MediaStore], Awaitable[object]]

USES: dict[str, Use] = {
    "put": lambda store: store.put(KEY, b"photo", "image/jpeg"),
    "get": lambda store: store.get(KEY),
    "exists": lambda store: store.exists(KEY),
    "delete": lambda store: store.delete(KEY),
    "give": lambda store: store.give(KEY, PHOTO, FIVE_MINUTES),
    "check": prove,
}
every_use = pytest.mark.parametrize("use", USES.values(), ids=USES)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[S3Server]:
    async with running_s3(tmp_path / "s3") as running:
        yield running


@contextlib.asynccontextmanager
async def against(answer: Answer, patience: Patience) -> AsyncIterator[R2MediaStore]:
    """A store whose other end is `answer`, a call a connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await answer(reader, writer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        async with contextlib.AsyncExitStack() as stack:
            store = a_store(f"http://127.0.0.1:{port}", patience)
            stack.push_async_callback(store.close)
            yield store


def a_store(endpoint_url: str, patience: Patience) -> R2MediaStore:
    return R2MediaStore(endpoint_url, BUCKET, ACCESS_KEY_ID, SECRET_ACCESS_KEY, patience=patience)


class Script:
    """Gives one answer after another, the last one again and again; keeps what was asked."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = answers
        self.heads: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = min(len(self.heads), len(self._answers) - 1)
        self.heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self._answers[number])
        await writer.drain()


async def hang(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()  # until the other side has had enough


async def hang_halfway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HALF)
    await reader.read()


async def refusal(store: R2MediaStore, use: Use) -> str:
    async with asyncio.timeout(30):
        with pytest.raises(MediaUnavailableError) as unavailable:
            await use(store)
    return str(unavailable.value)


async def test_check_writes_reads_and_deletes_and_leaves_nothing(server: S3Server) -> None:
    store = server.store()

    await prove(store)
    await store.close()

    assert [path for path in server.folder.rglob("*") if path.is_file()] == []


async def test_check_notices_a_place_that_takes_files_and_keeps_none() -> None:
    async with against(Script(DONE), ONCE) as store:
        assert await refusal(store, USES["check"]) == (
            "the media store does not give back what was written"
        )


async def test_a_file_is_one_request_with_its_type_and_no_checksum_unknown_to_r2() -> None:
    script = Script(DONE)
    async with against(script, ONCE) as store:
        await store.put(KEY, b"photo", "image/jpeg")

    [head] = script.heads
    assert head.startswith(f"PUT /{BUCKET}/{KEY} HTTP/1.1\r\n".encode())
    assert b"\r\nContent-Type: image/jpeg\r\n" in head
    assert b"checksum" not in head.lower()
    assert b"aws-chunked" not in head.lower()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"access_key_id": "NOBODY"}, "InvalidAccessKeyId"),
        ({"secret_access_key": "guessed"}, "SignatureDoesNotMatch"),
        ({"bucket": "nowhere"}, "NoSuchBucket"),
    ],
    ids=["access-key-id", "secret-access-key", "bucket"],
)
async def test_a_wrong_setting_is_unavailable_and_not_missing(
    server: S3Server, wrong: dict[str, str], code: str
) -> None:
    store = server.store(**wrong)

    refusals = [await refusal(store, use) for use in USES.values()]
    await store.close()

    actions = ["write", "read", "read", "delete", "read", "write"]
    assert refusals == [f"R2 cannot {action}: {code}" for action in actions]


@every_use
@pytest.mark.parametrize("status", [400, 403, 404])
async def test_the_page_of_a_stranger_is_unavailable_and_not_missing(status: int, use: Use) -> None:
    async with against(Script(STRANGER % status), ONCE) as store:
        assert (await refusal(store, use)).endswith(f": {status}")


@every_use
async def test_a_server_that_never_answers_is_not_waited_for_longer_than_said(use: Use) -> None:
    async with against(hang, HASTE) as store:
        assert (await refusal(store, use)).endswith(": ReadTimeoutError")


async def test_a_server_that_stops_halfway_is_not_waited_for_longer_than_said() -> None:
    async with against(hang_halfway, HASTE) as store:
        assert await refusal(store, USES["get"]) == "R2 cannot read: ReadTimeoutError"


async def test_a_slow_upload_may_take_longer_than_connecting() -> None:
    size = 20 * 1024 * 1024  # more than sockets hold on the way

    async def read_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        for _ in range(8):
            await asyncio.sleep(0.1)
            await reader.readexactly(size // 8)
        writer.write(DONE)
        await writer.drain()

    async with against(read_slowly, Patience(connect_seconds=0.3, tries=1)) as store:
        await store.put(KEY, bytes(size), "image/jpeg")


async def test_calls_that_hang_hold_up_no_other_thread_and_are_eight_at_most() -> None:
    async with against(hang, Patience(connect_seconds=1, read_seconds=1, tries=1)) as store:
        calls = [asyncio.create_task(refusal(store, USES["get"])) for _ in range(20)]
        await asyncio.sleep(0.1)

        assert await asyncio.to_thread(lambda: "free") == "free"
        assert not any(call.done() for call in calls)
        busy = [name for thread in threading.enumerate() if (name := thread.name)[:2] == "r2"]
        assert len(busy) == 8
        await asyncio.gather(*calls)


@every_use
async def test_a_server_that_is_not_there_is_unavailable(use: Use) -> None:
    store = a_store("http://127.0.0.1:1", ONCE)

    assert (await refusal(store, use)).endswith(": EndpointConnectionError")
    await store.close()


@every_use
async def test_a_connection_cut_before_the_answer_is_unavailable(use: Use) -> None:
    async with against(Script(CUT), ONCE) as store:
        assert (await refusal(store, use)).endswith(": ConnectionClosedError")


@pytest.mark.parametrize("failure", [CUT, HALF, BROKEN], ids=["cut", "halfway", "503"])
async def test_what_fails_once_is_tried_again(failure: bytes) -> None:
    async with against(Script(failure, WHOLE), TWICE) as store:
        assert await store.get(KEY) == b"photograph"


@pytest.mark.parametrize("failure", [CUT, HALF, BROKEN], ids=["cut", "halfway", "503"])
async def test_what_keeps_failing_is_given_up(failure: bytes) -> None:
    script = Script(failure)
    async with against(script, TWICE) as store:
        await refusal(store, USES["get"])

    assert len(script.heads) == 2


async def test_half_a_file_is_never_given_for_a_whole_one() -> None:
    async with against(Script(HALF), ONCE) as store:
        assert await refusal(store, USES["get"]) == "R2 cannot read: ResponseStreamingError"


async def test_an_error_under_tls_that_the_library_lets_through_is_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def break_off(_: StreamingBody) -> bytes:
        raise SSLError("unexpected end")

    monkeypatch.setattr(StreamingBody, "read", break_off)
    async with against(Script(WHOLE), TWICE) as store:
        assert await refusal(store, USES["get"]) == "R2 cannot read: SSLError"


@every_use
async def test_an_endpoint_that_is_no_address_is_unavailable(use: Use) -> None:
    store = a_store("nonsense", ONCE)

    assert await refusal(store, use) == "R2 cannot open: the endpoint is no address"
    await store.close()


@pytest.mark.parametrize("secret", [SECRET_ACCESS_KEY, "guessed-secret"])
async def test_logs_at_info_and_errors_tell_no_keys(
    server: S3Server, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    store = server.store(secret_access_key=secret)
    gone = a_store("http://127.0.0.1:1", ONCE)
    broken_header = server.store(access_key_id=f"{ACCESS_KEY_ID}\n")

    told = [caplog.text, repr(store)]
    for use in USES.values():
        for each in (store, gone, broken_header):
            try:
                await use(each)
            except (MediaMissingError, MediaUnavailableError) as error:
                told += traceback.format_exception(error)
    for each in (store, gone, broken_header):
        await each.close()

    text = "".join([*told, caplog.text])
    assert "R2 cannot write" in text
    assert [word for word in (secret, ACCESS_KEY_ID, "Signature=") if word in text] == []


def test_the_vendor_library_is_not_loaded_before_it_is_needed() -> None:
    script = (
        "import sys; from services.adapters.r2_media import R2MediaStore;"
        "R2MediaStore('http://127.0.0.1:1', 'bucket', 'id', 'secret');"
        "print([name for name in ('boto3', 'botocore') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[3],
    )

    assert ran.stdout.strip() == b"[]"

"""Calls of the Bot API over aiohttp: what is sent, what comes of an answer, and of none."""

import asyncio
import contextlib
import io
import socket
import traceback
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from telegram import Bot, InputFile, InputMediaDocument
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from chat.bot_request import POOL_TIMEOUT, AiohttpRequest
from sandbox.server import serving
from sandbox.world import World
from tests.raw_server import Answer, against, hang, trickle
from tests.recorded_logs import debug_logs

TOKEN = "4200000001:AAbbCCddEEff-GGhhIIjjKK"
ME = b'{"ok": true, "result": {"id": 42, "is_bot": true, "first_name": "T", "username": "t_bot"}}'


def request(
    *,
    connections: int = 2,
    read: float = 5.0,
    write: float = 5.0,
    connect: float = 5.0,
    pool: float = 5.0,
    upload: float = 5.0,
) -> AiohttpRequest:
    return AiohttpRequest(
        connection_pool_size=connections,
        read_timeout=read,
        write_timeout=write,
        connect_timeout=connect,
        pool_timeout=pool,
        media_write_timeout=upload,
    )


@contextlib.asynccontextmanager
async def calling(address: str, using: AiohttpRequest) -> AsyncIterator[Bot]:
    """A bot that has introduced itself to nobody yet."""
    async with using:
        yield Bot(TOKEN, f"{address}/bot", f"{address}/file/bot", request=using)


class Server:
    """Answers every call alike, over connections that stay open; remembers what came."""

    def __init__(self, body: bytes, status: str = "200 OK") -> None:
        self.connections = 0
        self.calls: list[tuple[bytes, bytes]] = []
        length = f"Content-Length: {len(body)}".encode()
        self._answer = b"HTTP/1.1 %s\r\n%s\r\n\r\n%s" % (status.encode(), length, body)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            self.calls.append((head, await reader.readexactly(int(length))))
            writer.write(self._answer)


def refusing_port() -> str:
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hang up in the midst of an answer."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + ME[:20])
    await writer.drain()


async def hang_up(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Hang up without a word of an answer."""
    await reader.readuntil(b"\r\n\r\n")


@contextlib.contextmanager
def full_queue() -> Iterator[str]:
    """An address that takes no further connection, and does not say so."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


async def failing(address: str, using: AiohttpRequest) -> TelegramError:
    """The error of a call there, in which nothing tells the token."""
    with debug_logs() as told:
        async with calling(address, using) as bot:
            with pytest.raises(TelegramError) as caught:
                await bot.get_me()
    assert TOKEN not in told.getvalue()
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    return caught.value


# ------------------------------------------------------------------------------ calls and answers


async def test_a_call_is_a_form_and_its_answer_is_parsed() -> None:
    server = Server(b'{"ok": true, "result": true}')
    async with against(server) as address, calling(address, request()) as bot:
        assert await bot.set_my_name("Tutor & Söhne", language_code="de")
    [(head, body)] = server.calls
    assert head.startswith(f"POST /bot{TOKEN}/setMyName HTTP/1.1\r\n".encode())
    assert b"Content-Type: application/x-www-form-urlencoded\r\n" in head
    assert body == b"name=Tutor+%26+S%C3%B6hne&language_code=de"


async def test_a_call_without_parameters_has_an_empty_body() -> None:
    server = Server(ME)
    async with against(server) as address, calling(address, request()) as bot:
        assert (await bot.get_me()).username == "t_bot"
    assert [body for _, body in server.calls] == [b""]


async def test_one_connection_serves_one_call_after_another() -> None:
    server = Server(ME)
    async with against(server) as address, calling(address, request()) as bot:
        for _ in range(3):
            await bot.get_me()
    assert (server.connections, len(server.calls)) == (1, 3)


async def test_calls_at_once_share_as_many_connections_as_are_allowed() -> None:
    server = Server(ME)
    async with against(server) as address, calling(address, request(connections=2)) as bot:
        await asyncio.gather(*(bot.get_me() for _ in range(10)))
    assert (server.connections, len(server.calls)) == (2, 10)


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", refusing_port())
    async with against(Server(ME)) as address, calling(address, request()) as bot:
        assert (await bot.get_me()).id == 42


async def test_bytes_that_are_no_text_are_replaced() -> None:
    body = ME.replace(b'"T"', b'"T\xff"')
    async with against(Server(body)) as address, calling(address, request()) as bot:
        assert (await bot.get_me()).first_name == "T\ufffd"


@pytest.mark.parametrize("content", [bytes, io.BytesIO], ids=["bytes", "file"])
async def test_files_are_uploaded(content: Callable[[bytes], bytes | io.BytesIO]) -> None:
    world, data = World(TOKEN, rates=None), b"x" * 3_000_000
    person = world.add_person("Grace", started=True)
    async with serving(world) as address, calling(address, request()) as bot:
        given = content(data)
        sent = await bot.send_document(
            person.id, given, filename='数学 "1".pdf', caption="<b>Two</b> & 3", parse_mode="HTML"
        )
    assert sent.document
    stored = world.files.get(sent.document.file_id)
    assert stored
    assert (stored.name, stored.mime) == ('数学 "1".pdf', "application/pdf")
    assert world.files.read(stored) == data
    assert sent.caption == "Two & 3"
    assert isinstance(given, bytes) or not given.closed


async def test_an_open_file_is_uploaded_without_being_read_first() -> None:
    world, file = World(TOKEN, rates=None), io.BytesIO(b"data")
    person = world.add_person("Grace", started=True)
    async with serving(world) as address, calling(address, request()) as bot:
        sent = await bot.send_document(
            person.id, InputFile(file, filename="a.txt", read_file_handle=False)
        )
    assert sent.document
    stored = world.files.get(sent.document.file_id)
    assert stored
    assert world.files.read(stored) == b"data"
    assert not file.closed


async def test_files_of_an_album_are_uploaded_together() -> None:
    world = World(TOKEN, rates=None)
    person = world.add_person("Grace", started=True)
    album = [InputMediaDocument(f"file {n}".encode(), filename=f"{n}.txt") for n in range(3)]
    async with serving(world) as address, calling(address, request()) as bot:
        sent = await bot.send_media_group(person.id, album)
    stored = [world.files.get(part.document.file_id) for part in sent if part.document]
    assert [(file.name, world.files.read(file)) for file in stored if file] == [
        ("0.txt", b"file 0"),
        ("1.txt", b"file 1"),
        ("2.txt", b"file 2"),
    ]


async def test_a_file_is_downloaded() -> None:
    world = World(TOKEN, rates=None)
    stored = world.files.add(b"0123", "document", name="a.txt")
    async with serving(world) as address, calling(address, request()) as bot:
        file = await bot.get_file(stored.file_id)
        assert bytes(await file.download_as_bytearray()) == b"0123"


# ------------------------------------------------------------------------- refusals and failures


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (
            "400 Bad Request",
            b'{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}',
            BadRequest("Chat not found"),
        ),
        (
            "403 Forbidden",
            b'{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}',
            Forbidden("Forbidden: bot was blocked by the user"),
        ),
        (
            "429 Too Many Requests",
            b'{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":7}}',
            RetryAfter(7),
        ),
        ("302 Found", b'{"ok":false,"description":"Moved"}', NetworkError("Moved")),
    ],
)
async def test_a_refusal_is_what_the_library_calls_it(
    status: str, body: bytes, expected: TelegramError
) -> None:
    async with against(Server(body, status)) as address:
        error = await failing(address, request())
    assert (type(error), error.message) == (type(expected), expected.message)


async def test_where_nobody_listens_the_network_is_to_blame() -> None:
    error = await failing(refusing_port(), request())
    assert type(error) is NetworkError
    assert error.message == "aiohttp.ClientConnectorError: Connection refused"


@pytest.mark.parametrize("cut", [break_off, hang_up])
async def test_an_answer_that_is_cut_off_is_the_networks_fault(cut: Answer) -> None:
    async with against(cut) as address:
        assert type(await failing(address, request())) is NetworkError


async def test_an_address_that_is_none_is_the_networks_fault() -> None:
    assert type(await failing("http://[", request())) is NetworkError


async def test_an_answer_that_does_not_come_times_out() -> None:
    async with against(hang) as address:
        assert type(await failing(address, request(read=0.05))) is TimedOut


async def test_an_answer_that_stops_midway_times_out() -> None:
    async def stop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + ME[:20])
        await hang(reader, writer)

    async with against(stop) as address:
        assert type(await failing(address, request(read=0.05))) is TimedOut


async def test_a_slow_answer_is_waited_for() -> None:
    """The limit is for each wait, as httpx has it; what bounds the whole is the caller's."""
    async with against(trickle) as address:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5), calling(address, request(read=0.25)) as bot:
                await bot.get_me()


async def test_a_call_may_name_a_longer_limit() -> None:
    async def think(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        await Server(ME)(reader, writer)

    async with against(think) as address, calling(address, request(read=0.05)) as bot:
        assert (await bot.get_me(read_timeout=5)).id == 42


async def test_a_connection_that_is_not_taken_times_out() -> None:
    with full_queue() as address:
        assert type(await failing(address, request(connect=0.1))) is TimedOut


async def test_an_upload_that_is_not_read_times_out() -> None:
    async def deaf(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await gone.wait()

    gone = asyncio.Event()
    async with against(deaf) as address, calling(address, request(upload=0.1)) as bot:
        with pytest.raises(TimedOut) as caught:
            await bot.send_document(1, b"x" * 30_000_000)
        gone.set()
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


async def test_the_wait_for_a_free_connection_times_out_and_says_so() -> None:
    async with against(hang) as address, calling(address, request(pool=0.05, connections=1)) as bot:
        taking = asyncio.create_task(bot.get_me())
        await asyncio.sleep(0.05)
        with pytest.raises(TimedOut) as caught:
            await bot.get_me()
        taking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await taking
    assert caught.value.message == POOL_TIMEOUT


async def test_a_call_that_is_given_up_frees_its_connection() -> None:
    async with against(hang) as address, calling(address, request(connections=1)) as bot:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(bot.get_me(), 0.05)
        with pytest.raises(TimedOut) as caught:
            await bot.get_me(read_timeout=0.05)
    assert caught.value.message == "Timed out"


async def test_it_is_opened_and_closed_again_and_useless_in_between() -> None:
    async with against(Server(ME)) as address:
        using = request()
        for _ in range(2):
            async with calling(address, using) as bot:
                assert (await bot.get_me()).id == 42
        await using.shutdown()
        with pytest.raises(NetworkError, match="not initialized"):
            await bot.get_me()

"""Calls of the Bot API over aiohttp that are refused, cut off or too slow."""

import asyncio
import contextlib
import socket
import traceback
from collections.abc import Iterator

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from chat.bot_answers import AnswerLost, HttpError, UnreadableAnswerError
from chat.bot_request import POOL_TIMEOUT, AiohttpRequest
from tests.chat.calls import ME, TOKEN, Server, calling, refusing_port, request
from tests.raw_server import Answer, against, hang, trickle
from tests.recorded_logs import debug_logs


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


DEEP = b"[" * 5000 + b"]" * 5000
OTHERS = {
    "no object": b"null",
    "nothing in it": b"{}",
    "no result": b'{"ok":true}',
    "an empty result": b'{"ok":true,"result":{}}',
    "no message": b'{"ok":true,"result":[]}',
    "no chat": b'{"ok":true,"result":{"message_id":7}}',
    "a refusal": b'{"ok":false,"error_code":400,"description":"Bad Request"}',
    "nested too deep": b'{"ok":true,"result":%s}' % DEEP,
    "too high a number": b'{"ok":true,"result":{"message_id":%s}}' % (b"1" * 5000),
    "braces": b"{message}",
}


@pytest.mark.parametrize("body", OTHERS.values(), ids=OTHERS)
async def test_a_message_whose_answer_tells_of_none_may_have_been_sent(body: bytes) -> None:
    with debug_logs() as told:
        async with against(Server(body)) as address, calling(address, request()) as bot:
            with pytest.raises(AnswerLost):
                await bot.send_message(1, "hello")
    assert body.decode() not in told.getvalue()


@pytest.mark.parametrize(
    "parameters",
    [
        *(b'"soon"', b"7", b'{"retry_after":"soon"}', b'{"retry_after":-7}', b'{"retry_after":0}'),
        pytest.param(DEEP, id="nested too deep"),
    ],
)
async def test_an_error_of_another_form_is_an_error_of_its_status(parameters: bytes) -> None:
    body = b'{"ok":false,"error_code":429,"description":"x","parameters":%s}' % parameters
    async with against(Server(body, "429 Too Many Requests")) as address:
        error = await failing(address, request())
    assert isinstance(error, HttpError)
    assert error.status == 429


@pytest.mark.parametrize("name", ["nested too deep", "too high a number", "braces"])
async def test_an_answer_that_cannot_be_read_says_so_and_no_more(name: str) -> None:
    async with against(Server(OTHERS[name])) as address:
        error = await failing(address, request())
    assert (type(error), error.message) == (UnreadableAnswerError, "unreadable answer")


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

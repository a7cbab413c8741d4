"""Calls of the Bot API over aiohttp: what is sent, and what comes of an answer."""

import asyncio
import io
import json
from collections.abc import Callable

import pytest
from telegram import InputFile, InputMediaDocument

from chat.sending import send_text
from sandbox.server import serving
from sandbox.world import World
from tests.chat.calls import ME, TOKEN, Server, calling, refusing_port, request
from tests.raw_server import against


async def test_a_call_is_a_form_and_its_answer_is_parsed() -> None:
    server = Server(b'{"ok": true, "result": true}')
    async with against(server) as address, calling(address, request()) as bot:
        assert await bot.set_my_name("Tutor & Söhne", language_code="de")
    [(head, body)] = server.calls
    assert head.startswith(f"POST /bot{TOKEN}/setMyName HTTP/1.1\r\n".encode())
    assert b"Content-Type: application/x-www-form-urlencoded\r\n" in head
    assert body == b"name=Tutor+%26+S%C3%B6hne&language_code=de"


async def test_the_answer_to_a_message_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def loads(text: str) -> object:
        read.append(text)
        return json.JSONDecoder().decode(text)

    monkeypatch.setattr(json, "loads", loads)
    sent = b'{"ok": true, "result": {"message_id": 7, "date": 1, "chat": {"id": 1, "type": "x"}}}'
    async with against(Server(sent)) as address, calling(address, request()) as bot:
        assert await send_text(bot, 1, "hello") == (1, 7)
    assert read == [sent.decode()]


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

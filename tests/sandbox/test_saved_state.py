"""The world after a restart, and the sandbox as a program."""

import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from sandbox.bot_api.methods.table import METHODS
from sandbox.bot_api.schema import checked_call
from sandbox.bot_api.updates import Pending
from sandbox.clock import MovableClock
from sandbox.phone import Phone
from sandbox.wire import Json
from sandbox.world import World
from tests.sandbox.clients import TOKEN

YES: Json = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


def call(world: World, method: str, **fields: object) -> Json:
    """A call without HTTP."""
    with world.turn():
        return dict(METHODS[method](world, checked_call(method, fields, {})))


def waiting(world: World) -> list[Pending]:
    return world.updates.waiting(world.now())


def test_a_world_is_taken_up_again_as_it_was(tmp_path: Path) -> None:
    before = World(TOKEN, state_dir=tmp_path)
    grace = before.add_person("Grace", language_code="ms")
    group = before.add_group("Coordinators", [grace.id])
    before.add_pane(grace.id, "Grace", "Tutor")
    phone = Phone(before, grace.id)
    document = phone.send_document(b"kept", "a.txt", "text/plain")["document"]
    sent = call(before, "sendMessage", chat_id=grace.id, text="?", reply_markup=YES)
    removed = phone.send_text("gone")
    with before.turn():
        before.delete(grace.id, removed["message_id"])
    query_id = phone.press("Yes")

    after = World(TOKEN, state_dir=tmp_path)

    assert after.directory.as_json() == before.directory.as_json()
    assert after.messages.of(grace.id) == before.messages.of(grace.id)
    assert after.files.read(after.files.downloadable(document["file_id"])) == b"kept"
    assert waiting(after) == waiting(before)
    assert after.taps.answer(query_id, after.now())[1] is True
    newer = Phone(after, grace.id).send_text("next")
    assert newer["message_id"] == removed["message_id"] + 1
    assert after.add_group("Second", [grace.id]).id != group.id
    assert sent["message_id"] < newer["message_id"]
    assert waiting(after)[-1].update_id == waiting(before)[-1].update_id + 2


def test_the_clock_stands_still_while_the_process_is_down(tmp_path: Path) -> None:
    before = World(TOKEN, state_dir=tmp_path)
    with before.turn():
        before.clock.move_to(before.now() + timedelta(days=3))
    stopped = before.now()
    time.sleep(0.05)
    restarted = time.monotonic()
    after = World(TOKEN, state_dir=tmp_path)
    ran_on = after.now() - stopped
    assert ran_on <= timedelta(seconds=time.monotonic() - restarted)
    assert ran_on > timedelta(seconds=-1)


def test_the_clock_runs_on_and_never_goes_back() -> None:
    clock = MovableClock(datetime(2026, 11, 26, 15, tzinfo=UTC))
    clock.move_to(datetime(2026, 11, 26, 16, tzinfo=UTC))
    now = clock.now()
    assert now >= datetime(2026, 11, 26, 16, tzinfo=UTC)
    assert clock.now() > now
    with pytest.raises(ValueError, match="never moved backwards"):
        clock.move_to(now - timedelta(seconds=1))
    with pytest.raises(ValueError, match="time zone"):
        clock.move_to(datetime(2026, 11, 27, 16))  # noqa: DTZ001 - it must be refused


def test_a_clock_that_is_moved_on_to_what_has_passed_goes_on() -> None:
    clock = MovableClock(datetime(2026, 11, 26, 15, tzinfo=UTC))
    now = clock.now()
    clock.move_on_to(now - timedelta(hours=1))
    assert now <= clock.now() < now + timedelta(hours=1)
    clock.move_on_to(now + timedelta(hours=1))
    assert clock.now() >= now + timedelta(hours=1)


def test_the_program_serves_a_default_world_and_keeps_it(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "sandbox", "--port", str(port), "--token", TOKEN,
        "--state-dir", str(tmp_path),
    ]  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    names = ["Grace Tan", "Mei Lim", "Daniel Lim", "Priya Nair"]
    for expected in (["/start"], ["/start", "/start"]):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            try:
                assert base in program.stdout.readline()
                state = _state(base)
                assert [pane["title"] for pane in state["panes"]] == names
                user_id = state["panes"][0]["user_id"]
                messages = state["chats"][f"{user_id}:{user_id}"]["messages"]
                assert [message["text"] for message in messages] == expected
                httpx.post(f"{base}/api/start", json={"user_id": user_id})
            finally:
                program.send_signal(signal.SIGKILL)


def _state(base: str) -> Json:
    """The state, as soon as the server answers."""
    for _ in range(100):
        try:
            return dict(httpx.get(f"{base}/api/state").json())
        except httpx.ConnectError:
            time.sleep(0.05)
    raise AssertionError("the program did not come up")

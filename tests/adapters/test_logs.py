"""No secret, token or child's name in a log line."""

import logging

import pytest
import structlog

from services.adapters.logs import redacted
from tests.recorded_logs import debug_logs

TOKEN = "4200000001:AAbbCCddEEff-GGhhIIjjKK"


def test_a_token_is_taken_out_of_an_address() -> None:
    address = f"https://example.com/bot{TOKEN}/getMe"
    assert redacted(address) == "https://example.com/bot[token]/getMe"


def test_our_own_lines_carry_no_token() -> None:
    with debug_logs() as told:
        structlog.get_logger("jobs.outbox_relay").debug("tried", address=f"/bot{TOKEN}/sendMessage")
    assert "event='tried'" in told.getvalue()
    assert TOKEN not in told.getvalue()


def test_a_traceback_of_a_library_carries_no_token() -> None:
    error = RuntimeError(f"no answer from /bot{TOKEN}/getMe")
    with debug_logs() as told:
        logging.getLogger("httpx").error("failed", exc_info=error)
    assert "failed\nRuntimeError\n" in told.getvalue()
    assert TOKEN not in told.getvalue()


def test_of_an_error_its_kind_and_place_are_told_and_not_its_text() -> None:
    with pytest.raises(KeyError) as caught:
        dict[str, str]()["Emily"]
    error = caught.value
    with debug_logs() as told:
        structlog.get_logger("jobs.outbox_relay").error("failed", exc_info=error)
        logging.getLogger("asyncio").error("Task failed\nfuture: %r", error, exc_info=error)
        logging.getLogger("uvicorn.error").error(error)
    lines = told.getvalue()
    assert lines.count("KeyError at tests/adapters/test_logs.py:") == 3
    assert "Task failed" in lines
    assert "Emily" not in lines


def test_a_library_says_what_its_code_says_without_the_values_in_it() -> None:
    with debug_logs() as told:
        logging.getLogger("sqlalchemy.pool").warning("not written: %s", {"name": "Emily"})
    assert "not written: %s" in told.getvalue()
    assert "Emily" not in told.getvalue()


def test_python_telegram_bot_which_logs_whole_updates_is_silent() -> None:
    with debug_logs() as told:
        logging.getLogger("telegram.Bot").critical("Received data was ['Emily']")
        logging.getLogger("telegram.request.BaseRequest").error("Can not load 'Emily'")
    assert told.getvalue() == ""


@pytest.mark.parametrize(
    "library",
    [
        *("httpx", "telegram.Bot", "aiosqlite", "sqlalchemy.engine"),
        *("openai._base_client", "httpx2", "httpcore2.http11"),
    ],
)
def test_libraries_say_nothing_of_what_they_send_and_store(library: str) -> None:
    with debug_logs() as told:
        logging.getLogger(library).info("INSERT INTO student VALUES ('Emily')")
    assert told.getvalue() == ""

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
    assert "no answer" in told.getvalue()
    assert TOKEN not in told.getvalue()


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

"""No secret, token or child's name in a log line."""

import contextlib
import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from services.adapters.logs import OWN, redacted, set_up_logs

TOKEN = "4200000001:AAbbCCddEEff-GGhhIIjjKK"


@contextlib.contextmanager
def debug_logs() -> Iterator[io.StringIO]:
    """What is logged with LOG_LEVEL=DEBUG; logs are as before at the end."""
    root, told = logging.getLogger(), io.StringIO()
    level, handlers = root.level, root.handlers[:]
    with contextlib.redirect_stderr(told):
        set_up_logs("DEBUG")
        try:
            yield told
        finally:
            root.setLevel(level)
            root.handlers = handlers
            for name in OWN:
                logging.getLogger(name).setLevel(logging.NOTSET)
            structlog.reset_defaults()


def test_a_token_is_taken_out_of_an_address() -> None:
    address = f"https://example.com/bot{TOKEN}/getMe"
    assert redacted(address) == "https://example.com/bot[token]/getMe"


def test_our_own_lines_carry_no_token() -> None:
    with debug_logs() as told:
        structlog.get_logger("chat.sender").debug("tried", address=f"/bot{TOKEN}/sendMessage")
    assert "event='tried'" in told.getvalue()
    assert TOKEN not in told.getvalue()


def test_a_traceback_of_a_library_carries_no_token() -> None:
    error = RuntimeError(f"no answer from /bot{TOKEN}/getMe")
    with debug_logs() as told:
        logging.getLogger("httpx").error("failed", exc_info=error)
    assert "no answer" in told.getvalue()
    assert TOKEN not in told.getvalue()


@pytest.mark.parametrize("library", ["httpx", "telegram.Bot", "aiosqlite", "sqlalchemy.engine"])
def test_libraries_say_nothing_of_what_they_send_and_store(library: str) -> None:
    with debug_logs() as told:
        logging.getLogger(library).info("INSERT INTO student VALUES ('Emily')")
    assert told.getvalue() == ""

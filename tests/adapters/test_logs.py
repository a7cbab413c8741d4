"""No secret, token or child's name in a log line."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from services.adapters.logs import OWN, RedactingFormatter, redacted, set_up_logs

TOKEN = "4200000001:AAbbCCddEEff-GGhhIIjjKK"


@pytest.fixture
def debug_logs(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Logs as with LOG_LEVEL=DEBUG, and as before at the end."""
    root = logging.getLogger()
    level = root.level
    set_up_logs("DEBUG")
    yield
    root.setLevel(level)
    for handler in root.handlers[:]:
        if isinstance(handler.formatter, RedactingFormatter):
            root.removeHandler(handler)
    for name in OWN:
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


def test_a_token_is_taken_out_of_an_address() -> None:
    address = f"https://example.com/bot{TOKEN}/getMe"
    assert redacted(address) == "https://example.com/bot[token]/getMe"


def test_our_own_lines_carry_no_token(debug_logs: None, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("chat.sender").debug("tried", address=f"/bot{TOKEN}/sendMessage")
    told = capsys.readouterr().err
    assert "event='tried'" in told
    assert TOKEN not in told


def test_a_traceback_of_a_library_carries_no_token(
    debug_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    error = RuntimeError(f"no answer from /bot{TOKEN}/getMe")
    logging.getLogger("httpx").error("failed", exc_info=error)
    told = capsys.readouterr().err
    assert "no answer" in told
    assert TOKEN not in told


@pytest.mark.parametrize("library", ["httpx", "telegram.Bot", "aiosqlite", "sqlalchemy.engine"])
def test_libraries_say_nothing_of_what_they_send_and_store(
    library: str, debug_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger(library).info("INSERT INTO student VALUES ('Emily')")
    assert capsys.readouterr().err == ""

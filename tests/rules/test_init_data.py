"""What Telegram says of who opened the Mini App is true, and new (SPEC 10)."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from services.rules.init_data import LENGTH_LIMIT, key_of, read_init_data
from services.rules.refusals.links import AppExpired, AppForged
from tests.builders import NOW
from tests.signed import TOKEN, init_data

MEI = 5_000_000_002
KEY = key_of(TOKEN)
SECOND = timedelta(seconds=1)

PUBLISHED = (
    "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22"
    "Vladislav%22%2C%22last_name%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22"
    "language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%7D&auth_date=1662771648"
    "&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2"
)
"""An example that libraries for other languages test themselves with, and its bot's token."""
PUBLISHED_TOKEN = "5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8"


def test_what_telegram_signed_is_believed() -> None:
    opening = read_init_data(init_data(MEI, NOW), KEY, NOW)

    assert opening.telegram_user_id == MEI
    assert opening.session_id is None
    assert opening.expires_at == NOW + timedelta(minutes=10)


def test_a_published_example_is_believed() -> None:
    at = datetime.fromtimestamp(1662771648, UTC)

    assert read_init_data(PUBLISHED, key_of(PUBLISHED_TOKEN), at).telegram_user_id == 279058397


@pytest.mark.parametrize(
    ("start", "session_id"),
    [("s42", 42), ("s0", None), ("42", None), ("s42x", None), ("s9999999999", None), ("", None)],
)
def test_a_start_parameter_can_name_a_session(start: str, session_id: int | None) -> None:
    given = init_data(MEI, NOW, start_param=start)

    assert read_init_data(given, KEY, NOW).session_id == session_id


@pytest.mark.parametrize("age", [timedelta(), timedelta(minutes=10), -timedelta(minutes=1)])
def test_it_is_believed_for_ten_minutes_and_from_a_clock_that_is_ahead(age: timedelta) -> None:
    opening = read_init_data(init_data(MEI, NOW - age), KEY, NOW)

    assert opening.expires_at == NOW - age + timedelta(minutes=10)


@pytest.mark.parametrize("age", [timedelta(minutes=10) + SECOND, -timedelta(minutes=1) - SECOND])
def test_what_is_older_or_not_yet_is_refused(age: timedelta) -> None:
    with pytest.raises(AppExpired):
        read_init_data(init_data(MEI, NOW - age), KEY, NOW)


GOOD = init_data(MEI, NOW)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("", id="nothing"),
        pytest.param("hash=", id="an empty hash"),
        pytest.param(GOOD.replace(str(MEI), str(MEI + 1)), id="another user"),
        pytest.param(GOOD.replace("auth_date=1", "auth_date=2"), id="another time"),
        pytest.param(f"{GOOD}&start_param=s1", id="a field more"),
        pytest.param(f"{GOOD}&{GOOD}", id="every field twice"),
        pytest.param(f"user=%7B%22id%22%3A1%7D&{GOOD}", id="a user before the signed one"),
        pytest.param(GOOD.partition("&")[2], id="a field less"),
        pytest.param(GOOD.rpartition("&")[0], id="no hash"),
        pytest.param(GOOD[:-1], id="a hash cut short"),
        pytest.param(GOOD.replace("hash=", "hash=é"), id="a hash of other letters"),
        pytest.param(init_data(MEI, NOW, token="4712:another-bots-token"), id="another bot"),
        pytest.param(
            init_data(MEI, NOW, key=hashlib.sha256(TOKEN.encode()).digest()), id="a login widget's"
        ),
        pytest.param(init_data(MEI, NOW, user="[]"), id="no user"),
        pytest.param(init_data(MEI, NOW, user='{"id": "5"}'), id="a user with a text as id"),
        pytest.param(init_data(MEI, NOW, user="{"), id="a user cut short"),
        pytest.param(init_data(MEI, NOW, auth_date="soon"), id="no time"),
        pytest.param(init_data(MEI, NOW, auth_date="9" * 30), id="a time beyond all calendars"),
        pytest.param(init_data(MEI, NOW, long="x" * LENGTH_LIMIT), id="too long"),
    ],
)
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(AppForged):
        read_init_data(given, KEY, NOW)

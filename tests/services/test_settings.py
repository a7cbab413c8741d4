"""Settings: each wrong or missing one is one line that names it (SPEC 11)."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.rules.money import Currency
from services.settings import ROOT, LogLevel, Settings, SettingsError, TelegramMode, load_settings

DATABASE_FORM = (
    "DATABASE_URL: must be sqlite+aiosqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME"
)
TOKEN = {"TELEGRAM_BOT_TOKEN": "123456:ABC-def_1"}
KEY = {"SECRET_KEY": "k" * 32}
CHAT = {"COORDINATOR_CHAT_ID": "-1001234567890"}
TELEGRAM = TOKEN | KEY | CHAT
WEBHOOK = {
    "TELEGRAM_MODE": "webhook",
    "WEBHOOK_URL": "https://bot.example.com/hook",
    "WEBHOOK_SECRET": "s3cret_-",
}
R2 = {
    "R2_ENDPOINT_URL": "https://r2.example.com",
    "R2_BUCKET": "notes",
    "R2_ACCESS_KEY_ID": "id",
    "R2_SECRET_ACCESS_KEY": "hidden",
}


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def loaded(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load_settings(env_file=None)


def test_nothing_set_is_the_sandbox_on_a_file_under_var(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(monkeypatch, {})

    assert settings.is_sandbox
    assert settings.database_url == f"sqlite+aiosqlite:///{ROOT}/var/tutorline.sqlite"
    assert settings.media_dir == ROOT / "var" / "media"
    assert settings.telegram_mode is TelegramMode.POLLING
    assert settings.telegram_api_url is None
    assert settings.agency_zone.key == "Asia/Singapore"
    assert settings.log_level is LogLevel.INFO
    assert settings.agency.keeps == timedelta(days=30)
    assert settings.r2_endpoint_url is None


def test_everything_set_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(
        monkeypatch,
        TELEGRAM
        | WEBHOOK
        | R2
        | {
            "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
            "DATABASE_URL": "postgresql+psycopg://tutor:pass@db.example.com/tutorline",
            "AGENCY_NAME": "Bright Minds",
            "AGENCY_TIME_ZONE": "Europe/London",
            "WEB_HOST": "0.0.0.0",
            "WEB_PORT": "9000",
            "WEB_BASE_URL": "https://tutors.example.com/",
            "MEDIA_DIR": "/srv/media",
            "LOG_LEVEL": "DEBUG",
            "RETENTION_DAYS": "90",
        },
    )

    assert not settings.is_sandbox
    assert settings.coordinator_chat_id == -1001234567890
    assert settings.telegram_mode is TelegramMode.WEBHOOK
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert settings.database_url == "postgresql+psycopg://tutor:pass@db.example.com/tutorline"
    assert settings.agency_name == "Bright Minds"
    assert settings.agency_zone.key == "Europe/London"
    assert (settings.web_host, settings.web_port) == ("0.0.0.0", 9000)
    assert settings.web_base_url == "https://tutors.example.com"
    assert settings.r2_endpoint_url is not None
    assert settings.media_dir == Path("/srv/media")
    assert settings.log_level is LogLevel.DEBUG
    assert settings.agency.keeps == timedelta(days=90)


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (
            TOKEN | KEY,
            "COORDINATOR_CHAT_ID: required with TELEGRAM_BOT_TOKEN",
        ),
        (TOKEN | CHAT, "SECRET_KEY: required with TELEGRAM_BOT_TOKEN"),
        (
            TOKEN,
            (
                "COORDINATOR_CHAT_ID: required with TELEGRAM_BOT_TOKEN; "
                "SECRET_KEY: required with TELEGRAM_BOT_TOKEN"
            ),
        ),
        (
            {"TELEGRAM_BOT_TOKEN": "abc"},
            "TELEGRAM_BOT_TOKEN: must look like 123456:ABC-DEF, as BotFather gives it",
        ),
        (
            TELEGRAM | {"COORDINATOR_CHAT_ID": "the office"},
            "COORDINATOR_CHAT_ID: must be a whole number",
        ),
        (KEY | {"SECRET_KEY": "short"}, "SECRET_KEY: must have at least 32 characters"),
        ({"TELEGRAM_MODE": "push"}, "TELEGRAM_MODE: must be 'polling' or 'webhook'"),
        (
            WEBHOOK | {"WEBHOOK_URL": ""},
            "WEBHOOK_URL: required with TELEGRAM_MODE webhook",
        ),
        (
            WEBHOOK | {"WEBHOOK_SECRET": ""},
            "WEBHOOK_SECRET: required with TELEGRAM_MODE webhook",
        ),
        (
            {"WEBHOOK_URL": "http://bot.example.com"},
            "WEBHOOK_URL: must start with https://, Telegram takes no other",
        ),
        (
            {"WEBHOOK_SECRET": "two words"},
            "WEBHOOK_SECRET: must be 1 to 256 letters, digits, hyphens or underscores",
        ),
        (
            {"TELEGRAM_API_URL": "bot.example.com"},
            "TELEGRAM_API_URL: must be an address that starts with https:// or http://",
        ),
        (
            {"WEB_BASE_URL": "https://"},
            "WEB_BASE_URL: must be an address that starts with https:// or http://",
        ),
        (
            {"AGENCY_TIME_ZONE": "Singapore/Asia"},
            "AGENCY_TIME_ZONE: no such time zone; it is a name like Asia/Singapore",
        ),
        (
            {"AGENCY_TIME_ZONE": "Asia"},
            "AGENCY_TIME_ZONE: no such time zone; it is a name like Asia/Singapore",
        ),
        (
            {"AGENCY_TIME_ZONE": "../etc/passwd"},
            "AGENCY_TIME_ZONE: no such time zone; it is a name like Asia/Singapore",
        ),
        *(
            (
                {"DATABASE_URL": address},
                DATABASE_FORM,
            )
            for address in (
                "tutorline.sqlite",
                "sqlite:///tutorline.sqlite",
                "sqlite+aiosqlite://",
                "postgresql+asyncpg://tutor:hidden@db.example.com/tutorline",
                "postgresql://tutor:hidden@db.example.com",
                "postgresql+psycopg://tutor:hidden@db.example.com",
                "mysql+aiomysql://tutor:hidden@db.example.com/tutorline",
            )
        ),
        (
            {"DATABASE_URL": "sqlite+aiosqlite:///:memory:"},
            "DATABASE_URL: must be a file: what is in memory is lost at the end",
        ),
        ({"RETENTION_DAYS": "6"}, "RETENTION_DAYS: must be greater than or equal to 7"),
        ({"WEB_PORT": "http"}, "WEB_PORT: must be a whole number"),
        ({"WEB_PORT": "65536"}, "WEB_PORT: must be less than or equal to 65535"),
        (
            R2 | {"R2_BUCKET": ""},
            "R2_BUCKET: required where another R2 setting is given",
        ),
        (
            {"LOG_LEVEL": "LOUD"},
            "LOG_LEVEL: must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'",
        ),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], line: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        loaded(monkeypatch, values)

    assert str(refused.value) == line


def test_a_postgresql_address_without_a_driver_means_psycopg(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short = "postgresql://tutor:pass@db.example.com/tutorline"

    settings = loaded(monkeypatch, {"DATABASE_URL": short})

    assert settings.database_url == "postgresql+psycopg://tutor:pass@db.example.com/tutorline"


def test_no_secret_shows_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql+psycopg://tutor:hidden@db.example.com/tutorline"
    secrets = {"OPENAI_API_KEY": "hidden", "DATABASE_URL": url}

    shown = repr(loaded(monkeypatch, TELEGRAM | WEBHOOK | R2 | secrets))

    for secret in ("ABC-def_1", "k" * 32, "s3cret_-", "hidden"):
        assert secret not in shown


def test_a_relative_database_path_starts_at_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(monkeypatch, {"DATABASE_URL": "sqlite+aiosqlite:///data/agency.sqlite"})

    assert settings.database_url == f"sqlite+aiosqlite:///{ROOT}/data/agency.sqlite"


def test_the_environment_goes_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text("AGENCY_NAME='Of the file'\nWEB_PORT=9000\nSOMEBODY_ELSES=1\n")
    monkeypatch.setenv("WEB_PORT", "9001")

    settings = load_settings(file)

    assert (settings.agency_name, settings.web_port) == ("Of the file", 9001)


def test_a_file_that_is_not_text_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"AGENCY_NAME=\xff\xfe")

    with pytest.raises(SettingsError, match="not a text file in UTF-8"):
        load_settings(file)


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("https://tutors.example.com", True),
        ("https://203.0.114.9", True),
        ("http://tutors.example.com", False),
        ("https://localhost:8080", False),
        ("https://127.0.0.1", False),
        ("https://192.168.1.7", False),
        ("https://printer.local", False),
    ],
)
def test_link_buttons_need_a_public_https_address(
    monkeypatch: pytest.MonkeyPatch, address: str, is_public: bool
) -> None:
    settings = loaded(monkeypatch, {"WEB_BASE_URL": address})

    assert settings.public_web_url == (address if is_public else None)


def test_a_currency_is_an_iso_code(monkeypatch: pytest.MonkeyPatch) -> None:
    for code, digits in (("SGD", 2), ("JPY", 0), ("KWD", 3)):
        agency = loaded(monkeypatch, {"AGENCY_CURRENCY": code}).agency
        assert agency.currency == Currency(code, digits)
    for wrong in ("sgd", "dollars", "$", "QQQ", "S$D"):
        with pytest.raises(SettingsError) as told:
            loaded(monkeypatch, {"AGENCY_CURRENCY": wrong})
        assert str(told.value) == (
            "AGENCY_CURRENCY: no such currency; it is an ISO code of three letters like SGD"
        )

"""Settings, from the environment or `.env` (SPEC 11). An error names its setting in one line."""

import ipaddress
import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision, is_currency
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from services.rules.agency import Agency
from services.rules.money import Currency
from services.rules.time_zones import zone_named

ROOT = Path(__file__).resolve().parent.parent
"""Folder of the program; relative paths in settings start here."""

TELEGRAM_ROOT = "https://api.telegram.org"
SECRET_KEY_LENGTH = 32
TOKEN_FORM = re.compile(r"\d+:[A-Za-z0-9_-]+")
WEBHOOK_SECRET_FORM = re.compile(r"[A-Za-z0-9_-]{1,256}")
CURRENCY_FORM = re.compile(r"[A-Z]{3}")
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
R2_SETTINGS = ("r2_endpoint_url", "r2_bucket", "r2_access_key_id", "r2_secret_access_key")


class SettingsError(Exception):
    """A setting is wrong or missing; the text is one line that names it, never its value."""


class TelegramMode(StrEnum):
    """How updates arrive."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class LogLevel(StrEnum):
    """Lowest level that is logged."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address that starts with https:// or http://")
    return value.rstrip("/")


def _secure_address(value: str) -> str:
    if urlsplit(value).scheme != "https":
        raise ValueError("must start with https://, Telegram takes no other")
    return _address(value)


def _token(value: SecretStr) -> SecretStr:
    if not TOKEN_FORM.fullmatch(value.get_secret_value()):
        raise ValueError("must look like 123456:ABC-DEF, as BotFather gives it")
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    if not WEBHOOK_SECRET_FORM.fullmatch(value.get_secret_value()):
        raise ValueError("must be 1 to 256 letters, digits, hyphens or underscores")
    return value


def _secret_key(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < SECRET_KEY_LENGTH:
        raise ValueError(f"must have at least {SECRET_KEY_LENGTH} characters")
    return value


def _zone_name(value: str) -> str:
    try:
        return zone_named(value).key
    except ValueError as error:
        raise ValueError("no such time zone; it is a name like Asia/Singapore") from error


def _currency_code(value: str) -> str:
    if not CURRENCY_FORM.fullmatch(value) or not is_currency(value):
        raise ValueError("no such currency; it is an ISO code of three letters like SGD")
    return value


def database_address(value: str) -> str:
    """Address of a database, with the driver and, for SQLite, the whole path. Raises ValueError."""
    wanted = "must be sqlite+aiosqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME"
    try:
        url = make_url(value)
    except ArgumentError as error:
        raise ValueError(wanted) from error
    if url.drivername == "postgresql":
        url = url.set(drivername=DRIVERS["postgresql"])
    if url.drivername not in DRIVERS.values() or not url.database:
        raise ValueError(wanted)
    if url.database == ":memory:":
        raise ValueError("must be a file: what is in memory is lost at the end")
    return _anchored(url).render_as_string(hide_password=False)


def _anchored(url: URL) -> URL:
    if url.drivername == DRIVERS["postgresql"]:
        return url
    return url.set(database=str(ROOT / (url.database or "")))


def _folder(value: Path) -> Path:
    return ROOT / value


Address = Annotated[str, AfterValidator(_address)]


class Settings(BaseSettings):
    """All settings, checked. A variable has its field's name in capitals."""

    model_config = SettingsConfigDict(
        extra="ignore",
        env_ignore_empty=True,
        env_file_encoding="utf-8",
        hide_input_in_errors=True,
        validate_default=True,
        frozen=True,
    )

    telegram_bot_token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    """None for the sandbox."""
    telegram_api_url: Address | None = None
    """Root of the Bot API; None for Telegram's own."""
    telegram_mode: TelegramMode = TelegramMode.POLLING
    webhook_url: Annotated[str, AfterValidator(_secure_address)] | None = None
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = None
    coordinator_chat_id: int | None = None

    database_url: Annotated[str, AfterValidator(database_address), Field(repr=False)] = (
        "sqlite+aiosqlite:///var/tutorline.sqlite"
    )
    agency_name: str = "Tutorline"
    agency_time_zone: Annotated[str, AfterValidator(_zone_name)] = "Asia/Singapore"
    agency_currency: Annotated[str, AfterValidator(_currency_code)] | None = None
    """ISO code such as SGD; None: only sessions and hours are counted."""

    web_host: str = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """0 for any free port."""
    web_base_url: Address | None = None
    metrics_token: SecretStr | None = None
    """None: `/metrics` is for this machine only."""
    secret_key: Annotated[SecretStr, AfterValidator(_secret_key)] | None = None

    r2_endpoint_url: Address | None = None
    r2_bucket: str | None = None
    r2_access_key_id: str | None = None
    r2_secret_access_key: SecretStr | None = None
    media_dir: Annotated[Path, AfterValidator(_folder)] = Path("var/media")

    openai_api_key: SecretStr | None = None
    openai_base_url: Address | None = None
    openai_model: str = "gpt-5.4-mini"
    openai_transcribe_model: str = "gpt-transcribe"

    penalty_sheet: str | None = None
    """CSV file, or the address of one."""
    log_level: LogLevel = LogLevel.INFO
    retention_days: Annotated[int, Field(ge=7)] = 30
    """Days for which raw updates, sent messages, spent tokens and links are kept."""

    @property
    def is_sandbox(self) -> bool:
        """Whether the program runs its own stand-in for Telegram."""
        return self.telegram_bot_token is None

    @property
    def telegram_root(self) -> str:
        """Root of the Bot API."""
        return self.telegram_api_url or TELEGRAM_ROOT

    @property
    def agency_zone(self) -> ZoneInfo:
        return ZoneInfo(self.agency_time_zone)

    @property
    def agency(self) -> Agency:
        keeps = timedelta(days=self.retention_days)
        return Agency(self.agency_name, self.agency_zone, keeps, self.currency)

    @property
    def currency(self) -> Currency | None:
        """Currency of the agency, with the digits of its minor unit."""
        code = self.agency_currency
        return Currency(code, get_currency_precision(code)) if code else None

    @property
    def metrics_bearer(self) -> str | None:
        """Token with which `/metrics` is read."""
        return self.metrics_token.get_secret_value() if self.metrics_token else None

    @property
    def by_webhook(self) -> bool:
        """Whether Telegram sends the updates; otherwise they are fetched."""
        return self.telegram_mode is TelegramMode.WEBHOOK

    @property
    def r2_origin(self) -> str | None:
        """Origin of R2's signed links: `https://host`."""
        parts = urlsplit(self.r2_endpoint_url or "")
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None

    @property
    def public_web_url(self) -> str | None:
        """`web_base_url` if Telegram accepts it in a button: public, and https (SPEC 11)."""
        return self.web_base_url if _is_public(self.web_base_url) else None

    def require_telegram(self) -> tuple[str, int, str]:
        """TELEGRAM_BOT_TOKEN, COORDINATOR_CHAT_ID, SECRET_KEY. Raises `SettingsError`."""
        token, group, key = self.telegram_bot_token, self.coordinator_chat_id, self.secret_key
        if token is None or group is None or key is None:
            raise SettingsError(
                "TELEGRAM_BOT_TOKEN, COORDINATOR_CHAT_ID, SECRET_KEY: all are required"
            )
        return token.get_secret_value(), group, key.get_secret_value()

    def require_webhook(self) -> tuple[str, str]:
        """WEBHOOK_URL and WEBHOOK_SECRET. Raises `SettingsError`."""
        if self.webhook_url is None or self.webhook_secret is None:
            raise SettingsError("WEBHOOK_URL, WEBHOOK_SECRET: required with TELEGRAM_MODE webhook")
        return self.webhook_url, self.webhook_secret.get_secret_value()

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        missing = [*self._missing_for_telegram(), *self._missing_for_webhook()]
        if self._given(*R2_SETTINGS) and not self._given_all(*R2_SETTINGS):
            missing += [
                f"{name.upper()}: required where another R2 setting is given"
                for name in R2_SETTINGS
                if not self._given(name)
            ]
        if missing:
            raise ValueError("; ".join(missing))
        return self

    def _missing_for_telegram(self) -> list[str]:
        if self.telegram_bot_token is None:
            return []
        return [
            f"{name.upper()}: required with TELEGRAM_BOT_TOKEN"
            for name in ("coordinator_chat_id", "secret_key")
            if not self._given(name)
        ]

    def _missing_for_webhook(self) -> list[str]:
        if not self.by_webhook:
            return []
        return [
            f"{name.upper()}: required with TELEGRAM_MODE webhook"
            for name in ("webhook_url", "webhook_secret")
            if not self._given(name)
        ]

    def _given(self, *names: str) -> bool:
        return any(getattr(self, name) is not None for name in names)

    def _given_all(self, *names: str) -> bool:
        return all(getattr(self, name) is not None for name in names)


def load_settings(env_file: Path | None = ROOT / ".env") -> Settings:
    """Settings of the environment, and of `env_file` where the environment has none.

    Raises `SettingsError` with one line that names every wrong or missing setting.
    """
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        raise SettingsError("; ".join(map(_worded, error.errors()))) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file}: not a text file in UTF-8") from None


def _worded(error: ErrorDetails) -> str:
    reason = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["msg"]
    if not error["loc"]:
        return reason
    if error["type"] == "int_parsing":
        reason = "must be a whole number"
    return f"{str(error['loc'][0]).upper()}: {reason.replace('Input should', 'must')}"


def _is_public(address: str | None) -> bool:
    parts = urlsplit(address or "")
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname:
        return False
    try:
        return ipaddress.ip_address(parts.hostname).is_global
    except ValueError:
        return not parts.hostname.endswith((".local", ".localhost", ".internal"))

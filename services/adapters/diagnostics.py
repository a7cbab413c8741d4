"""Checks of `python bot.py check`: whether the settings work (SPEC 11)."""

import asyncio
from collections.abc import Awaitable, Callable

from services import schema
from services.adapters.factory import media_store, model_client
from services.adapters.logs import redacted
from services.adapters.openai_client import OpenAiClient
from services.adapters.penalty_sheet import sheet_source
from services.media.proof import prove
from services.ports import ModelUnavailableError, ModelUnusableError, SheetUnavailableError
from services.rules.money import Currency
from services.rules.penalties import PenaltySheetError
from services.schema import SchemaError
from services.sessions.penalty_sheet import Penalties
from services.settings import ROOT, Settings, SettingsError

CHECK_SECONDS = 10
"""How long a check waits for a model's server or for a penalty sheet, in seconds."""


async def diagnose(
    settings: Settings, reach_telegram: Callable[[Settings], Awaitable[object]]
) -> dict[str, str | None]:
    """Try everything that the settings name; the error of each, None where it works.

    Telegram is tried if a token is set; `reach_telegram` raises if it cannot be reached.
    """
    found = {
        "settings": None,
        "database": await _trouble(_require_migrated(settings.database_url)),
        "files": await _trouble(prove(media_store(settings))),
    }
    if settings.penalty_sheet is not None:
        found["penalty sheet"] = await _trouble(
            _require_penalties(settings.penalty_sheet, settings.currency)
        )
    if client := model_client(settings):
        found["model"] = await _trouble(_require_model(client, settings.openai_model))
    if not settings.is_sandbox:
        found["telegram"] = await _trouble(reach_telegram(settings))
    return found


async def _require_migrated(url: str) -> None:
    schema.require_present(url)
    if not await schema.is_current(url):
        raise SettingsError("not up to date; python bot.py migrate brings it there")


async def _require_penalties(place: str, currency: Currency | None) -> None:
    """Read the sheet now: a start takes an address that does not answer for later."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await Penalties(sheet_source(place, ROOT), currency).load()
    except (PenaltySheetError, SheetUnavailableError, TimeoutError) as error:
        raise SettingsError(f"PENALTY_SHEET: {str(error) or 'timeout'}") from None


async def _require_model(client: OpenAiClient, name: str) -> None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await client.require(name)
    except (ModelUnavailableError, ModelUnusableError, TimeoutError) as error:
        reason = str(error) or "timeout"
        raise SettingsError(f"OPENAI_API_KEY, OPENAI_BASE_URL or OPENAI_MODEL: {reason}") from None
    finally:
        await client.close()


async def _trouble(check: Awaitable[object]) -> str | None:
    try:
        await check
    except (SettingsError, SchemaError) as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        return redacted(f"{type(error).__name__}: {error}")
    return None

"""Adapters made from settings: the vendor behind each port (SPEC 4, 6, 11)."""

from dataclasses import dataclass

import structlog

from services.adapters.disk_media import DiskMediaStore
from services.adapters.offline_extractor import OfflineExtractor
from services.adapters.openai_client import OpenAiClient
from services.adapters.openai_summariser import OpenAiSummariser
from services.adapters.openai_transcriber import OpenAiTranscriber
from services.adapters.penalty_sheet import sheet_source
from services.adapters.r2_media import R2MediaStore
from services.ports import (
    Closing,
    MediaStore,
    SheetUnavailableError,
    Summariser,
    Transcriber,
)
from services.rules.penalties import PenaltySheetError
from services.sessions.penalty_sheet import Penalties
from services.settings import ROOT, Settings, SettingsError

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outside:
    """Everything outside that the product uses besides Telegram: files, penalties, models."""

    media: MediaStore
    penalties: Penalties
    summariser: Summariser
    transcriber: Transcriber | None = None

    async def close(self) -> None:
        """Close every connection."""
        for adapter in (self.media, self.summariser, self.transcriber):
            if isinstance(adapter, Closing):
                await adapter.close()


async def outside(settings: Settings) -> Outside:
    """All adapters that the settings ask for. Raises `SettingsError` for a bad penalty sheet."""
    return Outside(
        media_store(settings),
        await load_penalties(settings),
        summariser(settings),
        transcriber(settings),
    )


def media_store(settings: Settings) -> MediaStore:
    """R2 where it is configured, otherwise a folder on disk (SPEC 4)."""
    endpoint, bucket = settings.r2_endpoint_url, settings.r2_bucket
    key_id, secret = settings.r2_access_key_id, settings.r2_secret_access_key
    if endpoint and bucket and key_id and secret:
        return R2MediaStore(endpoint, bucket, key_id, secret.get_secret_value())
    return DiskMediaStore(settings.media_dir)


def model_client(settings: Settings) -> OpenAiClient | None:
    """OpenAI where a key is set; another server with its API where an address is set."""
    key, base_url = settings.openai_api_key, settings.openai_base_url
    if key is None and base_url is None:
        return None
    return OpenAiClient(key.get_secret_value() if key else None, base_url)


def summariser(settings: Settings) -> Summariser:
    """Model that summarises notes, or the offline extractor where none is configured (SPEC 4)."""
    client = model_client(settings)
    return OpenAiSummariser(client, settings.openai_model) if client else OfflineExtractor()


def transcriber(settings: Settings) -> Transcriber | None:
    """Model that transcribes recordings, where one is configured (SPEC 4)."""
    client = model_client(settings)
    return OpenAiTranscriber(client, settings.openai_transcribe_model) if client else None


async def load_penalties(settings: Settings) -> Penalties:
    """Checked penalty sheet; if its address does not answer now, it is read later."""
    if settings.penalty_sheet is None:
        return Penalties()
    penalties = Penalties(sheet_source(settings.penalty_sheet, ROOT), settings.currency)
    try:
        await penalties.load()
    except PenaltySheetError as error:
        raise SettingsError(f"PENALTY_SHEET: {error}") from None
    except SheetUnavailableError as error:
        if not settings.penalty_sheet.startswith("http"):
            raise SettingsError(f"PENALTY_SHEET: {error}") from None
        logger.warning("penalty_sheet_out_of_reach", error=str(error))
    return penalties

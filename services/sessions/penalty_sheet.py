"""Penalty sheet in memory: read at the start and again at intervals (SPEC 6)."""

import structlog

from services.ports import SheetSource, SheetUnavailableError
from services.rules.money import Currency
from services.rules.penalties import PenaltySheet, PenaltySheetError, read_penalty_sheet

logger = structlog.get_logger(__name__)

RELOAD_SECONDS = 15 * 60


class Penalties:
    """Agency's penalty sheet; an empty one where the agency has none."""

    def __init__(self, source: SheetSource | None = None, currency: Currency | None = None) -> None:
        """`currency`: that of the sheet's amounts; without it they are left out."""
        self._source = source
        self._currency = currency
        self.sheet = PenaltySheet()
        self.is_readable = True
        """Whether it could be read when it was last tried."""

    async def load(self) -> None:
        """Read the sheet. Raises `PenaltySheetError` or `SheetUnavailableError`."""
        if self._source is not None:
            self.sheet = read_penalty_sheet(await self._source.read(), self._currency)

    async def reload(self) -> None:
        """Read the sheet again; if that fails, keep the last good copy."""
        try:
            await self.load()
        except (PenaltySheetError, SheetUnavailableError) as error:
            self.is_readable = False
            logger.warning("penalty_sheet_kept", error=str(error))
        else:
            self.is_readable = True

"""The penalty sheet at hand: read at the start, read again now and then, never lost (SPEC 6)."""

import structlog

from services.ports import SheetSource, SheetUnavailableError
from services.rules.penalties import PenaltySheet, PenaltySheetError, read_penalty_sheet

logger = structlog.get_logger(__name__)

RELOAD_SECONDS = 15 * 60


class Penalties:
    """The agency's sheet; an empty one where the agency has none."""

    def __init__(self, source: SheetSource | None = None) -> None:
        self._source = source
        self.sheet = PenaltySheet()

    async def load(self) -> None:
        """Read the sheet. Raises `PenaltySheetError` or `SheetUnavailableError`."""
        if self._source is not None:
            self.sheet = read_penalty_sheet(await self._source.read())

    async def reload(self) -> None:
        """Read it again; where that fails the last good copy is kept."""
        try:
            await self.load()
        except (PenaltySheetError, SheetUnavailableError) as error:
            logger.warning("penalty_sheet_kept", error=str(error))

"""Watch over troubles that only a person can mend: each is told once (SPEC 11)."""

from collections.abc import Awaitable, Callable, Mapping

import structlog

from chat.app_context import AppContext
from models.enums import Trouble
from services.notifications.mending import tell_to_mend

logger = structlog.get_logger(__name__)


class TroubleWatch:
    """Tells the coordinators of a trouble when it begins; again only after it has gone."""

    def __init__(
        self, app: AppContext, checks: Mapping[Trouble, Callable[[], Awaitable[bool]]]
    ) -> None:
        """`checks`: whether each trouble is there now."""
        self._app = app
        self._checks = checks
        self._told: set[Trouble] = set()

    async def look(self) -> None:
        """Tell of every trouble that is new."""
        for trouble, is_there in self._checks.items():
            if not await is_there():
                self._told.discard(trouble)
            elif trouble not in self._told:
                logger.error("mending_needed", trouble=trouble.value)
                now, agency = self._app.clock.now(), self._app.agency
                await self._app.database.write(tell_to_mend, trouble, agency, now)
                self._told.add(trouble)

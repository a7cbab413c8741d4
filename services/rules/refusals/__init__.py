"""A refusal is data: a small class of its own with typed fields, in a module by what it is about.

Words are put to it in `locales.refusals`. Instants are aware, in UTC.
"""

from dataclasses import dataclass
from typing import Self, dataclass_transform


@dataclass_transform(eq_default=False, kw_only_default=True, frozen_default=True)
class Refusal(Exception):  # noqa: N818  # a refusal is no error
    """Something was asked that is not allowed now. Nothing was changed.

    Each subclass is a dataclass of the fields that it names. Type checkers hold it frozen; it is
    not frozen at run time, because Python notes the traceback in an exception. Its `repr` leaves
    the fields out, so that nobody's name gets into a log.
    """

    session_id: int | None = None
    """Of several sessions for which something was chosen, the one whose choice is refused."""

    def of_session(self, session_id: int) -> Self:
        """The same, for what was chosen for this session."""
        self.session_id = session_id
        return self

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        dataclass(eq=False, repr=False, kw_only=True)(cls)

"""The form for leave: on the tutor's own page, and on the coordinators' (SPEC 7)."""

from collections.abc import Mapping
from types import MappingProxyType

from locales.current_user import CurrentUser
from services.closures.leave import LeaveWanted
from services.rules.refusals import Refusal
from services.rules.refusals.matches import DatesWanted, LeaveOverlaps
from web.days import day_of
from web.forms import Form, attempt, check_text

FIELDS: Mapping[type[Refusal], str] = MappingProxyType(
    {DatesWanted: "starts_on", LeaveOverlaps: "starts_on"}
)
"""Field beside which a refusal stands."""
KEPT = ("starts_on", "ends_on", "reason")
"""Fields that the settling page hands on."""


def check(form: Form, user: CurrentUser) -> None:
    """Put beside each field what cannot be read in it."""
    attempt(form, user, "starts_on", day_of, form["starts_on"])
    if form["ends_on"]:
        attempt(form, user, "ends_on", day_of, form["ends_on"])
    check_text(form, user, "reason", is_needed=True)


def wanted(form: Form, tutor_id: int) -> LeaveWanted:
    """The leave that was typed; without a last day it is one day. Refused: DayNotRead."""
    first = day_of(form["starts_on"])
    last = day_of(form["ends_on"]) if form["ends_on"] else first
    return LeaveWanted(tutor_id, first, last, form["reason"])

"""Forms about packages, as they are typed (SPEC 7, 10)."""

import re

from locales.current_user import CurrentUser
from services.packages.purchases import Purchase
from services.rules.agency import Agency
from services.rules.money import read_amount
from services.rules.packages import require_expiry, require_sessions
from services.rules.refusals import Refusal
from services.rules.refusals.packages import (
    AlreadyReversed,
    NoCurrency,
)
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from web.days import day_of
from web.forms import Form, attempt
from web.site import row_id

FIELDS: dict[type[Refusal], str] = {
    ReasonRequired: "reason",
    TextTooLong: "reason",
    AlreadyReversed: "reason",
}
"""Field beside which a refusal stands."""

WHOLE = re.compile(r"([-−+]?)([0-9]{1,9})")


def purchase_of(form: Form, user: CurrentUser, agency: Agency) -> Purchase | None:
    """The package that was typed; None where something cannot be, which stands beside its field.

    Refused: NotFound.
    """
    sessions = attempt(form, user, "sessions", _sessions, form["sessions"])
    starts_on = attempt(form, user, "starts_on", day_of, form["starts_on"])
    expires_on = price = None
    if form["expires_on"]:
        expires_on = attempt(form, user, "expires_on", day_of, form["expires_on"])
    if starts_on is not None:
        attempt(form, user, "expires_on", require_expiry, starts_on, expires_on)
    if form["price"]:
        price = attempt(form, user, "price", _amount, form["price"], agency)
    if sessions is None or starts_on is None or form.errors:
        return None
    return Purchase(row_id(form["child"]), sessions, starts_on, expires_on, price)


def _sessions(typed: str) -> int:
    sessions = whole(typed)
    require_sessions(sessions)
    return sessions


def _amount(typed: str, agency: Agency) -> int:
    if agency.currency is None:
        raise NoCurrency
    return read_amount(typed, agency.currency)


def whole(typed: str) -> int:
    """Whole number that was typed; 0 where it is none, which no use case takes."""
    found = WHOLE.fullmatch(typed)
    return int(f"{'-' if found[1] in ('-', '−') else ''}{found[2]}") if found else 0

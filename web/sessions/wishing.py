"""A time that was chosen for a session which is cancelled meanwhile: for the one in its place.

They were about to ask for another time, and the other side was first (SPEC 6; UX 19).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request

from locales.current_user import CurrentUser
from locales.reader import Reader
from models import Appointment
from services.db import Session
from services.rules.reschedule import new_end
from services.rules.session_actions import SessionAction
from services.sessions.replacements import can_wish
from web.days import INSTANT, instant_if_any
from web.kept_forms import field_sent
from web.offers import Offer

WISHED = "wished"
"""The field of the request for a replacement that holds the time."""


def wished_in(
    session: Session, request: Request, appointment_id: int, user: CurrentUser, zone: ZoneInfo
) -> datetime | None:
    """The time that a form or an address has, where this person can ask for a session then."""
    given = field_sent(request, "at") or request.query_params.get("at", "")
    wished = instant_if_any(given)
    if wished is None or not can_wish(session, appointment_id, user.actor, wished, zone=zone):
        return None
    return wished


def with_wish(
    reader: Reader, possible: Sequence[Offer], lost: Appointment, wished: datetime | None
) -> list[Offer]:
    """The same offers, with that of a replacement at this time before the one without a time."""
    found = []
    for one in possible:
        if one.action is SessionAction.ASK_REPLACEMENT and wished is not None:
            slot = reader.dated_slot(wished, new_end(lost.starts_at, lost.ends_at, wished))
            words = reader.label("Ask for {slot} as replacement", slot=slot)
            fields = ((WISHED, wished.astimezone(UTC).strftime(INSTANT)),)
            found.append(replace(one, words=words, style="primary", fields=fields))
        found.append(one)
    return found

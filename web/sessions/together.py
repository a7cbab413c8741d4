"""Check-in and check-out of siblings taught together, with one press (SPEC 3, 6).

Each session is judged and written by itself: one that is refused holds up no other.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from locales.current_user import CurrentUser
from locales.refusals import refusal_text
from locales.wording import action_done
from models.enums import Action
from services.db import Session
from services.queries.sessions import roles_in, session_view
from services.queries.together import MOST_TOGETHER
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import NotFound
from web.sessions.seeing import back_with, carry_out, done, look, session_page
from web.site import id_in, row_id, site_of

Do = Callable[[Session, CurrentUser, int], int]
"""Does it to one session; the event of the history, 0 where this person has done it before."""
_LISTED = re.compile(r"\d+(?:-\d+)*", re.ASCII)


@dataclass(frozen=True)
class Became:
    """What became of one session of several."""

    appointment_id: int
    child: str
    """Empty for a session that is not the user's."""
    event_id: int = 0
    at: datetime | None = None
    refusal: Refusal | None = None


def beside_in(given: str) -> list[int]:
    """The other sessions that a form names; none where it is not well written.

    Refused: NotFound, where no row can have such an id.
    """
    numbers = given.split("-") if _LISTED.fullmatch(given) else []
    return [row_id(one) for one in numbers] if len(numbers) < MOST_TOGETHER else []


async def press_for_all(
    request: Request, beside: list[int], do: Do, action: Action, back: str
) -> Response:
    """Do it to the session of the address and to those beside it; back to the list, which tells it.

    Where one is refused, the session's page tells what became of each.
    """
    user, became = await carry_out(request, _each, beside, do)
    events = [one.event_id for one in became if one.event_id]
    if any(one.refusal for one in became):
        seen = await site_of(request).database.read(look, request)
        lines = [_told(user, action, one) for one in became]
        return session_page(request, seen, refused=Markup("<br>").join(map(escape, lines)))
    return back_with(back, *events) if events and back else done(id_in(request), action)


def _each(
    session: Session, user: CurrentUser, about: int, beside: list[int], do: Do
) -> tuple[CurrentUser, list[Became]]:
    return user, [_one(session, user, number, do) for number in sorted({about, *beside})]


def _one(session: Session, user: CurrentUser, number: int, do: Do) -> Became:
    view = session_view(session, number)
    if view is None or not roles_in(session, view.appointment, user.person):
        return Became(number, "", refusal=NotFound())
    child = view.student.name
    try:
        with session.begin_nested():
            event_id = do(session, user, number)
    except Refusal as refusal:
        return Became(number, child, refusal=refusal)
    row = view.appointment
    return Became(number, child, event_id, row.checked_out_at or row.checked_in_at)


def _told(user: CurrentUser, action: Action, one: Became) -> str:
    if one.refusal is not None:
        told = refusal_text(user.reader, one.refusal, user.person.id)
    else:
        at = one.at or user.actor.now
        told = action_done(user.reader, action, user.person.name, at, is_reader=True)
    return f"{one.child}: {told}" if one.child else told

"""One match on the coordinators' pages: its times, its sessions, changing and ending (SPEC 7)."""

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.match_wording import (
    days_of_match,
    kind_label,
    match_price,
    match_status,
    per_unit,
    times_of_match,
    weekly_times,
)
from locales.reader import Reader
from locales.wording import state_label
from models.enums import Kind, MatchStatus, Role
from services.db import Session
from services.matches.missing import book_missing, missing_days
from services.queries.matches import MatchView, sessions_of_match
from services.queries.sessions import SessionView
from services.rules.weekly import Occurrence
from web.admin.frame import admin_page, coordinator
from web.admin.match_forms import PATH, day_line, found_match, why
from web.forms import Form, read_form
from web.session_rows import TONES as SESSION_TONES
from web.site import id_in, site_of

SEE_OTHER = 303
BACK = timedelta(days=14)
"""How far back the sessions of a match are shown."""
TONES = {
    MatchStatus.OFFERED: "warn",
    MatchStatus.ACCEPTED: "good",
    MatchStatus.DECLINED: "bad",
    MatchStatus.WITHDRAWN: "calm",
    MatchStatus.ENDED: "calm",
}


@dataclass(frozen=True)
class SessionLine:
    """A session of the match."""

    address: str
    slot: str
    status: str
    tone: str
    aside: str


async def show(request: Request) -> Response:
    """The match: what was agreed, what is booked, and what could not be."""
    site, match_id = site_of(request), id_in(request)

    def query(
        session: Session,
    ) -> tuple[CurrentUser, MatchView, list[SessionLine], list[Occurrence]]:
        user, view = found_match(session, request, match_id)
        sessions = sessions_of_match(session, match_id, user.reader.now - BACK)
        missing = missing_days(session, view.match, site.agency, user.reader.now)
        return user, view, [_line(user.reader, one) for one in sessions], missing

    user, view, lines, missing = await site.database.read(query)
    reader, match = user.reader, view.match
    can_change = match.status is MatchStatus.ACCEPTED
    return admin_page(
        request,
        "admin/match.html",
        user,
        title=f"{view.student.name} · {match.subject}",
        status=match_status(reader, match.status),
        tone=TONES[match.status],
        facts=_facts(reader, view),
        lines=lines,
        missing=[(day_line(reader, one), why(reader, one.hindrance)) for one in missing],
        can_book=any(one.hindrance is None for one in missing),
        times_at=f"{PATH}/{view.id}/times" if can_change and match.kind is not Kind.TRIAL else None,
        end_at=f"{PATH}/{view.id}/end"
        if can_change or match.status is MatchStatus.OFFERED
        else None,
        is_offer=match.status is MatchStatus.OFFERED,
        form=Form(),
        book_at=f"{PATH}/{view.id}/book",
    )


async def book(request: Request) -> Response:
    """Book the days that are free by now."""
    site, match_id = site_of(request), id_in(request)
    await site.database.read(coordinator, request)
    await read_form(request)

    def transaction(session: Session) -> None:
        book_missing(session, match_id, coordinator(session, request).actor, site.agency)

    await site.database.write(transaction)
    site.has_acted()
    return RedirectResponse(f"{PATH}/{match_id}", SEE_OTHER)


def _facts(reader: Reader, view: MatchView) -> list[tuple[str, str]]:
    match, today = view.match, reader.agency_today
    facts = [
        (reader.label("Tutor"), view.tutor.name),
        (reader.label("Times"), times_of_match(reader, view)),
    ]
    if begins := view.next_change(today):
        later = weekly_times(reader, view.times_on(begins))
        facts.append((reader.label("From {day}", day=reader.dated_day(begins)), later))
    facts += [
        *([(reader.label("Days"), days)] if (days := days_of_match(reader, match)) else []),
        (reader.label("Kind"), kind_label(reader, match.kind)),
    ]
    money = (
        (reader.label("Price"), match_price(reader, match)),
        (reader.label("Pay"), per_unit(reader, match.pay, match.price_unit)),
    )
    facts += [(name, amount) for name, amount in money if amount]
    facts.append((reader.label("Offered"), reader.dated_moment(match.created_at)))
    if match.answered_at is not None:
        who = view.answered_by or reader.label("agreed before")
        facts.append((reader.label("Answered"), f"{who}, {reader.dated_moment(match.answered_at)}"))
    if match.decline_reason:
        facts.append((reader.label("Reason"), match.decline_reason))
    if match.ended_at is not None:
        who = view.ended_by or reader.label("by its last day")
        facts.append((reader.label("Ended"), f"{who}, {reader.dated_moment(match.ended_at)}"))
    return facts


def _line(reader: Reader, view: SessionView) -> SessionLine:
    row = view.appointment
    aside = ""
    if row.first_starts_at is not None and row.first_ends_at is not None:
        first = reader.dated_slot(row.first_starts_at, row.first_ends_at)
        aside = reader.label("First booked: {slot}", slot=first)
    return SessionLine(
        f"/sessions/{view.id}",
        reader.dated_slot(row.starts_at, row.ends_at),
        state_label(reader, view, Role.COORDINATOR),
        SESSION_TONES[row.status],
        aside,
    )


def routes() -> list[Route]:
    """Routes of one match."""
    here = f"{PATH}/{{id}}"
    return [
        Route(here, show),
        Route(f"{here}/book", book, methods=["POST"]),
    ]

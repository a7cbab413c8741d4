"""All sessions by person, child, status, day and flag; the filter is in the address (SPEC 10)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.attendance_words import flag_label
from locales.current_user import CurrentUser
from locales.reader import Reader
from locales.wording import attendance_line, status_label, told_state
from models.enums import MissedKind, Role, Status
from services.db import Session
from services.queries.people import person_with
from services.queries.scheduling import student_with
from services.queries.sessions_listed import (
    ListedAttendance,
    Place,
    SessionFilter,
    sessions_listed,
)
from services.rules.agency import Agency
from services.rules.attendance_flags import Flag
from web.admin.frame import admin_page, coordinator
from web.days import day_if_any
from web.session_rows import TONES
from web.site import row_id_if_any, site_of

PATH = "/admin/sessions"
MISSED = {"missed_check_in": MissedKind.CHECK_IN, "missed_check_out": MissedKind.CHECK_OUT}
"""Missing attendance, as it stands among the statuses in addresses."""


@dataclass(frozen=True)
class Row:
    """One session of the table."""

    id: int
    slot: str
    title: str
    tutor: str
    attendance: str
    status: str
    tone: str
    flags: str


async def show(request: Request) -> Response:
    """The list. Refused: NotSignedIn."""
    given, agency = request.query_params, site_of(request).agency
    wanted, after = filter_in(given), Place.read(given.get("after", ""))

    def query(
        session: Session,
    ) -> tuple[CurrentUser, tuple[list[ListedAttendance], Place | None], tuple[str, str]]:
        user = coordinator(session, request)
        person = person_with(session, wanted.person_id)
        child = student_with(session, wanted.student_id)
        found = sessions_listed(session, wanted, agency, user.actor.now, after=after)
        return user, found, (person.name if person else "", child.name if child else "")

    user, (found, more), (person, child) = await site_of(request).database.read(query)
    reader = user.reader
    named = [
        (name, address_of(without))
        for name, without in (
            (person, replace(wanted, person_id=None)),
            (child, replace(wanted, student_id=None)),
        )
        if name
    ]
    return admin_page(
        request,
        "admin/sessions.html",
        user,
        rows=[_row(reader, one, agency) for one in found],
        wanted=wanted,
        named=named,
        spans=_spans(reader, wanted),
        chosen=given.get("status", ""),
        statuses=_statuses(reader),
        flags=_flags(reader),
        is_filtered=wanted != SessionFilter(),
        back=_back(wanted, given.get("after", "") if after else ""),
        first=address_of(wanted) if after else None,
        more=address_of(wanted, after=str(more)) if more else None,
    )


def filter_in(given: Mapping[str, str]) -> SessionFilter:
    """The filter that an address names; what it says wrongly is left out."""
    status, flag = given.get("status", ""), given.get("flag", "")
    return SessionFilter(
        row_id_if_any(given.get("person", "")),
        row_id_if_any(given.get("child", "")),
        given.get("text", "").replace("\x00", "").strip()[:100],
        Status(status) if status in set(Status) else None,
        MISSED.get(status),
        day_if_any(given.get("from", "")),
        day_if_any(given.get("to", "")),
        Flag(flag) if flag in set(Flag) else None,
    )


def address_of(wanted: SessionFilter, **more: str) -> str:
    """The address of the list with this filter."""
    missed = {kind: name for name, kind in MISSED.items()}
    status = wanted.status.value if wanted.status else ""
    named = {
        "person": str(wanted.person_id or ""),
        "child": str(wanted.student_id or ""),
        "text": wanted.words,
        "status": missed[wanted.missed] if wanted.missed else status,
        "flag": wanted.flag.value if wanted.flag else "",
        "from": wanted.since.isoformat() if wanted.since else "",
        "to": wanted.until.isoformat() if wanted.until else "",
    }
    query = urlencode({name: value for name, value in (named | more).items() if value})
    return f"{PATH}?{query}" if query else PATH


def _back(wanted: SessionFilter, after: str) -> str:
    """What a session's address has at its end, so that its page leads back; of a list as it is."""
    if wanted == SessionFilter() and not after:
        return ""
    here = address_of(wanted, after=after) if after else address_of(wanted)
    return f"?{urlencode({'back': here})}"


def _spans(reader: Reader, wanted: SessionFilter) -> list[tuple[str, str, bool]]:
    """Days that are often wanted: address, name, and whether they are chosen."""
    today, others = reader.today, timedelta(days=6)
    spans: list[tuple[str, date | None, date | None]] = [
        (reader.label("All days"), None, None),
        (reader.label("Today"), today, today),
        (reader.label("Next 7 days"), today, today + others),
        (reader.label("Last 7 days"), today - others, today),
    ]
    return [
        (
            address_of(replace(wanted, since=since, until=until)),
            name,
            (since, until) == (wanted.since, wanted.until),
        )
        for name, since, until in spans
    ]


def _row(reader: Reader, found: ListedAttendance, agency: Agency) -> Row:
    missed = found.missed(agency, reader.now)
    return Row(
        found.id,
        reader.dated_slot(found.starts_at, found.ends_at),
        f"{found.student} · {found.subject}",
        found.tutor,
        attendance_line(reader, found),
        told_state(reader, found, Role.COORDINATOR, beyond=found.beyond),
        "warn" if missed else TONES[found.status],
        reader.listed(flag_label(reader, one) for one in found.raised),
    )


def _statuses(reader: Reader) -> list[tuple[str, str]]:
    every = [(one.value, status_label(reader, one, Role.COORDINATOR)) for one in Status]
    missed = [
        (name, status_label(reader, Status.SCHEDULED, Role.COORDINATOR, kind))
        for name, kind in MISSED.items()
    ]
    return [*every, *missed]


def _flags(reader: Reader) -> list[tuple[str, str]]:
    return [
        (Flag.LATE_START.value, reader.label("Late start")),
        (Flag.EARLY_LEAVE.value, reader.label("Early leave")),
        (Flag.SHORT.value, reader.label("Short")),
        (Flag.NO_NOTES.value, reader.label("No notes")),
    ]


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(PATH, show)]

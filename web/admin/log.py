"""The audit trail: what was done by whom, with filters in the address (SPEC 2, 10)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.audit_words import action_name, change_lines, channel_name
from locales.current_user import CurrentUser
from locales.reader import Reader
from locales.wording import role_label
from models import AuditEvent
from models.enums import Action, Role
from services.db import Session
from services.queries.audit_log import A_PAGE, LogEntry, LogFilter, log_entries
from services.queries.audit_subjects import Subjects, subjects_of
from services.queries.history import asked_for, marked_absent, words_of
from services.queries.people import person_with
from services.queries.scheduling import student_with
from services.rules.agency import Agency
from services.rules.windows import bounds_of_day
from web.admin.frame import admin_page, coordinator
from web.admin.log_subjects import told_subjects, told_values
from web.forms import Form
from web.navigation import Section
from web.site import row_id_if_any, site_of
from web.telling import reason_words

PATH = "/admin/log"
FILTERS = ("session", "person", "child", "day", "action")


@dataclass(frozen=True)
class Row:
    """One event, in words."""

    at: str
    who: str
    who_at: str
    """Address of their page; empty for nobody's."""
    how: str
    what: str
    about: list[tuple[str, str]]
    """Addresses and names of what it is about."""
    reason: str
    changes: list[str]


async def show(request: Request) -> Response:
    """A page of events, newest first, as the address filters them."""
    site, given = site_of(request), request.query_params
    wanted = _wanted(given, site.agency)

    def query(
        session: Session,
    ) -> tuple[CurrentUser, list[LogEntry], list[tuple[str, str]], Subjects]:
        user = coordinator(session, request)
        person = person_with(session, wanted.person_id)
        student = student_with(session, wanted.student_id)
        chosen = [
            (name, row.name)
            for name, row in (("person", person), ("child", student))
            if row is not None
        ]
        found = log_entries(session, wanted)
        return user, found, chosen, subjects_of(session, (one.event for one in found))

    user, found, chosen, subjects = await site.database.read(query)
    reader, shown = user.reader, found[:A_PAGE]
    own = {name: given[name] for name in FILTERS if given.get(name)}
    names = sorted((action_name(reader, one), one.value) for one in Action)
    return admin_page(
        request,
        "admin/log.html",
        user,
        rows=[_row(reader, one, subjects, site.agency) for one in shown],
        form=Form(own),
        actions=[("", reader.label("Everything")), *((value, name) for name, value in names)],
        chosen=[
            (name, words, _address({key: own[key] for key in own if key != name}))
            for name, words in chosen
        ],
        is_filtered=bool(own),
        newest=_address(own) if wanted.before_id else None,
        older=_address(own | {"before": shown[-1].event.id}) if len(found) > A_PAGE else None,
    )


def _wanted(given: QueryParams, agency: Agency) -> LogFilter:
    """What the address asks for; what cannot be read is left out."""
    begins_at, ends_at = _day(given.get("day", ""), agency)
    action = given.get("action", "")
    return LogFilter(
        appointment_id=row_id_if_any(given.get("session", "").removeprefix("#")),
        person_id=row_id_if_any(given.get("person", "")),
        student_id=row_id_if_any(given.get("child", "")),
        action=Action(action) if action in set(Action) else None,
        begins_at=begins_at,
        ends_at=ends_at,
        before_id=row_id_if_any(given.get("before", "")),
    )


def _day(given: str, agency: Agency) -> tuple[datetime | None, datetime | None]:
    try:
        day = date.fromisoformat(given)
        date(day.year - 1, 1, 1), day + timedelta(days=2)
    except (ValueError, OverflowError):
        return None, None
    return bounds_of_day(day, agency.zone)


def _address(values: dict[str, Any]) -> str:
    return f"{PATH}?{urlencode(values)}" if values else PATH


def _row(reader: Reader, entry: LogEntry, subjects: Subjects, agency: Agency) -> Row:
    event = entry.event
    role = role_label(reader, event.role) if event.role is not Role.SYSTEM else ""
    return Row(
        at=reader.dated_moment(event.at),
        who=entry.actor or reader.label("The agency"),
        who_at=f"/admin/people/{event.actor_id}" if entry.actor else "",
        how=reader.listed(filter(None, (role, channel_name(reader, event.channel)))),
        what=action_name(reader, event.action),
        about=_about(reader, entry) + told_subjects(reader, event, subjects, agency),
        reason=reason_words(reader, event.action, event.reason, words_of(event)),
        changes=_changes(reader, event) + told_values(reader, event, subjects, agency),
    )


def _changes(reader: Reader, event: AuditEvent) -> list[str]:
    """What was asked for or marked, or what an entry was and became."""
    wish = asked_for(event)
    if wish is not None:
        return [reader.label("Asked for: {when}", when=reader.dated_moment(wish))]
    is_absent = marked_absent(event)
    if is_absent is not None:
        return [reader.label("Absent") if is_absent else reader.label("Present after all")]
    return change_lines(reader, event.details)


def _about(reader: Reader, entry: LogEntry) -> list[tuple[str, str]]:
    event, about = entry.event, []
    if event.appointment_id is not None and entry.starts_at is not None:
        words = f"{entry.student or ''} · {reader.dated_moment(entry.starts_at)}"
        about.append((f"/sessions/{event.appointment_id}", words))
    elif event.student_id is not None:
        about.append((f"/admin/people/children/{event.student_id}", entry.student or ""))
    if event.person_id is not None:
        about.append((f"/admin/people/{event.person_id}", entry.person or ""))
    return about


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(PATH, show)]


SECTION = Section(PATH, lambda reader: reader.label("Log"), routes)

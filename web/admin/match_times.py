"""Changing the weekly times of a match on a page: looked at first, then done (SPEC 7, 10)."""

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.match_wording import spared_label
from locales.reader import Reader
from locales.refusals import refusal_text
from models.enums import Role
from services.db import Session
from services.matches.slot_changes import Preview, SlotChange, apply, preview
from services.queries.matches import MatchView
from services.rules.refusals import Refusal
from services.rules.slot_changes import Pair
from services.rules.weekly import require_slots
from web.admin.frame import admin_page, coordinator
from web.admin.match_forms import (
    PATH,
    day_line,
    found_match,
    read_match,
    refuse,
    rows_of,
    side_of,
    sides,
    slot_line,
    times_of,
    typed_times,
    weekdays,
    why,
)
from web.days import day_of
from web.forms import Form, attempt, check_text, read_form
from web.site import id_in, site_of

SEE_OTHER = 303


@dataclass(frozen=True)
class Group:
    """What a change does to some sessions, as the preview tells it."""

    title: str
    lines: list[str]
    tone: str = ""


async def ask_for_times(request: Request) -> Response:
    """The form for other weekly times, filled in with those of today."""
    user, view = await read_match(request)
    today = user.reader.agency_today
    values = typed_times(view.times_on(today)) | {
        "starts_on": (today + timedelta(days=1)).isoformat(),
        "side": Role.PARENT.value,
    }
    return _times_page(request, user, view, Form(values), None)


async def change_times(request: Request) -> Response:
    """Show what the change would do; with its digest, apply it."""
    site, match_id = site_of(request), id_in(request)
    await site.database.read(coordinator, request)
    form = await read_form(request)

    def query(session: Session) -> tuple[CurrentUser, MatchView, Preview | None]:
        user, view = found_match(session, request, match_id)
        _check(form, user)
        if form.errors:
            return user, view, None
        try:
            return user, view, preview(session, match_id, user.actor, _change(form), site.agency)
        except Refusal as refusal:
            refuse(form, user, refusal)
            return user, view, None

    def transaction(session: Session) -> None:
        actor = coordinator(session, request).actor
        apply(session, match_id, actor, _change(form), site.agency, digest=form["digest"])

    if form["digest"]:
        try:
            await site.database.write(transaction)
        except Refusal as refusal:
            user, view, found = await site.database.read(query)
            if not form.errors:
                form.errors["times"] = _told(user, refusal)
            return _times_page(request, user, view, form, found)
        site.has_acted()
        return RedirectResponse(f"{PATH}/{match_id}", SEE_OTHER)
    user, view, found = await site.database.read(query)
    return _times_page(request, user, view, form, found)


def _times_page(
    request: Request, user: CurrentUser, view: MatchView, form: Form, found: Preview | None
) -> Response:
    reader = user.reader
    return admin_page(
        request,
        "admin/match_times.html",
        user,
        status_code=409 if form.errors else 200,
        back=f"{PATH}/{view.id}",
        about=f"{view.student.name} · {view.match.subject} · {view.tutor.name}",
        form=form,
        weekdays=weekdays(reader),
        slot_rows=rows_of(form),
        sides=sides(reader),
        groups=_groups(reader, found) if found else [],
        digest=found.digest if found else "",
        kept=list(form.values.items()),
    )


def _check(form: Form, user: CurrentUser) -> None:
    """Put beside each field what is wrong with it."""
    attempt(form, user, "times", lambda: require_slots(times_of(form)))
    attempt(form, user, "starts_on", day_of, form["starts_on"])
    check_text(form, user, "reason", is_needed=True)


def _change(form: Form) -> SlotChange:
    """The change that was typed. Refused: SlotsWanted, DayNotRead."""
    return SlotChange(times_of(form), day_of(form["starts_on"]), side_of(form), form["reason"])


def _groups(reader: Reader, found: Preview) -> list[Group]:
    """The preview in words, what is grave first."""
    plan = found.plan
    moved = [f"{_was(reader, one)} → {slot_line(reader, one.to)}" for one in plan.moved]
    stuck = [f"{_was(reader, one)}: {why(reader, one.to.hindrance)}" for one in found.stuck]
    spared = [
        f"{reader.dated_slot(one.starts_at, one.ends_at)}: {spared_label(reader, one.spared)}"
        for one, _ in plan.spared
        if one.spared is not None
    ]
    missing = [
        f"{day_line(reader, one)}: {why(reader, one.hindrance)}"
        for one in sorted((*plan.hindered, *found.taken), key=lambda one: one.day)
    ]
    dropped = [reader.dated_slot(one.starts_at, one.ends_at) for one in plan.dropped]
    added = [slot_line(reader, one) for one in plan.added]
    kept = [_was(reader, one) for one in plan.kept]
    groups = [
        Group(reader.label("Cancelled"), dropped, "bad"),
        Group(reader.label("Stays, since the new time is taken"), stuck, "warn"),
        Group(reader.label("Not booked"), missing, "warn"),
        Group(reader.label("Moved"), moved, "now"),
        Group(reader.label("Added"), added, "good"),
        Group(reader.label("Left alone"), spared),
        Group(reader.label("As before"), kept),
    ]
    return [one for one in groups if one.lines]


def _was(reader: Reader, pair: Pair) -> str:
    return reader.dated_slot(pair.booked.starts_at, pair.booked.ends_at)


def _told(user: CurrentUser, refusal: Refusal) -> str:
    return refusal_text(user.reader, refusal, user.person.id)


def routes() -> list[Route]:
    """Routes of this module."""
    here = f"{PATH}/{{id}}/times"
    return [
        Route(here, ask_for_times),
        Route(here, change_times, methods=["POST"]),
    ]

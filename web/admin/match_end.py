"""Ending a match, with what is booked after its last day; or taking an offer back (SPEC 7)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from models.enums import MatchStatus
from services.db import Session
from services.matches.ending import Dropping, booked_after, digest_of, end, withdraw
from services.queries.matches import MatchView
from services.queries.sessions import SessionView
from services.rules.refusals import Refusal
from services.rules.refusals.matches import PreviewOutdated
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from web.admin.frame import admin_page, coordinator
from web.admin.match_forms import PATH, found_match, read_match, refuse, side_of, sides
from web.days import day_of
from web.forms import Form, beside, read_form
from web.site import id_in, site_of

SEE_OTHER = 303
CANCEL = "cancel"
"""What the form says where sessions after the last day are to be cancelled."""


async def ask(request: Request) -> Response:
    """The question for the last day, with what is still booked; of an offer, whether it goes."""
    user, view = await read_match(request)
    today = user.reader.agency_today.isoformat()
    return _page(request, user, view, Form({"ends_on": today, "after": "keep"}))


async def make(request: Request) -> Response:
    """End the match after its last day, or take the offer back.

    Sessions that are to be cancelled are shown before.
    """
    site, match_id = site_of(request), id_in(request)
    await site.database.read(coordinator, request)
    form = await read_form(request)

    def transaction(session: Session) -> None:
        user, view = found_match(session, request, match_id)
        if view.is_open or view.match.status is MatchStatus.WITHDRAWN:
            withdraw(session, match_id, user.actor)
            return
        last_day = day_of(form["ends_on"])
        end(session, match_id, user.actor, last_day, site.agency, _dropping(form))

    try:
        await site.database.write(transaction)
    except Refusal as refusal:
        return await _refused(request, form, refusal)
    site.has_acted()
    return RedirectResponse(f"{PATH}/{match_id}", SEE_OTHER)


def _dropping(form: Form) -> Dropping | None:
    if form["after"] != CANCEL:
        return None
    return Dropping(side_of(form), form["reason"], form["seen"])


async def _refused(request: Request, form: Form, refusal: Refusal) -> Response:
    site, match_id = site_of(request), id_in(request)

    def read(session: Session) -> tuple[CurrentUser, MatchView, list[SessionView]]:
        user, view = found_match(session, request, match_id)
        if not isinstance(refusal, PreviewOutdated):
            return user, view, []
        last_day = day_of(form["ends_on"])
        return user, view, booked_after(session, match_id, last_day, site.agency, user.actor.now)

    user, view, after = await site.database.read(read)
    if isinstance(refusal, PreviewOutdated):
        if form["seen"]:
            beside(form, user, refusal, {PreviewOutdated: "after"})
    elif isinstance(refusal, ReasonRequired | TextTooLong):
        beside(form, user, refusal, {type(refusal): "reason"})
    else:
        refuse(form, user, refusal)
        form.errors["ends_on"] = form.errors.pop("starts_on", "")
    return _page(request, user, view, form, after)


def _page(
    request: Request,
    user: CurrentUser,
    view: MatchView,
    form: Form,
    after: list[SessionView] | None = None,
) -> Response:
    """`after`: sessions that the next press cancels."""
    reader = user.reader
    return admin_page(
        request,
        "admin/match_end.html",
        user,
        status_code=409 if any(form.errors.values()) else 200,
        back=f"{PATH}/{view.id}",
        about=f"{view.student.name} · {view.match.subject} · {view.tutor.name}",
        form=form,
        is_offer=view.is_open,
        booked=view.booked.count,
        ways=[
            ("keep", reader.label("They stay, until somebody cancels them")),
            (CANCEL, reader.label("Cancel them")),
        ],
        sides=sides(reader),
        seen=digest_of(after or ()),
        slots=[
            reader.dated_slot(one.appointment.starts_at, one.appointment.ends_at)
            for one in after or ()
        ],
    )


def routes() -> list[Route]:
    """Routes of this module."""
    here = f"{PATH}/{{id}}/end"
    return [Route(here, ask), Route(here, make, methods=["POST"])]

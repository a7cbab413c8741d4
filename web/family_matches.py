"""A parent's answer to a match on a page (SPEC 7, 10)."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.refusals import refusal_text
from services.db import Session
from services.matches.answers import accept, decline
from services.queries.matches import MatchView, match_of
from services.queries.sessions import children_of
from services.rules.refusals import Refusal
from services.rules.refusals.links import NotSignedIn
from services.rules.refusals.sessions import NotFound
from web.forms import Form, check_text, read_form
from web.match_rows import match_row
from web.site import current_user, id_in, page, site_of

FAMILY = "/family"
SEE_OTHER = 303


async def make_acceptance(request: Request) -> Response:
    """Accept: the sessions are booked."""
    site, match_id = site_of(request), id_in(request)
    await read_form(request)

    def transaction(session: Session) -> int:
        user, _ = _asked(session, request)
        return accept(session, match_id, user.actor, site.agency).match.student_id

    return await _answered(request, transaction, f"&accepted={match_id}")


async def ask_to_decline(request: Request) -> Response:
    """The question why, which need not be answered. Refused: NotSignedIn, NotFound."""
    user, view = await site_of(request).database.read(_asked, request)
    return _decline_page(request, user, view, Form())


def _decline_page(request: Request, user: CurrentUser, view: MatchView, form: Form) -> Response:
    row = match_row(user.reader, view, has_price=True)
    return page(
        request, "decline_match.html", user.reader, user.person, row=row, form=form, back=FAMILY
    )


async def _refused(request: Request, refusal: Refusal) -> Response:
    """Why an answer does not count, with the match, and what was written in vain."""
    user, view = await site_of(request).database.read(_asked, request)
    return page(
        request,
        "match_refused.html",
        user.reader,
        user.person,
        status_code=409,
        read_at=FAMILY,
        row=match_row(user.reader, view, has_price=True),
        refused=refusal_text(user.reader, refusal, user.person.id),
        back=FAMILY,
    )


async def make_decline(request: Request) -> Response:
    """Decline: the agency is told, with the reason if there is one."""
    site, match_id = site_of(request), id_in(request)
    form = await read_form(request)
    user, view = await site.database.read(_asked, request)
    check_text(form, user, is_needed=False)
    if form.errors:
        return _decline_page(request, user, view, form)

    def transaction(session: Session) -> int:
        user, _ = _asked(session, request)
        return decline(session, match_id, user.actor, form["text"]).match.student_id

    return await _answered(request, transaction)


async def _answered(request: Request, answer: Callable[[Session], int], told: str = "") -> Response:
    """Answer, and lead to the child whose match it is; where it does not count, say why."""
    site = site_of(request)
    try:
        child = await site.database.write(answer)
    except (NotSignedIn, NotFound):
        raise
    except Refusal as refusal:
        return await _refused(request, refusal)
    site.has_acted()
    return RedirectResponse(f"{FAMILY}?child={child}{told}", SEE_OTHER)


def _asked(session: Session, request: Request) -> tuple[CurrentUser, MatchView]:
    """The user, and the match of the address.

    Refused: NotSignedIn, and NotFound also where it is not for their child.
    """
    user = current_user(session, request)
    view = match_of(session, id_in(request), user.reader.now)
    if view.match.student_id not in children_of(session, user.person):
        raise NotFound
    return user, view


def routes() -> list[Route]:
    """Routes of this module."""
    here = f"{FAMILY}/matches/{{id}}"
    return [
        Route(f"{here}/accept", make_acceptance, methods=["POST"]),
        Route(f"{here}/decline", ask_to_decline),
        Route(f"{here}/decline", make_decline, methods=["POST"]),
    ]

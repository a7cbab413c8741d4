"""Acting on a matter of the queue; the next one is chosen then (SPEC 10)."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from locales.current_user import CurrentUser
from locales.refusals import refusal_text
from locales.wording import action_done
from models.matters import Matter
from services.db import Session
from services.queries.changes import newest
from services.queries.trail import Earlier, last_by
from services.rules.refusals import Refusal
from services.rules.refusals.links import NotSignedIn
from services.rules.refusals.sessions import ActedFirst
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from web.admin.frame import coordinator
from web.admin.queue.acts import WRITTEN, Act
from web.admin.queue.cases import PLACES, dispute_page, problem_page
from web.admin.queue.doing import DOINGS, RECORDED_AS, Doing, task_of
from web.admin.queue.filters import address_of, filter_in, number_in, read_key, read_query
from web.admin.queue.page import queue_response
from web.forms import Form, read_form
from web.site import site_of

SEE_OTHER = 303


async def act(request: Request) -> Response:
    """Do it, and choose the next matter; a refusal stands where the hand was.

    What its reader has done before, perhaps in the chat, is told, and what they wrote now is shown.
    Refused: NotSignedIn. Raises HTTPException 404 where there is no such act.
    """
    form = await read_form(request)
    key, doing = _named(request)
    given = read_query(form["query"]) | {"item": str(request.path_params["key"])}
    agency = site_of(request).agency

    def transaction(session: Session) -> tuple[int, CurrentUser, Earlier | None]:
        user, before = coordinator(session, request), newest(session).event_id
        task = task_of(session, key, user.actor, form, agency)
        doing(session, task)
        event = newest(session).event_id
        recorded = RECORDED_AS.get(Act(str(request.path_params["act"])), ())
        if event != before or task.appointment_id is None:
            return event, user, None
        return event, user, last_by(session, user.person.id, task.appointment_id, recorded)

    try:
        event, user, earlier = await site_of(request).database.write(transaction)
    except NotSignedIn:
        raise
    except Refusal as refusal:
        return await _refused(request, given, form, refusal)
    site_of(request).has_acted()
    if earlier is not None:
        return await _repeated(request, given, form, user, earlier)
    return RedirectResponse(_after(form, event, key[1]), SEE_OTHER)


def _named(request: Request) -> tuple[tuple[Matter, int], Doing]:
    """The matter and the act that the address names."""
    key, named = read_key(str(request.path_params["key"])), str(request.path_params["act"])
    if key is None or named not in set(Act) or Act(named) not in DOINGS:
        raise HTTPException(404)
    doing, matters = DOINGS[Act(named)]
    if key[0] not in matters:
        raise HTTPException(404)
    return key, doing


def _after(form: Form, event: int, number: int) -> str:
    """The list as it was, with the next matter chosen; or the matter's own page."""
    if place := PLACES.get(form["place"]):
        return place.format(number)
    given = read_query(form["query"])
    chosen = form["next"] if read_key(form["next"]) else ""
    return address_of(
        filter_in(given), number_in(given), item=chosen, done=str(event) if event else ""
    )


async def _repeated(
    request: Request, given: Mapping[str, str], form: Form, user: CurrentUser, earlier: Earlier
) -> Response:
    """The page for what its reader has done before; `earlier`: what was recorded then."""
    words = action_done(user.reader, earlier.action, "", earlier.at, is_reader=True)
    is_new = earlier.reason is not None and earlier.reason != form["text"]
    if is_new and form["place"] in PLACES:
        return await _own_page(request, form, words)
    if form["place"] in PLACES:
        return RedirectResponse(_after(form, 0, _named(request)[0][1]), SEE_OTHER)
    return await queue_response(request, given, already=words, unsent=None if is_new else ())


async def _own_page(request: Request, form: Form, refused: str) -> Response:
    """The matter's own page, after an act there that was refused."""
    key, _ = _named(request)
    page = dispute_page if key[0] is Matter.DISPUTE else problem_page
    return await page(request, key[1], form, refused)


async def _refused(
    request: Request, given: Mapping[str, str], form: Form, refusal: Refusal
) -> Response:
    """The page again: a text that is missing is asked for, anything else is said on top."""
    user: CurrentUser = await site_of(request).database.read(coordinator, request)
    words = refusal_text(user.reader, refusal, user.person.id)
    is_asked_for = isinstance(refusal, ReasonRequired | TextTooLong)
    if isinstance(refusal, ReasonRequired) and request.path_params["act"] == Act.REPLY:
        words = user.reader.label("Please write your reply.")
    if is_asked_for:
        form.errors["text"] = words
    if form["place"] in PLACES:
        return await _own_page(request, form, "" if is_asked_for else words)
    is_own = isinstance(refusal, ActedFirst) and refusal.actor_id == user.person.id
    if is_own and not form["text"]:
        return await queue_response(request, given, already=words)
    act_named = Act(str(request.path_params["act"]))
    if act_named in WRITTEN:
        given = {**given, "do": act_named.value}
    return await queue_response(request, given, form=form, refused="" if is_asked_for else words)

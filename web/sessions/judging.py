"""The page on which a tutor says what is wrong with a summary (SPEC 4)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.refusals import refusal_text
from models.enums import Action
from services.db import Session
from services.queries.sessions import SessionView
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from services.rules.session_actions import SessionAction
from services.summaries.requests import judge, require_judgeable
from web.forms import Form, read_form
from web.offers import path_of
from web.sessions.seeing import about, carry_out, done, form_page, refusals_on_page
from web.site import id_in, row_id, site_of


@dataclass(frozen=True)
class Case:
    """The tutor and the session of the summary."""

    user: CurrentUser
    view: SessionView


async def ask(request: Request) -> Response:
    """The page with the question."""
    form = Form({"summary": request.query_params.get("summary", "")})
    case = await site_of(request).database.read(_case, request, form)
    return _page(request, case, form)


async def find_wrong(request: Request) -> Response:
    """Record what is wrong: parents read the summary no more."""
    form = await read_form(request)
    try:
        await carry_out(request, _judge, form)
    except (ReasonRequired, TextTooLong) as refusal:
        case = await site_of(request).database.read(_case, request, form)
        form.errors["text"] = refusal_text(case.user.reader, refusal, case.user.person.id)
        return _page(request, case, form)
    return done(id_in(request), Action.JUDGE_SUMMARY)


def _judge(session: Session, user: CurrentUser, _: int, form: Form) -> None:
    judge(session, row_id(form["summary"]), user.actor, is_right=False, why=form["text"])


def _case(session: Session, request: Request, form: Form) -> Case:
    """The case, if they can judge the summary now. Refused as the judgement would be."""
    user, view = about(session, request)
    summary = require_judgeable(session, row_id(form["summary"]), user.actor)
    if summary.appointment_id != view.id:
        raise NotFound
    return Case(user, view)


def _page(request: Request, case: Case, form: Form) -> Response:
    return form_page(request, "judge.html", case.user, case.view, form)


def routes() -> list[Route]:
    """Routes of this module."""
    path = path_of(SessionAction.SUMMARY_IS_WRONG)
    return [
        Route(path, refusals_on_page(ask)),
        Route(path, refusals_on_page(find_wrong), methods=["POST"]),
    ]

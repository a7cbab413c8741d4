"""What a coordinator does with a session, each on a page that asks for the reason (SPEC 2)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from locales.current_user import CurrentUser
from locales.reader import Reader
from locales.refusals import refusal_text
from models.enums import Action
from services.db import Session
from services.queries.changes import newest
from services.queries.sessions import SessionView
from services.rules.refusals import Refusal
from services.rules.refusals.requests import RequestUnseen
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from services.rules.session_actions import SessionAction
from web.forms import Form, check_text, read_form
from web.offers import address_of
from web.sessions.ending_requests import ends_with_it, require_seen
from web.sessions.seeing import (
    Endpoint,
    about,
    back_with,
    done,
    form_page,
    refusals_on_page,
)
from web.site import site_of

QUEUE = re.compile(r"/admin(?:\?[^\s\\]*)?", re.ASCII)
"""Where the page was opened from, if that was the coordinators' queue."""


@dataclass(frozen=True)
class Case:
    """Who would do it with which session, and what else the page shows."""

    user: CurrentUser
    view: SessionView
    shown: Mapping[str, Any]
    ends: str
    """What else would end with it."""


@dataclass(frozen=True)
class Step:
    """One action: how its page reads, what it needs, and what it does."""

    action: SessionAction
    done_as: Action
    title: Callable[[Reader], str]
    button: Callable[[Reader], str]
    told: Callable[[Reader], str]
    """What will follow, in a sentence."""
    look: Callable[[Session, Request, CurrentUser, SessionView, Form], Mapping[str, Any]]
    """What the page shows; refused as the action would be."""
    do: Callable[[Session, Request, CurrentUser, SessionView, Form], object]
    fields: tuple[tuple[tuple[type[Refusal], ...], str], ...] = ()
    """Fields beside which refusals stand, besides the reason's and those of what ends with it."""
    template: str = "coordinate.html"
    is_last: bool = False
    """Whether its button ends the session."""

    def field_of(self, refusal: Refusal) -> str | None:
        """The field beside which a refusal stands; None for the page of the session."""
        if isinstance(refusal, ReasonRequired | TextTooLong):
            return "text"
        if isinstance(refusal, RequestUnseen):
            return "ends"
        return next((name for kinds, name in self.fields if isinstance(refusal, kinds)), None)


def asking(step: Step) -> Endpoint:
    """The page with the question."""

    async def ask(request: Request) -> Response:
        form = Form(dict(request.query_params))
        case = await site_of(request).database.read(_case, request, step, form)
        return _page(request, step, case, form)

    return refusals_on_page(ask)


def doing(step: Step) -> Endpoint:
    """What its button does; a refusal stands beside its field, and what was typed stays."""

    async def press(request: Request) -> Response:
        form = await read_form(request)
        site = site_of(request)

        def transaction(session: Session) -> tuple[int, int]:
            user, view = about(session, request)
            require_seen(form, ends_with_it(session, user.reader, view))
            step.do(session, request, user, view, form)
            return view.id, newest(session).event_id

        try:
            session_id, event = await site.database.write(transaction)
        except Refusal as refusal:
            field = step.field_of(refusal)
            if field is None:
                raise
            case = await site.database.read(_case, request, step, form)
            words = refusal_text(case.user.reader, refusal, case.user.person.id)
            form.errors[field] = form.errors[field] or words
            check_text(form, case.user, is_needed=True)
            return _page(request, step, case, form)
        site.has_acted()
        if QUEUE.fullmatch(form["back"]):
            return back_with(form["back"], event)
        return done(session_id, step.done_as)

    return refusals_on_page(press)


def _case(session: Session, request: Request, step: Step, form: Form) -> Case:
    user, view = about(session, request)
    shown = step.look(session, request, user, view, form)
    return Case(user, view, shown, ends_with_it(session, user.reader, view))


def _page(request: Request, step: Step, case: Case, form: Form) -> Response:
    reader = case.user.reader
    back = form["back"] if QUEUE.fullmatch(form["back"]) else ""
    shown: dict[str, Any] = {
        "times": None, "guidance": None, "shown": "", "tutors": None, "slots": None,
        "chosen": None, "seen": "", "penalty": "", "until": "", "about": "",
    }  # fmt: skip
    return form_page(
        request,
        step.template,
        case.user,
        case.view,
        form,
        title=step.title(reader),
        button=step.button(reader),
        follows=step.told(reader),
        is_last=step.is_last,
        here=address_of(case.view.id, step.action),
        back=back,
        leave=back or f"/sessions/{case.view.id}",
        section="/admin",
        ends=case.ends,
        **(shown | dict(case.shown)),
    )

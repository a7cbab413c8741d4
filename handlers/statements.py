"""`/statement`: what a family owes and what a tutor is paid, month by month (SPEC 7, 9)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.app_context import AppContext
from chat.callbacks import ShowStatement
from chat.cards.statement import OwnStatement, statement_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_parent, require_tutor
from chat.menus import on_command
from chat.screen import Screen
from models.enums import Side
from services.billing.own_statements import of_family, of_tutor, why_held_back
from services.db import Session
from services.queries.billing_lines import Scope
from services.queries.family import children, teaches_own
from services.queries.statements import (
    children_on,
    first_month,
    newest_month,
)
from services.rules.agency import Agency
from services.rules.billing import month_before, month_of, next_month
from services.rules.refusals.sessions import NotFound


async def statement(update: Update, context: Context) -> None:
    """`/statement`: the newest month with anything; a tutor's pay, or else the family's."""

    def query(session: Session) -> Screen:
        user = current_user(session, update, context)
        if not (user.person.is_tutor or user.person.is_parent):
            return Screen(
                user.reader.text(
                    "Statements are for parents and tutors, so you have none. Those of the agency "
                    "are on the pages: /web"
                )
            )
        side = Side.TUTOR if user.person.is_tutor else Side.FAMILY
        return _screen(session, user, context, ShowStatement(side))

    await replies.say(update, context, await context.app.database.read(query))


async def turn(update: Update, context: Context) -> None:
    """Another month, another family, or the other role: the same message shows it."""
    wanted = callbacks.tapped(ShowStatement, update)

    def query(session: Session) -> Screen:
        return _screen(session, current_user(session, update, context), context, wanted)

    screen = await context.app.database.read(query)
    await replies.answer(update)
    await replies.show(update, context, screen)


def _screen(session: Session, user: CurrentUser, context: Context, wanted: ShowStatement) -> Screen:
    """The statement that is wanted. Refused: NotParent, NotTutor, NotFound."""
    if wanted.whose is Side.TUTOR:
        require_tutor(user)
        shown = _tutors(session, user, context.app, wanted)
    else:
        require_parent(user)
        every = children(session, user.person)
        if not every and teaches_own(session, user.person):
            return Screen(
                user.reader.text(
                    "You teach your own child, and act as its tutor there. Please ask your agency "
                    "about its statements."
                )
            )
        if not every:
            return Screen(
                user.reader.text(
                    "No child is linked to you yet. Please ask your agency: statements will then "
                    "appear here."
                )
            )
        shown = _familys(session, user, context.app, wanted, [one.id for one in every])
    return statement_screen(user.reader, shown)


def _tutors(
    session: Session, user: CurrentUser, app: AppContext, wanted: ShowStatement
) -> OwnStatement:
    """The tutor's pay. Refused: NotFound for a month without books."""
    person, now = user.person, user.reader.now
    shown = _month(session, app.agency, wanted, Scope(tutor_id=person.id), now)
    found, mark = of_tutor(session, app.agency, shown.month, person, now)
    return replace(
        shown,
        statement=found,
        mark=mark.mark if mark else None,
        held_back=why_held_back(mark),
        has_other_side=person.is_parent and bool(children(session, person)),
        page=app.pages.button_address(f"/tutor/statement?month={shown.month:%Y-%m}"),
    )


def _familys(
    session: Session,
    user: CurrentUser,
    app: AppContext,
    wanted: ShowStatement,
    child_ids: list[int],
) -> OwnStatement:
    """The statement that names the child, or the first. Refused: NotFound as for a tutor."""
    now = user.reader.now
    shown = _month(session, app.agency, wanted, Scope(student_ids=tuple(child_ids)), now)
    found, theirs = of_family(session, app.agency, shown.month, child_ids, wanted.child_id, now)
    child = min(children_on(found)) if found else child_ids[0]
    return replace(
        shown,
        statement=found,
        others=[one for one in theirs if one is not found],
        has_other_side=user.person.is_tutor,
        page=app.pages.button_address(f"/family/statement?child={child}&month={shown.month:%Y-%m}"),
    )


def _month(
    session: Session, agency: Agency, wanted: ShowStatement, scope: Scope, now: datetime
) -> OwnStatement:
    """The month that is wanted, and those beside it. Refused: NotFound."""
    first, running = first_month(session, agency, now), month_of(now, agency.zone)
    if wanted.month:
        month = _read_month(wanted.month)
        if not first <= month <= running:
            raise NotFound
    else:
        month = newest_month(session, agency, scope, now) or running
    return OwnStatement(
        side=wanted.whose,
        month=month,
        statement=None,
        before=month_before(month) if month > first else None,
        after=next_month(month) if month < running else None,
    )


def _read_month(number: int) -> date:
    """Month of a button, such as 202611. Refused: NotFound."""
    try:
        return date(number // 100, number % 100, 1)
    except ValueError:
        raise NotFound from None


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("statement", statement),
        CallbackQueryHandler(turn, pattern=callbacks.pressed(ShowStatement)),
    ]

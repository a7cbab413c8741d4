"""What a tutor is asked in the dialogue for leave, from the rows as they are (SPEC 7)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import NamedTuple

from markupsafe import Markup
from telegram import Update

from chat.callbacks import LeaveStep as State
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_tutor
from conversations import wizard
from conversations.leave_questions import LeaveDraft, review, what_becomes_of, which_days, why
from conversations.wizard import Case, Next, Question
from models import TutorLeave
from models.enums import Role
from services.closures.booked import Found
from services.closures.leave import LeaveWanted, sessions_during
from services.db import Session
from services.queries.closed_days import leave_to_come
from services.rules.closures import Choice, digest_of
from services.rules.refusals.sessions import StaleButton


class OneSession(NamedTuple):
    """A session about which is asked, among all that are booked then."""

    case: Case
    wanted: LeaveWanted
    found: list[Found]
    one: Found

    def choice(self, draft: LeaveDraft) -> Choice:
        """What becomes of it."""
        return draft.choices(self.found)[self.one.view.id]


async def ask(
    update: Update, context: Context, draft: LeaveDraft, told: Markup | None = None
) -> Next:
    """The first question that has no answer; `told` is said first."""
    if draft.first is None or draft.last is None:
        return await ask_days(update, context, draft, told)
    if draft.reason is None:
        user = await context.app.database.read(tutor, update, context)
        await wizard.ask(update, context, draft, why(user.reader, draft))
        return State.REASON
    if draft.one is not None:
        return await _ask_about_one(update, context, draft)
    user, found = await context.app.database.read(look, update, context, draft)
    draft = replace(draft, digest=digest_of(one.booked for one in found))
    await wizard.ask(update, context, draft, review(user.reader, draft, found, told))
    return State.REVIEW


async def ask_days(
    update: Update,
    context: Context,
    draft: LeaveDraft,
    told: Markup | None,
    read: Sequence[tuple[date, date]] = (),
) -> Next:
    """The days; `read` are some that a text may mean."""

    def query(session: Session) -> tuple[CurrentUser, Sequence[TutorLeave]]:
        user = tutor(session, update, context)
        return user, leave_to_come(session, user.person.id, user.reader.agency_today)

    user, entered = await context.app.database.read(query)
    await wizard.ask(update, context, draft, which_days(user.reader, entered, told, read))
    return State.DAYS


async def _ask_about_one(update: Update, context: Context, draft: LeaveDraft) -> Next:
    """What becomes of one session; of all of them again, where it is booked then no more."""
    try:
        about = await context.app.database.read(one_session, update, context, draft)
    except StaleButton:
        return await ask(update, context, replace(draft, one=None))
    question = partial(what_becomes_of, draft=draft, one=about.one, choice=about.choice(draft))
    screen = await context.app.database.read(question, about.case)
    await wizard.ask(update, context, draft, screen)
    return State.ONE


async def ask_when(
    update: Update,
    context: Context,
    draft: LeaveDraft,
    about: OneSession,
    question: Callable[[Session], Question],
) -> Next:
    """A further question about the time to which one session is asked to move."""
    asked = await context.app.database.read(question)
    await wizard.ask(update, context, draft, wizard.panel(about.case, asked))
    return State.ONE


def tutor(session: Session, update: Update, context: Context) -> CurrentUser:
    """The current user. Refused: NotLinked, NotTutor."""
    user = current_user(session, update, context)
    require_tutor(user)
    return user


def look(
    session: Session, update: Update, context: Context, draft: LeaveDraft
) -> tuple[CurrentUser, list[Found]]:
    """What is booked on the days. Refused as `sessions_during`."""
    user, app = tutor(session, update, context), context.app
    wanted = replace(draft, reason=draft.reason or "-").wanted(user.person.id)
    if wanted is None:
        return user, []
    return user, sessions_during(session, user.actor, wanted, app.agency, app.penalties.sheet)


def one_session(
    session: Session, update: Update, context: Context, draft: LeaveDraft
) -> OneSession:
    """The draft's one session. Refused as `look`; StaleButton, where it is not booked then."""
    user, found = look(session, update, context, draft)
    wanted = draft.wanted(user.person.id)
    about = draft.one.appointment_id if draft.one else None
    one = next((one for one in found if one.view.id == about), None)
    if wanted is None or one is None:
        raise StaleButton
    return OneSession(Case(user, one.view, Role.TUTOR), wanted, found, one)

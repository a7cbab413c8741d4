"""Who sent an update: the person, how they read, and how they act."""

from telegram import Update

from chat.context import Context
from locales.current_user import CurrentUser as Visitor
from locales.reader import Reader
from models.enums import Channel
from services.db import Session
from services.people import identify
from services.rules.refusals import Refusal, RefusalCode

__all__ = [
    "Visitor",
    "require_coordinator",
    "require_parent",
    "require_tutor",
    "stranger_reader",
    "visitor_of",
]


def visitor_of(session: Session, update: Update, context: Context) -> Visitor:
    """The person behind the update. Refused: NOT_LINKED, for whom no invitation was used."""
    user = update.effective_user
    person = identify(session, user.id) if user else None
    if person is None:
        raise Refusal(RefusalCode.NOT_LINKED)
    return Visitor.of(person, context.house.agency, Channel.TELEGRAM, context.received_at)


def require_tutor(visitor: Visitor) -> None:
    """Commands of tutors are for tutors. Refused: NOT_TUTOR."""
    if not visitor.person.is_tutor:
        raise Refusal(RefusalCode.NOT_TUTOR)


def require_parent(visitor: Visitor) -> None:
    """Commands of parents are for parents. Refused: NOT_PARENT."""
    if not visitor.person.is_parent:
        raise Refusal(RefusalCode.NOT_PARENT)


def require_coordinator(visitor: Visitor) -> None:
    """Commands of coordinators are for coordinators. Refused: NOT_COORDINATOR."""
    if not visitor.person.is_coordinator:
        raise Refusal(RefusalCode.NOT_COORDINATOR)


def stranger_reader(update: Update, context: Context) -> Reader:
    """How to word something for somebody whom we do not know: by their Telegram client."""
    user = update.effective_user
    language = user.language_code if user else None
    return Reader.for_agency(context.house.agency, context.received_at, language)

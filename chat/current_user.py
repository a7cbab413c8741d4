"""Who sent an update: the person, how they read, and how they act."""

from telegram import Update

from chat.context import Context
from locales.current_user import CurrentUser
from locales.reader import Reader
from models.enums import Channel
from services.db import Session
from services.lifecycle.actors import Actor
from services.people.accounts import identify
from services.rules.refusals.standing import NotCoordinator, NotLinked, NotParent, NotTutor

__all__ = [
    "CurrentUser",
    "current_user",
    "require_coordinator",
    "require_parent",
    "require_tutor",
    "stranger_reader",
]


def current_user(session: Session, update: Update, context: Context) -> CurrentUser:
    """The person behind the update. Refused: NotLinked, for whom no invitation was used."""
    user = update.effective_user
    person = identify(session, user.id) if user else None
    if person is None:
        raise NotLinked
    chat = update.effective_chat
    private = chat.id if chat and chat.type == chat.PRIVATE else None
    actor = Actor(person.id, Channel.TELEGRAM, context.received_at, private)
    return CurrentUser.of(person, context.app.agency, actor)


def require_tutor(visitor: CurrentUser) -> None:
    """Commands of tutors are for tutors. Refused: NotTutor."""
    if not visitor.person.is_tutor:
        raise NotTutor


def require_parent(visitor: CurrentUser) -> None:
    """Commands of parents are for parents. Refused: NotParent."""
    if not visitor.person.is_parent:
        raise NotParent


def require_coordinator(visitor: CurrentUser) -> None:
    """Commands of coordinators are for coordinators. Refused: NotCoordinator."""
    if not visitor.person.is_coordinator:
        raise NotCoordinator


def stranger_reader(update: Update, context: Context) -> Reader:
    """How to word something for somebody whom we do not know: by their Telegram client."""
    user = update.effective_user
    language = user.language_code if user else None
    return Reader.for_agency(context.app.agency, context.received_at, language)

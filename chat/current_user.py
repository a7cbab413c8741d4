"""The current user of an update: the person, their reader, and the actor for use cases."""

from datetime import datetime
from functools import partial

from telegram import Update

from chat.context import Context
from chat.tapped import note_list
from locales.current_user import CurrentUser
from locales.reader import Reader
from models.enums import Channel
from services.db import Session
from services.lifecycle.actors import Actor
from services.messaging.cards import OlderCard
from services.people.accounts import identify, let_write_again, stranger
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
    """The person behind the update. Refused: NotLinked, where they have used no invitation, or
    AccountLeft.
    """
    account = update.effective_user
    person = identify(session, account.id) if account else None
    if person is None:
        raise stranger(session, account.id) if account else NotLinked
    chat = update.effective_chat
    private = chat.id if chat and chat.type == chat.PRIVATE else None
    if private is not None and person.unreachable_since is not None:
        _note_return(context, private)
    note_list(session, update, context)
    actor = Actor(person.id, Channel.TELEGRAM, context.received_at, private)
    return CurrentUser.of(person, context.app.agency, actor)


def _note_return(context: Context, account: int) -> None:
    """Let messages go again to somebody who had blocked the bot, with the update's done mark."""
    received = context.received
    if received is not None and not received.is_back:
        received.is_back = True
        received.unwritten.append(partial(_let_write_again, account, context.received_at))


def _let_write_again(account: int, now: datetime, session: Session) -> list[OlderCard]:
    let_write_again(session, account, now)
    return []


def require_tutor(user: CurrentUser) -> None:
    """Refuse anybody but a tutor. Refused: NotTutor."""
    if not user.person.is_tutor:
        raise NotTutor


def require_parent(user: CurrentUser) -> None:
    """Refuse anybody but a parent. Refused: NotParent."""
    if not user.person.is_parent:
        raise NotParent


def require_coordinator(user: CurrentUser) -> None:
    """Refuse anybody but a coordinator. Refused: NotCoordinator."""
    if not user.person.is_coordinator:
        raise NotCoordinator


def stranger_reader(update: Update, context: Context) -> Reader:
    """The reader for somebody unknown, in the language of their Telegram client."""
    account = update.effective_user
    language = account.language_code if account else None
    return Reader.for_agency(context.app.agency, context.received_at, language)

"""A person says where they are: times are shown to them as they are there (SPEC 1, 9).

[Time zone] --> PLACE --button of a place--> set, END
                |  ^     [Tell the coordinators]--> they are told which place, END
                +--+ typed: what it can mean as buttons; photo or sticker: asked again
                      [Leave]: END, nothing is changed
a whole sentence is no place: it is answered like any other outside of dialogues
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from telegram import Update

from chat import callbacks, questions, replies
from chat.callbacks.people import AskForZone, LeaveZones
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of, message_of
from chat.screen import Screen
from chat.settings import places_screen, settings_screen, zones_screen
from conversations import wizard
from conversations.dialogue import Dialogue, NotForThisError
from conversations.draft import Draft
from conversations.wizard import Answers, Next
from services.db import Session
from services.people import accounts
from services.rules.refusals.sessions import StaleButton
from services.rules.time_zones import places_called

NAME = "time_zone"
WORDS, LONGEST = 4, 60
"""The most words and characters of a place's name."""


class State(StrEnum):
    """The steps of the dialogue."""

    PLACE = "place"


@dataclass(frozen=True)
class ZoneDraft(Draft):
    """The place that was typed last."""

    typed: str = ""


async def begin(update: Update, context: Context) -> Next:
    """*Time zone*: a button for each that is often wanted; others are typed."""
    user = await context.app.database.read(current_user, update, context)
    await replies.answer(update)
    draft = context.dialogues.draft(update, ZoneDraft) or ZoneDraft()
    await wizard.ask(update, context, draft, zones_screen(user.reader))
    return State.PLACE


async def take_place(update: Update, context: Context) -> Next:
    """A place: what it can be. A sentence about something else is not for this question."""
    draft, typed = _draft(update, context), (message_of(update).text or "").strip()
    if len(typed) > LONGEST or len(typed.split()) > WORDS:
        raise NotForThisError
    user = await context.app.database.read(current_user, update, context)
    screen = places_screen(user.reader, typed, places_called(typed))
    await wizard.ask(update, context, replace(draft, typed=typed), screen, below=True)
    return None


async def ask_again(update: Update, context: Context) -> Next:
    """Answer a photo or a sticker: repeat the question."""
    user = await context.app.database.read(current_user, update, context)
    await wizard.ask(update, context, _draft(update, context), zones_screen(user.reader))
    return None


async def set_zone(update: Update, context: Context) -> Next:
    """A place's button: write every time to the person as it is there."""
    chosen = callbacks.tapped(callbacks.SetZone, update).zone

    def choose(session: Session) -> CurrentUser:
        user = current_user(session, update, context)
        accounts.set_time_zone(session, user.person, chosen, user.actor.now)
        return current_user(session, update, context)

    user = await context.app.database.write(choose)
    told = user.reader.label("From now on, times are shown as they are there.")
    await _end(update, context, settings_screen(user), told)
    return Dialogue.END


async def tell_coordinators(update: Update, context: Context) -> Next:
    """*Tell the coordinators*: they learn which place it is, and can set the zone."""
    typed = _draft(update, context).typed
    if not typed:
        raise StaleButton

    def tell(session: Session) -> CurrentUser:
        user = current_user(session, update, context)
        accounts.ask_for_zone(session, user.person, typed, user.actor.now)
        return user

    user = await context.app.database.write(tell)
    told = user.reader.text(
        "Thank you. The coordinators know now that you are in “{place}”.", place=typed
    )
    await _end(update, context, Screen(told))
    return Dialogue.END


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: the question goes, and nothing is changed."""
    await replies.answer(update)
    await questions.take_away(context, chat_id_of(update), _tapped_id(update))
    return Dialogue.END


async def _end(update: Update, context: Context, screen: Screen, toast: str = "") -> None:
    """Show it in place of the tapped message; a question that stands elsewhere goes."""
    draft = context.dialogues.draft(update, ZoneDraft)
    await replies.answer(update, toast)
    await replies.show(update, context, screen)
    if draft is not None and draft.question_id != _tapped_id(update):
        await wizard.take_back(update, context, draft)


def _tapped_id(update: Update) -> int:
    return wizard.tapped_message(update).message_id


def _draft(update: Update, context: Context) -> ZoneDraft:
    return wizard.draft_of(update, context, ZoneDraft)


def build() -> Dialogue:
    """The dialogue in which a person says where they are."""
    return wizard.build(
        NAME,
        ZoneDraft,
        begin={callbacks.ShowZones: begin},
        states={State.PLACE: Answers({AskForZone: tell_coordinators}, take_place, ask_again)},
        confirm={callbacks.SetZone: set_zone},
        leave={LeaveZones: leave},
        take_up=lambda _draft: callbacks.ShowZones(),
    )

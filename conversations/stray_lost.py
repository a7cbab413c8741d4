"""What a parent writes after the tutor has cancelled: it goes with the request for a replacement
(SPEC 6, 9; UX 19).

sentence --> [🔁 Emily · Thu 26 Nov 21:00] --> [Ask for replacement]: the coordinators get both
                                            +--> [Leave]: dropped
"""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import Update

from chat import callbacks, keyboards, replies
from chat.callbacks.strays import StraysReplaced, StraysToReplace
from chat.cards.reason import quoted
from chat.cards.screens import session_label, session_screen
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.lists.showing import keep_offer
from chat.message_parts import CardOf
from chat.screen import Screen
from conversations.stray_draft import StrayDraft, drop_offered, require_offered
from conversations.wizard import Next, view_of
from locales.reader import Reader
from locales.wording import action_done
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.status import Outcome
from services.queries.sessions import SessionView
from services.rules.refusals.sessions import StaleButton
from services.sessions.replacements import ask_for_replacement, can_ask


def lost_buttons(reader: Reader, lost: Sequence[SessionView]) -> list[keyboards.InlineButton]:
    """A button for each session that was cancelled just now."""
    return [
        keyboards.button(f"🔁 {session_label(reader, view, lasts=True)}", StraysToReplace(view.id))
        for view in lost
    ]


def lost_screen(reader: Reader, view: SessionView, draft: StrayDraft) -> Screen:
    """The cancelled session, and what was written about it, which the coordinators would get."""
    question = reader.text(
        "This session is cancelled. Ask the coordinators for a replacement? They get what you "
        "wrote:"
    )
    lines = [*headline(reader, view, Role.PARENT), Markup(), question, quoted(draft.words)]
    ask = keyboards.success(reader.label("Ask for replacement"), StraysReplaced(view.id))
    leave = keyboards.button(reader.label("Leave"), callbacks.LeaveStrays(view.id))
    return Screen(Markup("\n").join(lines), keyboards.one_a_row(ask, leave))


async def choose_lost(update: Update, context: Context) -> Next:
    """A cancelled session: ask for a replacement, with what was written? Refused: StaleButton."""
    about = callbacks.tapped(StraysToReplace, update).appointment_id
    draft = require_offered(update, context)

    def query(session: Session) -> tuple[CurrentUser, SessionView]:
        user = current_user(session, update, context)
        if not can_ask(session, about, user.actor):
            raise StaleButton
        return user, view_of(session, about)

    user, view = await context.app.database.read(query)
    await replies.answer(update)
    screen = lost_screen(user.reader, view, draft)
    place = await replies.show(update, context, screen)
    await keep_offer(context, place, user, screen, draft.stands_until, about)
    return None


async def ask_to_replace(update: Update, context: Context) -> Next:
    """*Ask for replacement*: the coordinators are asked, and get what was written."""
    about, app = callbacks.tapped(StraysReplaced, update).appointment_id, context.app
    draft = require_offered(update, context)

    def transaction(session: Session) -> tuple[CurrentUser, Outcome, Screen]:
        user, zone = current_user(session, update, context), app.agency.zone
        outcome = ask_for_replacement(session, about, user.actor, said=draft.words, zone=zone)
        return user, outcome, session_screen(session, user, about, app.agency)

    user, outcome, card = await app.database.write(transaction)
    drop_offered(update, context)
    name, action = user.person.name, Action.ASK_REPLACEMENT
    done = action_done(user.reader, action, name, outcome.at, is_reader=True)
    await replies.answer(update, done)
    await replies.show_card(update, context, card, CardOf(about), user.person.id)
    return None

"""Parts that dialogues share: a draft, questions that can be left, one confirmation (SPEC 9).

    button --> begin --> question --answer--> question ... --[confirm]--> done, END
                         |      ^                  |
                         |      +------[Back]------+
                         +--[Leave]--> END, nothing is done

What was said so far is a draft, a frozen dataclass. A dialogue that was laid aside goes on from
its draft when the button that began it is tapped again.
"""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from markupsafe import Markup
from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from chat import callbacks, keyboards, questions, replies
from chat.callbacks import Button, OfSession
from chat.cards.screens import session_screen
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of
from chat.keyboards import InlineButton, Rows
from chat.menus import on_command, on_link
from chat.message_parts import CardOf
from chat.screen import Screen
from conversations.dialogue import Dialogue, Handler
from conversations.draft import Draft, SessionDraft
from conversations.over import or_outside, unless_moved
from conversations.split_texts import unsplit
from conversations.typed_taps import asking, or_button
from locales.reader import Reader
from models import Appointment
from models.enums import Role
from services.db import Session
from services.lifecycle.actors import Source
from services.queries.sessions import SessionView, session_view
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import NotFound, StaleButton

# ---------------------------------------------------------------------------------------- the draft


D = TypeVar("D", bound=Draft)
S = TypeVar("S", bound=SessionDraft)
Done = TypeVar("Done")


def draft_of(update: Update, context: Context, kind: type[D]) -> D:
    """What the person is putting together. Refused: StaleButton, where that is nothing."""
    draft = context.dialogues.draft(update, kind)
    if draft is None:
        raise StaleButton
    return draft


def draft_about(update: Update, context: Context, kind: type[S], button: OfSession) -> S | None:
    """What was said so far of the button's session; None where that is nothing."""
    draft = context.dialogues.draft(update, kind)
    is_same = draft is not None and draft.appointment_id == button.appointment_id
    return draft if is_same else None


def draft_tapped(update: Update, context: Context, kind: type[S]) -> S:
    """The draft to which the tapped button belongs. Refused: StaleButton, where it has none."""
    draft = draft_about(update, context, kind, callbacks.tapped(OfSession, update))
    if draft is None:
        raise StaleButton
    return draft


# ------------------------------------------------------------------------------------- the question


@dataclass(frozen=True)
class Case:
    """The person, the session, and the role in which they are asked."""

    user: CurrentUser
    view: SessionView
    side: Role

    @property
    def reader(self) -> Reader:
        return self.user.reader

    @property
    def appointment(self) -> Appointment:
        return self.view.appointment


class Question(NamedTuple):
    """A question, and the buttons that answer it."""

    text: Markup
    rows: Rows


def view_of(session: Session, appointment_id: int) -> SessionView:
    """A session with its people. Refused: NotFound."""
    view = session_view(session, appointment_id)
    if view is None:
        raise NotFound
    return view


def case_of(
    session: Session, update: Update, context: Context, draft: SessionDraft, side: Role
) -> Case:
    """The current user and the session of a draft. Refused: NotLinked, NotFound."""
    user = current_user(session, update, context)
    return Case(user, view_of(session, draft.appointment_id), side)


def panel(case: Case, question: Question, *chosen: Markup) -> Screen:
    """A question below its session and what was `chosen`."""
    session_lines = headline(case.reader, case.view, case.side)
    lines = [*session_lines, *chosen, Markup(), question.text]
    return Screen(Markup("\n").join(lines), question.rows)


def leave_button(case: Case, kind: type[OfSession]) -> InlineButton:
    """*Leave*: nothing is done."""
    return keyboards.button(case.reader.label("Leave"), kind(case.view.id))


def back_button(case: Case, does: Button) -> InlineButton:
    """*Back*: an earlier question."""
    return keyboards.button(case.reader.label("Back"), does)


def only_words(update: Update, reader: Reader) -> Markup:
    """The sentence for a photo or a sticker where a text was asked for (UX 19)."""
    if update.message is not None and update.message.caption:
        return reader.text(
            "I can only take text here, not a file with a caption. Nothing is kept yet: please "
            "send the words by themselves."
        )
    return reader.text("I can only take text here. What you sent is not kept.")


async def ask(
    update: Update,
    context: Context,
    draft: Draft,
    screen: Screen,
    *,
    below: bool = False,
    cannot: Callable[[Reader], Markup] | None = None,
) -> None:
    """Show a question and keep the draft; the question before goes (UX 17).

    It takes the place of the tapped message, or is a new one: always, if it is to be `below`. To
    a photo or a sticker it says first that it cannot be used here, in the words of `cannot` where
    not only a text will do (UX 19).
    """
    if draft == context.dialogues.draft(update, type(draft)) and _is_no_text(update):
        user = await context.app.database.read(current_user, update, context)
        told = only_words(update, user.reader) if cannot is None else cannot(user.reader)
        screen = screen.below(told)
    message = await (replies.say if below else replies.show)(update, context, screen)
    if message.message_id != draft.question_id:
        await take_back(update, context, draft)
    asked = replace(draft, asked_at=context.received_at)
    context.dialogues.set_draft(update, asking(asked, message.message_id, screen.rows))


def _is_no_text(update: Update) -> bool:
    return update.message is not None and not update.message.text


def tapped_message(update: Update) -> Source:
    """The message whose button was tapped. Refused: StaleButton, where it is out of reach."""
    query = update.callback_query
    if query is None or query.message is None:
        raise StaleButton
    return Source(query.message.chat.id, query.message.message_id)


async def take_back(update: Update, context: Context, draft: Draft) -> None:
    """Take away a question that is answered, or asked elsewhere."""
    if draft.question_id is not None:
        await questions.take_away(context, chat_id_of(update), draft.question_id)


# ------------------------------------------------------------------------------------------ the end


ANY_REFUSAL = (Refusal,)


async def carry_out(
    update: Update,
    context: Context,
    use_case: Callable[[Session, CurrentUser], Done],
    goes_on_after: tuple[type[Refusal], ...] = (),
) -> tuple[CurrentUser, Done]:
    """Carry out the draft's use case.

    A refusal ends the dialogue, unless it is of `goes_on_after`: somebody else was first, or it is
    too late.
    """

    def carried_out(session: Session) -> tuple[CurrentUser, Done]:
        user = current_user(session, update, context)
        return user, use_case(session, user)

    try:
        return await context.app.database.write(carried_out)
    except Refusal as refusal:
        if not isinstance(refusal, goes_on_after):
            await questions.leave_dialogue(update, context)
        raise


async def end_with_card(
    update: Update, context: Context, user: CurrentUser, appointment_id: int, toast: str
) -> int:
    """Show the session's card in place of the question: the dialogue is over."""
    app = context.app
    card = await app.database.read(session_screen, user, appointment_id, app.agency)
    await replies.answer(update, toast)
    await replies.show_card(update, context, card, CardOf(appointment_id), user.person.id)
    return Dialogue.END


Next = StrEnum | int | None
"""The next state, `Dialogue.END`, or None to stay."""

Step = Callable[[Update, Context], Coroutine[Any, Any, Next]]


def leave_to_card(told: str) -> Step:
    """Give the step of *Leave*: the session's card again, as it was; `told` is a phrase."""

    async def leave(update: Update, context: Context) -> Next:
        about = callbacks.tapped(OfSession, update).appointment_id
        user = await context.app.database.read(current_user, update, context)
        return await end_with_card(update, context, user, about, user.reader.label(told))

    return leave


def _repeat(kind: type[SessionDraft]) -> Step:
    """Give the step of a second tap on an answered question: the next one stands already."""

    async def repeat(update: Update, context: Context) -> Next:
        draft_tapped(update, context, kind)
        await replies.answer(update)
        return None

    return repeat


# ------------------------------------------------------------------------------------- the dialogue

Taps = Mapping[type[Button], Step]
Beginnings = Mapping[Any, Step]
"""Steps by what begins the dialogue: the type of a button or link, or the name of a command."""


@dataclass(frozen=True)
class Answers:
    """What can answer a question: buttons, a text, and a step for `other` messages."""

    taps: Taps
    text: Step | None
    other: Step


def build(
    name: str,
    draft: type[D],
    *,
    begin: Beginnings,
    states: Mapping[StrEnum, Answers],
    take_up: Callable[[D], Button],
    confirm: Taps | None = None,
    leave: Taps | None = None,
    hears: filters.BaseFilter = filters.UpdateType.MESSAGE,
) -> Dialogue:
    """Wire a dialogue.

    `begin` starts it and `confirm` ends it at any time, also while no question stands. `take_up`
    gives the button that goes on with a draft that was laid aside. Messages count that are of
    `hears`.
    """
    named = [on_command(one, step) for one, step in begin.items() if isinstance(one, str)]
    types = {one: step for one, step in begin.items() if not isinstance(one, str)}
    buttons: Taps = {one: step for one, step in types.items() if issubclass(one, Button)}
    links = [on_link(one, step) for one, step in types.items() if not issubclass(one, Button)]
    fallbacks = on_taps(leave or {})
    taps: Taps = {**buttons, **(confirm or {}), **(leave or {})}
    if issubclass(draft, SessionDraft):
        answered = {button for answers in states.values() for button in answers.taps}
        repeated = callbacks.pressed(*answered)
        fallbacks.append(CallbackQueryHandler(_repeat(draft), pattern=repeated))
    return Dialogue(
        name=name,
        entry_points=[
            *named,
            *links,
            *on_taps(buttons),
            *on_taps(confirm or {}),
        ],
        states={state: _handlers(draft, one, hears, taps) for state, one in states.items()},
        fallbacks=fallbacks,
        draft=draft,
        begins=tuple(buttons),
        go_on=take_up,
    )


def on_taps(taps: Taps) -> list[Handler]:
    """Give the handlers of buttons."""
    return [
        CallbackQueryHandler(step, pattern=callbacks.pressed(button))
        for button, step in taps.items()
    ]


def _handlers(
    draft: type[Draft], answers: Answers, hears: filters.BaseFilter, always: Taps
) -> list[Handler]:
    handlers = on_taps(answers.taps)
    if answers.text is not None:
        written = unsplit(draft, or_outside(answers.text))
        take = unless_moved(draft, or_button(draft, written, {**always, **answers.taps}))
        handlers.append(MessageHandler(hears & filters.TEXT & ~filters.COMMAND, take))
    other = unless_moved(draft, or_outside(answers.other))
    return [*handlers, MessageHandler(hears & ~filters.COMMAND, other)]

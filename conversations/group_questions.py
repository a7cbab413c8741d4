"""Questions that are answered by one person alone, in their own chat or in a group (SPEC 5)."""

from collections.abc import Callable

from markupsafe import Markup
from telegram import Update

from chat import keyboards, questions, replies
from chat.callbacks import Button
from chat.cards.reason import quoted
from chat.context import Context
from chat.current_user import current_user
from chat.incoming import is_private, message_of
from chat.screen import Screen
from conversations.dialogue import Dialogue
from conversations.draft import SessionDraft
from conversations.group_answer_draft import GroupAnswerDraft
from conversations.premise import over_line
from conversations.wizard import Next, Step, view_of
from locales.current_user import CurrentUser
from locales.reader import Reader
from services.db import Session
from services.messaging.deliveries import MessagePlace
from services.rules.refusals import Refusal


async def ask_one_person(
    update: Update, context: Context, user: CurrentUser, question: Markup, hint: str, leave: Button
) -> MessagePlace:
    """Ask, in the chat of this update.

    In their own chat *Leave* stands below. A group's question names the person, since only they may
    answer, and asks for a reply, with `hint`: the bot does not see what else they write there.
    """
    asked = update.effective_user
    if asked is None or is_private(update):
        row = (keyboards.button(user.reader.label("Leave"), leave),)
        return await replies.say(update, context, Screen(question, (row,)))
    name = Markup('<a href="tg://user?id={}">{}</a>').format(asked.id, user.person.name)
    way = user.reader.text("Please reply to this message. /stop leaves it as it is.")
    text = name + ": " + question + "\n" + way
    return await replies.say(update, context, Screen(text), ask=hint)


async def answered(update: Update, context: Context) -> None:
    """Take away what was offered in the person's own chat as the answer: there is one now."""
    await questions.close_others(update, context, GroupAnswerDraft, lambda _: True)


async def say_undone(
    update: Update,
    context: Context,
    draft: SessionDraft,
    first: Refusal,
    undone: Callable[[Reader], Markup],
) -> None:
    """Say in the group who was `first`, what of theirs was not done for that, and what they wrote:
    it is not the other one's reason.
    """

    def query(session: Session) -> Screen:
        user, view = current_user(session, update, context), view_of(session, draft.appointment_id)
        lines = [
            over_line(user, view, first, in_group=True).text,
            undone(user.reader),
            user.reader.text("{who} wrote:", who=user.person.name),
            quoted(message_of(update).text or ""),
        ]
        return Screen(Markup("\n").join(lines))

    await replies.say(update, context, await context.app.database.read(query))


def is_for_another(update: Update, context: Context) -> bool:
    """Whether a message replies to a question for somebody else: it answers no other question."""
    answered = update.message.reply_to_message if update.message else None
    return answered is not None and context.dialogues.asks_another(update, answered.message_id)


def not_yours(reader: Reader, question: Markup) -> Markup:
    """Ask again after such a reply."""
    told = reader.text("You replied to a question for somebody else, so nothing was done.")
    return told + "\n" + question


def leave_saying(told: str) -> Step:
    """Give the step of *Leave*: a sentence in the question's place; `told` is a phrase."""

    async def leave(update: Update, context: Context) -> Next:
        user = await context.app.database.read(current_user, update, context)
        await replies.answer(update)
        await replies.show(update, context, Screen(user.reader.text(told)))
        return Dialogue.END

    return leave

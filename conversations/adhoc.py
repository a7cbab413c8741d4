"""A tutor logs extra sessions that are over, several in one go (SPEC 7).

/adhoc --> STUDENT --a child--> LINES --typed lines--> REVIEW --[Log n sessions]--> done, END
                                  |                    ^  | ^
                            [Step by step]             |  | +--typed lines are added
                                  v                    |  |
                                 DAY -> HOUR -> LENGTH -> TOPIC
                                  ^                       [Line n] --> LINE: typed anew, or removed
                                  +---[Step by step]-------------------+
Of a tutor with one child STUDENT is left out. REVIEW shows each line with its trouble; as long as
one has any, none can be logged. [Back] leads to the question before. [Leave] at every step: END.
Lines that name another child come next: [Log n sessions] leads to REVIEW of that one.
"""

from telegram import Update

from chat import callbacks, replies
from chat.callbacks import NO_SESSION
from chat.callbacks import AdhocStep as State
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_tutor
from chat.screen import Screen
from conversations import wizard
from conversations.adhoc_asking import ask
from conversations.adhoc_draft import AdhocDraft
from conversations.adhoc_lines import (
    ask_next_child,
    change_line,
    choose_child,
    choose_instant,
    find_child,
    remove_line,
    take_lines,
    take_said,
)
from conversations.adhoc_questions import case_of
from conversations.adhoc_steps import (
    choose_day,
    choose_hour,
    choose_length,
    show_days,
    type_day,
    type_hour,
    type_length,
    type_topic,
    usual_topic,
)
from conversations.dialogue import Dialogue
from conversations.slot_questions import start_of
from conversations.wizard import Answers, Next, Taps
from locales.adhoc_wording import logged_text
from services.adhoc.batches import LoggedBatch, log_batch, logged_before
from services.db import Session
from services.rules.refusals.adhoc import BatchNotClear
from services.rules.refusals.sessions import StaleButton

NAME = "adhoc"


async def begin_command(update: Update, context: Context) -> Next:
    """`/adhoc`: for which child? Of a tutor with one child, which sessions? What is written behind
    the command is taken as the answer.
    """
    kept = context.dialogues.draft(update, AdhocDraft)
    draft = AdhocDraft(question_id=kept.question_id if kept else None)
    case = await case_of(update, context, draft)
    if len(case.children) == 1:
        draft = draft.of_student(case.children[0].id)
    written = (update.message.text or "").split(maxsplit=1) if update.message else []
    if len(written) > 1:
        return await take_said(update, context, draft, written[1])
    return await ask(update, context, draft)


async def take_up(update: Update, context: Context) -> Next:
    """*Go on* with what was laid aside."""
    draft = wizard.draft_of(update, context, AdhocDraft)
    return await ask(update, context, draft.at_rest())


async def go_to(update: Update, context: Context) -> Next:
    """*Back*, or another question."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    step = callbacks.tapped(callbacks.AdhocTo, update).step
    if step in (State.REVIEW, State.LINES):
        draft = draft.at_rest()
    return await ask(update, context, draft, step)


async def other(update: Update, context: Context) -> Next:
    """Answer a message that is no answer: repeat the question."""
    draft = wizard.draft_of(update, context, AdhocDraft)
    return await ask(update, context, draft.at_rest())


async def confirm(update: Update, context: Context) -> Next:
    """Log the sessions. A second tap gets the same answer."""
    tapped = callbacks.tapped(callbacks.ConfirmAdhoc, update)
    draft = context.dialogues.draft(update, AdhocDraft)
    lines = [line for line in draft.known_lines() if line] if draft else []
    start = start_of(callbacks.ChooseSlot(NO_SESSION, tapped.minute))
    first = (lines[0].student_id, lines[0].starts_at) if lines else None
    is_present = first == (tapped.student_id, start)

    def carried_out(session: Session, user: CurrentUser) -> LoggedBatch:
        if draft is not None and is_present and len(lines) == len(draft.lines):
            return log_batch(session, user.actor, context.app.agency, lines)
        found = logged_before(session, user.actor, tapped.student_id, start)
        if found is None:
            raise StaleButton
        return found

    try:
        user, batch = await wizard.carry_out(
            update, context, carried_out, (BatchNotClear, StaleButton)
        )
    except BatchNotClear:
        return await ask(update, context, wizard.draft_of(update, context, AdhocDraft))
    toast, told = logged_text(user.reader, batch.appointments, batch.at)
    await replies.answer(update, toast)
    await replies.show(update, context, Screen(told))
    if draft is not None and is_present and draft.others:
        return await ask_next_child(update, context, draft.others)
    return None if draft is not None and not is_present else Dialogue.END


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: nothing is logged."""
    user = await context.app.database.read(current_user, update, context)
    require_tutor(user)
    await replies.answer(update)
    await replies.show(update, context, Screen(user.reader.text("Nothing was logged.")))
    return Dialogue.END


def build() -> Dialogue:
    """The dialogue in which a tutor logs extra sessions."""
    ways: Taps = {callbacks.AdhocTo: go_to}
    lines: Taps = {callbacks.EditAdhoc: change_line, callbacks.RemoveAdhoc: remove_line}
    days: Taps = {callbacks.ShowDays: show_days, callbacks.ChooseDay: choose_day}
    return wizard.build(
        NAME,
        AdhocDraft,
        begin={"adhoc": begin_command, callbacks.StartAdhoc: take_up},
        states={
            State.STUDENT: Answers({callbacks.AdhocFor: choose_child, **ways}, find_child, other),
            State.LINES: Answers(ways, take_lines, other),
            State.DAY: Answers({**days, **ways}, type_day, other),
            State.HOUR: Answers({callbacks.ChooseSlot: choose_hour, **ways}, type_hour, other),
            State.LENGTH: Answers(
                {callbacks.ScheduleLength: choose_length, **ways}, type_length, other
            ),
            State.TOPIC: Answers({callbacks.UsualTopic: usual_topic, **ways}, type_topic, other),
            State.REVIEW: Answers({**lines, **ways}, take_lines, other),
            State.LINE: Answers(
                {callbacks.ChooseSlot: choose_instant, **lines, **ways}, take_lines, other
            ),
        },
        confirm={callbacks.ConfirmAdhoc: confirm},
        leave={callbacks.LeaveAdhoc: leave},
        take_up=lambda _: callbacks.StartAdhoc(),
    )

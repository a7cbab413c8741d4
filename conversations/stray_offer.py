"""What is offered for a message outside of any dialogue, as it is true now (SPEC 9; UX 17, 19)."""

from collections import Counter

from markupsafe import Markup
from pydantic import ValidationError

from chat import callbacks, keyboards
from chat.app_context import AppContext
from chat.callbacks.strays import StraysToAnswer, StraysToMatch
from chat.cards.reason import quoted
from chat.cards.screens import session_label
from chat.current_user import CurrentUser
from chat.lists.meant import Wish
from chat.menus import commands_for, spoken_of
from chat.owed_answers import answer_buttons, offer_buttons
from chat.screen import Screen
from chat.unexpected import money_buttons, run_button
from conversations.stray_draft import NAME, StrayDraft
from conversations.stray_evidence import (
    near_buttons,
    offer_screen,
    only_coordinators,
    session_buttons,
    unsent,
    what_for,
)
from conversations.stray_lost import lost_buttons, lost_screen
from conversations.stray_reach import Came, Reach, reach_of
from locales.excerpts import shortened
from locales.parts import parts
from locales.reader import Reader
from locales.wishes import asks_how, asks_when, speaks_of_leave
from models.enums import PartKind, Status
from services.db import Session
from services.messaging.conversation_state import draft_asking
from services.messaging.deliveries import MessagePlace
from services.queries.sessions import SessionView, session_view
from services.sessions.replacements import can_ask
from services.typed_json import adapter_of

TEXTS_SHOWN, TEXT_SHOWN = 10, 200
"""The most texts that an offer shows, and characters of each."""


def offer_now(
    app: AppContext,
    session: Session,
    user: CurrentUser,
    place: MessagePlace,
    about: int | None,
) -> Screen | None:
    """An offer that stands, composed anew as its sessions change: a request that has ended needs no
    answer any more. `about`: the session that was chosen for it. Without buttons where it has stood
    for long enough; None where the offer is over.
    """
    stored = draft_asking(session, place.chat_id, NAME, place.message_id)
    try:
        draft = adapter_of(StrayDraft).validate_python(stored) if stored else None
    except ValidationError:
        return None  # a version of the program wrote it that asked other things
    if draft is None or not draft.parts:
        return None
    if draft.is_stale(user.reader.now):
        told = user.reader.text(
            "✖️ Not sent, and not kept. If it still matters, please send it again."
        )
        return Screen(told)
    if about is not None:
        view = session_view(session, about)
        return None if view is None else _of_one(session, user, view, draft)
    has_files = any(part.file for part in draft.parts)
    words = "" if has_files else draft.words
    came = Came(draft.words, words, draft.is_for_notes, about=draft.about)
    reach = reach_of(session, user, app.agency, place.chat_id, came)
    if reach.for_notes or reach.meant.views or reach.near or reach.lost or reach.offered:
        return composed(reach, draft)
    does = callbacks.LeaveStrays(callbacks.NO_SESSION)
    leave = keyboards.button(user.reader.label("Leave"), does)
    return Screen(unsent(user.reader, draft), ((leave,),))


def _of_one(session: Session, user: CurrentUser, view: SessionView, draft: StrayDraft) -> Screen:
    """What it can be, of the session that was chosen."""
    is_to_come = view.appointment.starts_at > user.reader.now
    if is_to_come and can_ask(session, view.id, user.actor):
        return lost_screen(user.reader, view, draft)
    return what_for(user.reader, view, draft)


def composed(reach: Reach, draft: StrayDraft) -> Screen:
    """The offer: a change of a session to come stands first where it is likely, and for who is at a
    door the check-in.
    """
    reader, more = reach.user.reader, _worded_ways(reach.user, reach.words)
    answers = answer_buttons(reader, reach.owed, StraysToAnswer)
    answers += offer_buttons(reader, reach.offered, StraysToMatch)
    lost = lost_buttons(reader, reach.lost)
    answers = [*lost, *answers] if reach.is_lost_first else [*answers, *lost]
    change = [keyboards.button(reader.label("Change a session"), callbacks.StraysToChange())]
    likely = change if reach.wish is Wish.LIKELY else []
    if reach.near and any(view.status is Status.SCHEDULED for view in reach.for_notes):
        likely = [keyboards.button("/checkin", callbacks.RunCommand("checkin")), *likely]
    more += change if reach.wish is Wish.PERHAPS else []
    if reach.for_notes:
        return _offer_screen(reach, draft, likely, *answers, *more)
    return offer_screen(reach, draft, answers, likely, *more)


def _worded_ways(user: CurrentUser, words: str) -> list[keyboards.InlineButton]:
    """*/upcoming* for who asks when, */package* for who asks what they owe, the command of which
    they speak for who asks how; *Enter leave* for a tutor who will be away.
    """
    reader, ways = user.reader, []
    if asks_when(words, reader.language):
        ways.append(keyboards.button("/upcoming", callbacks.RunCommand("upcoming")))
    elif asks_how(words, reader.language):
        spoken = spoken_of(words, commands_for(reader, user.person))
        ways += [button for row in run_button(spoken) for button in row]
    ways += money_buttons(user, words)
    if user.person.is_tutor and speaks_of_leave(words, reader.language):
        ways.append(keyboards.button(reader.label("Enter leave"), callbacks.StartLeave()))
    return ways


def _offer_screen(
    reach: Reach,
    draft: StrayDraft,
    likely: list[keyboards.InlineButton],
    *more: keyboards.InlineButton,
) -> Screen:
    """For notes; of somebody who has children there as well, also about a session of theirs.

    Before a session that begins soon it is for the coordinators first, and something else that is
    `likely` comes before notes, too: families read what is kept there.
    """
    reader, views = reach.user.reader, reach.for_notes
    near, beside = reach.near, reach.beside
    counts = Counter(one.file.kind if one.file else PartKind.TEXT for one in draft.parts)
    came, written = parts(reader, counts), _written(draft)
    if near or likely:
        text = unsent(reader, draft)
        if near:
            text += " " + reader.text("Which session is it about?")
            text += Markup("\n") + only_coordinators(reader, near)
        text += Markup("\n") + reader.text("📝 Or keep it for a session's notes.")
        text += written
        keep = [_keep_button(reader, view, "📝 ") for view in views]
    elif len(views) == 1:
        student = views[0].student.name.split()[0]
        label = reader.label("Keep for {student}'s notes", student=student)
        keep = [keyboards.success(label, callbacks.KeepForNotes(views[0].id))]
        text = reader.text("📎 <b>{parts}</b>, not in any notes yet.", parts=came)
        text += written
        row = views[0].appointment
        slot = reader.dated_slot(row.starts_at, row.ends_at)
        text += Markup("\n{} · {}").format(views[0].student.name, slot)
        if views[0].status is Status.SCHEDULED:
            text += Markup("\n") + reader.text("You can keep this once you have checked in.")
    else:
        keep = [_keep_button(reader, view) for view in views]
        text = reader.text(
            "📎 <b>{parts}</b>, not in any notes yet. For which session?", parts=came
        )
        text += written
    if reach.meant.views:
        text += Markup("\n") + reader.text("Or is it about a session of your own children?")
    if beside:
        text += Markup("\n") + reader.text("📣 Or send it to the coordinators.")
    drop = keyboards.button(reader.label("Leave"), callbacks.LeaveStrays(views[0].id))
    family = session_buttons(reader, reach.meant.views)
    first, last = [*near_buttons(reader, near), *likely], [*near_buttons(reader, beside), *more]
    return Screen(text, keyboards.one_a_row(*first, *keep, *family, *last, drop))


def _keep_button(reader: Reader, view: SessionView, mark: str = "") -> keyboards.InlineButton:
    label = mark + session_label(reader, view, lasts=True)
    return keyboards.button(label, callbacks.KeepForNotes(view.id))


def _written(draft: StrayDraft) -> Markup:
    """The texts that are offered, below a first line: families read what is kept for notes."""
    texts = [one.text for one in draft.parts if one.file is None and one.text]
    if not texts:
        return Markup()
    shown = [shortened(one, TEXT_SHOWN) for one in texts[-TEXTS_SHOWN:]]
    before = ["…"] if len(texts) > TEXTS_SHOWN else []
    return Markup("\n") + quoted("\n".join([*before, *shown]))

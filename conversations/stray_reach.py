"""Sessions for which a message can be meant that came outside of any dialogue (SPEC 9; UX 19)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from telegram import Update

from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of, message_of
from chat.lists.meant import Wish, near_ones, wish_of
from chat.owed_answers import offers_named, owed_answers, owed_offers
from chat.wished_times import wishes_for_time
from conversations.stray_draft import StrayDraft, StrayPart
from locales.typed_words import vocabulary_of
from models.enums import Role, Status
from services.db import Session
from services.messaging import lists
from services.notes import batches
from services.notes.finished_batches import closed_of
from services.queries import eligible, session_lists
from services.queries.inbox import more_was_sent
from services.queries.matches import MatchView
from services.queries.meant import (
    Meant,
    Speaks,
    disputed_lately,
    lost_lately,
    meant_by_parent,
)
from services.queries.replied import session_of_message, shown_last
from services.queries.sessions import SessionView, roles_in, session_view
from services.rules.agency import Agency
from services.rules.spoken_sessions import is_named, spoken_sessions
from services.rules.windows import CHECK_OUT_GRACE
from services.sessions.replacements import can_ask

CHOICES = 3
"""The most sessions that are offered, besides those of a parent's reports."""
AFTERWARDS = timedelta(hours=1)
"""How long what comes after notes that are finished may belong to them."""


@dataclass(frozen=True)
class Came:
    """What came outside of any dialogue, as far as it says for what it can be meant."""

    said: str
    """All that was written, captions included."""
    words: str
    """The same; empty where files came, which are for notes or a report."""
    is_for_notes: bool = False
    """Whether it is for notes, since `/notes` has asked for which session."""
    is_asked: bool = False
    """Whether that question still stands."""
    about: int | None = None
    """Id of the session that was chosen, or to whose message it is a reply."""


@dataclass(frozen=True)
class Reach:
    """Sessions for which a message can be meant that came outside of any dialogue."""

    user: CurrentUser
    for_notes: list[SessionView]
    """Those that the person teaches, if they are a tutor."""
    meant: Meant
    """Those of their children; beside some for notes, where it can be meant for either."""
    is_asked: bool
    """Whether `/notes` still asks for which session."""
    wish: Wish
    """Whether what was written may be about a session to come."""
    owed: list[SessionView]
    """Those with a request to which what was written may be the answer."""
    offered: list[MatchView]
    """Matches to whose offer it may be the answer."""
    near: list[SessionView]
    """Those that begin soon or are going on, of which it may speak: coordinators are told first."""
    beside: list[SessionView]
    """The same of a tutor, who may tell coordinators of them what is like notes."""
    words: str
    """What was written; empty where files came, which are for notes or a report."""
    lost: tuple[SessionView, ...] = ()
    """Those that were cancelled just now, for which a replacement can be asked."""
    is_lost_first: bool = False
    """Whether a time was written below the card of the first of these, which is likeliest then."""
    is_chosen: bool = False
    """Whether the first of the family's sessions was chosen, or its message is replied to."""
    more_comes: bool = False

    @property
    def is_expected(self) -> bool:
        """Whether there is something of which even a word or two may speak."""
        meant = self.meant
        is_awaited = meant.awaits_answer or meant.is_overdue or meant.is_going_on
        return bool(
            is_awaited or self.near or self.beside or self.lost or self.offered or self.is_chosen
        )

    def names_child(self, text: str) -> bool:
        """Whether a text names the child of one of them."""
        views = (*self.for_notes, *self.meant.views)
        return any(is_named(text, view.student.name) for view in views)

    def takes(self, part: StrayPart) -> bool:
        """Whether it is offered: an animation is no note, a voice memo no evidence."""
        is_text = part.file is None and bool(part.text)
        if self.for_notes:
            return part.file is not None or is_text
        if is_text:
            return bool(self.meant.views or self.near or self.lost or self.offered)
        return bool(self.meant.views) and part.is_evidence


def in_reach(session: Session, update: Update, context: Context) -> Reach:
    """The user, the sessions for which this can be meant, and whether more was sent."""
    user, chat_id = current_user(session, update, context), chat_id_of(update)
    draft, is_asked = context.dialogues.draft(update, StrayDraft), False
    if draft is not None and draft.is_for_notes and draft.question_id is not None:
        is_asked = lists.list_at(session, chat_id, draft.question_id) is not None
    came = Came(
        said=_said(update, draft),
        words=_words(update, draft),
        is_for_notes=is_asked or (draft is not None and draft.is_for_notes and bool(draft.parts)),
        is_asked=is_asked,
        about=_replied_to(session, user, update) or (draft.about if draft else None),
    )
    more_comes = more_was_sent(session, chat_id, update.update_id)
    reach = reach_of(session, user, context.app.agency, chat_id, came)
    return replace(reach, more_comes=more_comes)


def reach_of(
    session: Session, user: CurrentUser, agency: Agency, chat_id: int, came: Came
) -> Reach:
    """The sessions for which it can be meant.

    For a tutor who was asked by `/notes`, those among which to choose. Else notes that were put
    aside come first, and alone; else notes that were finished within an hour, then sessions that
    can be checked in to, those in progress and those that were checked out of within a day; where
    there are none of these, the last ones that can have notes; before them what was disputed within
    a day. Of all these, the ones of a child that is named, if one is. Of a family's, the one that
    was chosen, or of the message that is replied to, comes first.
    """
    now, said, words = user.actor.now, came.said, came.words
    for_notes: list[SessionView] = []
    if came.is_for_notes:
        for_notes = eligible.for_notes(session, user.person, now)
    elif user.person.is_tutor:
        for_notes = _for_notes(session, user, agency, chat_id, said)
    meant, chosen = Meant(), None
    if user.person.is_parent and not came.is_for_notes:
        about = (user.person, chat_id, now, CHOICES)
        meant = meant_by_parent(session, *about, _speaks(user, said))
        for_notes, meant = _named_alone(said, for_notes, meant)
        chosen = _of_family(session, user, came.about)
        if chosen is not None:
            for_notes, meant = [], meant.beginning_with(chosen)
    by_day = not for_notes  # notes speak of days without any such wish
    wish = wish_of(session, user, agency, words, by_day=by_day) if words else Wish.NONE
    to_tell = session_lists.to_tell_of(session, user.person, now) if words else []
    whatever = not came.is_for_notes and not _are_notes_likely(for_notes, now)
    only_named = wish is Wish.LIKELY or chosen is not None  # it is about another one
    near = near_ones(user, to_tell, words, whatever=whatever, only_named=only_named)
    taught = [view for view in to_tell if view.tutor.id == user.person.id]
    beside = [] if near or came.is_for_notes else taught
    answers = (owed_answers(session, user, words), _offered(session, user, words, chat_id, meant))
    is_parents, is_chosen = user.person.is_parent and not came.is_for_notes, chosen is not None
    lost = _lost(session, user, words) if words and is_parents else ()
    below = _wished_below(session, user, words, chat_id, lost)
    lost = (*below, *(view for view in lost if view not in below))
    kinds = (for_notes, meant, came.is_asked, wish, *answers, near, beside)
    return Reach(user, *kinds, words, lost, bool(below), is_chosen)


def _offered(
    session: Session, user: CurrentUser, words: str, chat_id: int, meant: Meant
) -> list[MatchView]:
    """Matches to whose offer it may be the answer, or whose subject it names and no session has."""
    taught = {view.appointment.subject for view in meant.views}
    named = offers_named(session, user, words)
    new = [view for view in named if view.match.subject not in taught]
    return owed_offers(session, user, words, chat_id) or new


def _lost(session: Session, user: CurrentUser, words: str) -> tuple[SessionView, ...]:
    """Those that were cancelled just now; of a child that the words name, where they name one."""
    found = lost_lately(session, user.person, user.actor.now)
    named = [view for view in found if is_named(words, view.student.name)]
    askable = (view for view in named or found if can_ask(session, view.id, user.actor))
    return tuple(islice(askable, CHOICES))


def _wished_below(
    session: Session,
    user: CurrentUser,
    words: str,
    chat_id: int,
    lost: tuple[SessionView, ...],
) -> list[SessionView]:
    """The one of the lost whose card came last into the chat, if the words name a time."""
    last = shown_last(session, chat_id) if lost else None
    about = (view for view in lost if view.id == last)
    return [one for one in about if wishes_for_time(user.reader, one.appointment, words)]


def _replied_to(session: Session, user: CurrentUser, update: Update) -> int | None:
    """The session of the bot's message to which this is a reply."""
    answered = message_of(update).reply_to_message
    if answered is None:
        return None
    chat_id = chat_id_of(update)
    return session_of_message(session, user.person.id, chat_id, answered.message_id)


def _of_family(
    session: Session, user: CurrentUser, appointment_id: int | None
) -> SessionView | None:
    """The session that was chosen or is replied to, if it has begun and is of one of theirs."""
    view = session_view(session, appointment_id) if appointment_id is not None else None
    if view is None or view.appointment.starts_at > user.actor.now:
        return None
    return view if Role.PARENT in roles_in(session, view.appointment, user.person) else None


def _named_alone(
    said: str, for_notes: list[SessionView], meant: Meant
) -> tuple[list[SessionView], Meant]:
    """Either of the two alone, where a text names a child of it and none of the other."""
    of_notes, of_family = (
        any(is_named(said, view.student.name) for view in views)
        for views in (for_notes, meant.views)
    )
    if of_family and not of_notes:
        return [], meant
    return for_notes, Meant() if of_notes and not of_family else meant


def _speaks(user: CurrentUser, said: str) -> Speaks:
    """Finds the sessions of which a text speaks, among those that have begun."""
    reader, now = user.reader, user.actor.now
    vocabulary = vocabulary_of(reader.language)
    return lambda known: spoken_sessions(said, known, now, reader.zone, vocabulary, are_over=True)


def _words(update: Update, draft: StrayDraft | None) -> str:
    """What was written so far; empty where files came, which are for notes or a report."""
    if message_of(update).text is None or (draft is not None and any(p.file for p in draft.parts)):
        return ""
    return _said(update, draft)


def _said(update: Update, draft: StrayDraft | None) -> str:
    """All that was written, captions included."""
    message = message_of(update)
    before = draft.words if draft is not None else ""
    return "\n".join(filter(None, (before, message.text or message.caption)))


def _for_notes(
    session: Session, user: CurrentUser, agency: Agency, chat_id: int, said: str
) -> list[SessionView]:
    now = user.actor.now
    found = eligible.for_notes(session, user.person, now)
    begun = batches.open_batch_of(session, user.actor, chat_id)
    if begun is not None and any(view.id == begun.appointment_id for view in found):
        return [view for view in found if view.id == begun.appointment_id]
    near = eligible.to_check_in(session, user.person, agency, now)
    near += [view for view in found if _is_near(view, now)]
    named = [
        [view for view in views if is_named(said, view.student.name)] for views in (near, found)
    ]
    chosen = next(filter(None, (*named, near, found)), [])
    after, ids = now - AFTERWARDS, [view.id for view in found]
    closed = closed_of(session, user.actor, chat_id, after, ids)
    last = [view for view in found if closed is not None and view.id == closed.appointment_id]
    last += [one for one in disputed_lately(session, found, now) if one not in last]
    if any(named):
        last = [view for view in last if is_named(said, view.student.name)]
    others = [view for view in chosen if view.id not in {one.id for one in last}]
    return [*last, *others][:CHOICES]


def _are_notes_likely(for_notes: list[SessionView], now: datetime) -> bool:
    """Whether a tutor writes notes rather than something else: they are not at a door, and a
    session goes on or was checked out of within a day.
    """
    is_at_door = any(view.status is Status.SCHEDULED for view in for_notes)
    return not is_at_door and any(_is_near(view, now) for view in for_notes)


def _is_near(view: SessionView, now: datetime) -> bool:
    went: datetime | None = view.appointment.checked_out_at
    last: timedelta = CHECK_OUT_GRACE
    return went is None or went > now - last

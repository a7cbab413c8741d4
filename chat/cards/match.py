"""Cards of matches: the parents' offer, a tutor's students, lines for the group (SPEC 7)."""

from collections.abc import Callable, Sequence
from urllib.parse import quote

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.cards.reason import written_reason
from chat.cards.screens import ROOM, SHOWN, and_more, length_of, turning
from chat.cards.session import MAPS
from chat.screen import Screen
from locales.match_wording import (
    booked_lines,
    lesson_days,
    match_price,
    not_booked,
    times_of_match,
)
from locales.reader import Reader
from locales.wording import action_done
from models import Appointment, Student
from models.enums import Action, Kind, MatchStatus
from services.messaging.messages.matches import Unbooked
from services.queries.booked_students import BookedStudent
from services.queries.matches import MatchView
from services.rules.weekly import Occurrence

_DEEDS = {
    MatchStatus.ACCEPTED: Action.ACCEPT_MATCH,
    MatchStatus.DECLINED: Action.DECLINE_MATCH,
    MatchStatus.WITHDRAWN: Action.END_MATCH,
    MatchStatus.ENDED: Action.ACCEPT_MATCH,
}


Missing = Sequence[Occurrence]
"""Days of a match without a session, each with what is in the way."""


def offer_card(
    reader: Reader, view: MatchView, viewer_id: int | None, missing: Missing = ()
) -> Screen:
    """The match for a parent: what is offered, with *Accept* and *Decline*, or what came of it.

    `missing`: days that could not be booked.
    """
    lines = [_title(reader, view), *_terms(reader, view)]
    if not view.is_open:
        lines += _result(reader, view, viewer_id, missing)
        return Screen(Markup("\n").join(lines))
    lines.append(_question(reader, view))
    buttons = keyboards.in_pairs(
        keyboards.success(reader.label("Accept"), callbacks.AcceptMatch(view.id)),
        keyboards.button(reader.label("Decline"), callbacks.DeclineMatch(view.id)),
    )
    return Screen(Markup("\n").join(lines), buttons)


def decline_card(
    reader: Reader, view: MatchView, viewer_id: int | None, missing: Missing = ()
) -> Screen:
    """The question why a parent declines, which need not be said; the card where it is answered."""
    if not view.is_open:
        return offer_card(reader, view, viewer_id, missing)
    why = reader.text(
        "<b>Why do you decline this?</b> Please write it in a few words. The coordinators read it "
        "and may suggest something else."
    )
    lines = [_title(reader, view), *_terms(reader, view), Markup(""), why]
    without = reader.label("Decline without a reason")
    buttons = keyboards.in_pairs(
        keyboards.danger(without, callbacks.ConfirmDecline(view.id)),
        keyboards.button(reader.label("Leave"), callbacks.ShowMatch(view.id)),
    )
    return Screen(Markup("\n").join(lines), buttons)


def started_text(
    reader: Reader, view: MatchView, missing: Missing = (), *, is_new: bool = True
) -> Screen:
    """For the tutor: a student, where and when; `is_new` says whether they never taught them."""
    if view.match.kind is Kind.TRIAL:
        title = (
            reader.text("🎓 <b>A trial session with a new student</b>")
            if is_new
            else reader.text("🎓 <b>A trial session with a student of yours</b>")
        )
    else:
        title = (
            reader.text("🎓 <b>A new student</b>")
            if is_new
            else reader.text("🎓 <b>More weekly lessons</b>")
        )
    lines = [
        title,
        *_student_lines(reader, view),
        *map(escape, booked_lines(reader, view, missing, to_tutor=True)),
    ]
    first = view.booked.first
    if first is None:
        return Screen(Markup("\n").join(lines))
    look = keyboards.button(reader.label("The first session"), callbacks.ShowSession(first.id))
    return Screen(Markup("\n").join(lines), ((look,),))


def students_screen(
    reader: Reader,
    views: Sequence[MatchView],
    others: Sequence[BookedStudent],
    *,
    offset: int,
    to: Callable[[int], callbacks.Button],
) -> Screen:
    """`/mystudents`: a tutor's students, each with weekly times and the next session.

    `others`: those who have sessions and no match. `to` gives the button to the page after so many.
    """
    leave = keyboards.button(reader.label("Enter leave"), callbacks.StartLeave())
    if not views and not others:
        nothing = reader.text(
            "No students yet. They appear here once their family accepts lessons with you, or "
            "sessions are booked."
        )
        return Screen(nothing, ((leave,),))
    blocks = [reader.text("<b>Your students</b>")]
    buttons, room = [], ROOM
    taught = [
        *(_matched(reader, one) for one in views),
        *(_unmatched(one) for one in others),
    ]
    before = offset if offset < len(taught) else 0
    for student, lines, first in taught[before : before + SHOWN]:
        block = Markup("\n").join([*lines, _next_line(reader, first)])
        room -= length_of(block)
        if room < 0:
            break
        blocks.append(block)
        if first is not None:
            label = reader.label("{student}: next session", student=student.name.split()[0])
            buttons.append(keyboards.button(label, callbacks.ShowSession(first.id)))
    after = before + len(blocks) - 1
    if after < len(taught):
        blocks.append(and_more(reader, len(taught) - after))
    turn = turning(reader, before, SHOWN, after=after if after < len(taught) else None, to=to)
    rows = (*keyboards.one_a_row(*buttons), *turn, (leave,))
    return Screen(Markup("\n\n").join(blocks), rows)


Taught = tuple[Student, list[Markup], Appointment | None]
"""A student, lines about them, and their next session."""


def _matched(reader: Reader, view: MatchView) -> Taught:
    return view.student, _student_lines(reader, view), view.booked.first


def _unmatched(one: BookedStudent) -> Taught:
    who = Markup("<b>{}</b> · {}").format(one.student.name, one.subject)
    return one.student, [who, *_address(one.student)], one.first


def match_lines(reader: Reader, view: MatchView, *, in_group: bool = False) -> list[Markup]:
    """A match in a few lines: child, subject, tutor, times; in the group a first name (UX 13)."""
    name = view.student.name.split()[0] if in_group else view.student.name
    who = Markup("<b>{}</b> · {}").format(name, view.match.subject)
    return [
        who,
        reader.text("with {tutor}", tutor=view.tutor.name),
        *_when(reader, view),
    ]


def _when(reader: Reader, view: MatchView) -> list[Markup]:
    """Times and days of a match; of a trial the time of its one session."""
    lines = (times_of_match(reader, view), lesson_days(reader, view))
    return [escape(line) for line in lines if line]


def _title(reader: Reader, view: MatchView) -> Markup:
    if view.match.kind is Kind.TRIAL:
        return reader.text("🤝 <b>We suggest a trial session</b>")
    return reader.text("🤝 <b>We suggest weekly lessons</b>")


def _terms(reader: Reader, view: MatchView) -> list[Markup]:
    """What is offered, for how much; the tutor's name only where it is not held back (SPEC 7)."""
    match = view.match
    is_hidden = match.is_tutor_held_back and match.answered_at is None
    is_hidden = is_hidden or (match.is_tutor_held_back and match.status is MatchStatus.DECLINED)
    tutor = (
        reader.text("You will see the tutor's name when you accept.")
        if is_hidden
        else reader.text("with {tutor}", tutor=view.tutor.name)
    )
    price = match_price(reader, match)
    return [
        Markup("<b>{}</b> · {}").format(view.student.name, match.subject),
        tutor,
        *_when(reader, view),
        *([reader.text("Price: {amount}", amount=price)] if price else []),
    ]


def _question(reader: Reader, view: MatchView) -> Markup:
    if view.match.kind is Kind.TRIAL:
        return reader.text("If you accept, the session is booked.")
    return reader.text(
        "If you accept, the next eight weeks are booked, except for holidays, days when the tutor "
        "is away, and times that are taken."
    )


def _result(
    reader: Reader, view: MatchView, viewer_id: int | None, missing: Missing
) -> list[Markup]:
    """Who answered or took it back, and what is booked."""
    match = view.match
    is_answer = match.answered_at is not None
    at = match.answered_at if is_answer else match.ended_at
    who = (view.answered_by if is_answer else view.ended_by) or ""
    actor_id = match.answered_by_id if is_answer else match.ended_by_id
    is_own = viewer_id is not None and actor_id == viewer_id
    done = action_done(reader, _DEEDS[match.status], who, at or match.created_at, is_own)
    mark = "✅" if match.status in (MatchStatus.ACCEPTED, MatchStatus.ENDED) else "✖️"
    lines = [Markup("{} <b>{}</b>").format(mark, done)]
    if match.decline_reason:
        lines.append(written_reason(reader, match.decline_reason))
    if match.status is MatchStatus.ACCEPTED:
        lines += map(escape, booked_lines(reader, view, missing))
    return lines


def not_booked_lines(reader: Reader, days: Sequence[Unbooked]) -> list[Markup]:
    """Days that could not be booked, and why, a line each."""
    return [escape(one) for one in not_booked(reader, days)]


def _student_lines(reader: Reader, view: MatchView) -> list[Markup]:
    lines = [
        Markup("<b>{}</b> · {}").format(view.student.name, view.match.subject),
        escape(times_of_match(reader, view)),
    ]
    return lines + _address(view.student)


def _address(student: Student) -> list[Markup]:
    if not student.address:
        return []
    url = MAPS + quote(student.address)
    return [Markup('📍 <a href="{}">{}</a>').format(url, student.address)]


def _next_line(reader: Reader, first: Appointment | None) -> Markup:
    if first is None:
        return reader.text("Nothing is booked.")
    when = reader.dated_slot(first.starts_at, first.ends_at)
    return reader.text("Next: {when}", when=when)

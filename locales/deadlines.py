"""Words for how long a request to move a session stays open, and what ends it (SPEC 6)."""

from datetime import datetime

from locales.reader import Reader
from locales.unreached import asked_in_vain
from models.enums import Role
from services.lifecycle.open_requests import AskedToMove
from services.queries.reach import Unreached


def answer_deadline(
    reader: Reader, request: AskedToMove, unreached: Unreached | None, role: Role
) -> str:
    """The deadline of an answer, and what follows if none comes; plain text.

    `unreached`: why nobody of the side that owes the answer can give it.
    """
    expires_at, passes_at = request.thread.expires_at, request.passes_at
    if reader.now >= expires_at:
        return reader.label("Nobody answered in time, so this session will not take place.")
    until = reader.dated_moment(expires_at)
    is_asked = role is request.owed_by
    if unreached is not None and not is_asked:
        return asked_in_vain(reader, unreached, until)
    if passes_at is not None:
        return _until_passing(reader, passes_at, until, is_asked=is_asked)
    if is_asked:
        return reader.label(
            "Please answer by {until}. Without an answer, the session will not take place.",
            until=until,
        )
    return reader.label(
        "Waiting for an answer. Without one by {until}, the session will not take place.",
        until=until,
    )


def answer_counts(reader: Reader, request: AskedToMove) -> str:
    """Until when an answer counts, in a few words for a list; plain text."""
    until, passes_at = reader.dated_moment(request.thread.expires_at), request.passes_at
    if passes_at is None:
        return reader.label("An answer counts until {until}", until=until)
    if passes_at > reader.now:
        sooner = reader.dated_moment(passes_at)
        return reader.label("It can be accepted until {until}", until=sooner)
    return reader.label("That time has passed. Another can be agreed by {until}", until=until)


def ends_with_it(reader: Reader, request: AskedToMove) -> str:
    """That the request ends with what is asked beside it (UX 18); plain text."""
    slot = reader.dated_slot(request.proposal.new_starts_at, request.proposal.new_ends_at)
    return reader.label("The open request to move it to {slot} will end, too.", slot=slot)


def _until_passing(reader: Reader, passes_at: datetime, until: str, *, is_asked: bool) -> str:
    """The deadlines where the proposed time comes before the session's own."""
    has_passed, sooner = passes_at <= reader.now, reader.dated_moment(passes_at)
    if is_asked and has_passed:
        return reader.label(
            "That time has passed: please suggest another or decline by {until}.", until=until
        )
    if is_asked:
        return reader.label(
            "You can accept until {sooner}. Without an answer by {until}, "
            "the session will not take place.",
            sooner=sooner,
            until=until,
        )
    if has_passed:
        return reader.label(
            "That time has passed without an answer. If nothing is agreed by {until}, "
            "the session will not take place.",
            until=until,
        )
    return reader.label(
        "Waiting for an answer: it can be accepted until {sooner}. Without an answer by {until}, "
        "the session will not take place.",
        sooner=sooner,
        until=until,
    )

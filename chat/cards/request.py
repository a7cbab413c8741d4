"""A request to move a session, as the session's card shows it (SPEC 6; UX 10)."""

from datetime import datetime

from markupsafe import Markup, escape

from chat.cards.reason import given_reason
from locales.reader import Reader
from locales.unreached import asked_in_vain
from models.enums import Role
from services.lifecycle.open_requests import OpenRequest
from services.queries.sessions import SessionDetail
from services.queries.settled_requests import SettledRequest


def request_lines(
    reader: Reader, detail: SessionDetail, role: Role, viewer_id: int | None
) -> list[Markup]:
    """The proposer, the proposed time, the reason and the deadline; empty without a request."""
    request = detail.request
    if request is None:
        return []
    lines = [Markup(), _asked_line(reader, request, viewer_id)]
    why = _reason_line(reader, request)
    if why is not None:
        lines.append(why)
    lines.append(_until_line(reader, detail, request, role))
    return lines


def _asked_line(reader: Reader, request: OpenRequest, viewer_id: int | None) -> Markup:
    proposal = request.proposal
    slot = reader.dated_slot(proposal.new_starts_at, proposal.new_ends_at)
    if proposal.version > 1:
        if proposal.proposed_by_id == viewer_id:
            return reader.text("🔁 You suggested another time:\n<b>{slot}</b>", slot=slot)
        return reader.text(
            "🔁 {who} suggested another time:\n<b>{slot}</b>", who=request.proposer.name, slot=slot
        )
    if proposal.proposed_by_id == viewer_id:
        return reader.text("🔁 You asked to move this to:\n<b>{slot}</b>", slot=slot)
    return reader.text(
        "🔁 {who} asked to move this to:\n<b>{slot}</b>", who=request.proposer.name, slot=slot
    )


def asked_for_line(reader: Reader, settled: SettledRequest, viewer_id: int | None) -> Markup:
    """The time that a settled request was for, and who asked."""
    asked, who = settled.proposal, settled.proposer
    slot = reader.dated_slot(asked.new_starts_at, asked.new_ends_at)
    if who.id == viewer_id:
        return reader.text("You asked for {slot}", slot=slot)
    return reader.text("{who} asked for {slot}", who=who.name, slot=slot)


def _reason_line(reader: Reader, request: OpenRequest) -> Markup | None:
    proposal = request.proposal
    if proposal.reason is None:
        return None
    return given_reason(reader, proposal.reason, proposal.text)


def _until_line(reader: Reader, detail: SessionDetail, request: OpenRequest, role: Role) -> Markup:
    """The deadline of an answer, and what follows if none comes."""
    expires_at, proposal = request.thread.expires_at, request.proposal
    if reader.now >= expires_at:
        return reader.text("Nobody answered in time, so this session will not take place.")
    until = reader.dated_moment(expires_at)
    if detail.unreached is not None and role is not request.asked:
        return escape(asked_in_vain(reader, detail.unreached, until))
    passes_at = request.passes_at
    is_asked = role not in (proposal.side, Role.COORDINATOR)
    if passes_at is not None:
        return _passing_line(reader, passes_at, until, is_asked=is_asked)
    if is_asked:
        return reader.text(
            "Please answer by {until}. Without an answer, the session will not take place.",
            until=until,
        )
    return reader.text(
        "Waiting for an answer. Without one by {until}, the session will not take place.",
        until=until,
    )


def _passing_line(reader: Reader, passes_at: datetime, until: str, *, is_asked: bool) -> Markup:
    """The deadlines where the proposed time comes before the session's own."""
    has_passed, sooner = passes_at <= reader.now, reader.dated_moment(passes_at)
    if is_asked and has_passed:
        return reader.text(
            "That time has passed: please suggest another or decline by {until}.", until=until
        )
    if is_asked:
        return reader.text(
            "You can accept until {sooner}. Without an answer by {until}, "
            "the session will not take place.",
            sooner=sooner,
            until=until,
        )
    if has_passed:
        return reader.text(
            "That time has passed without an answer. If nothing is agreed by {until}, "
            "the session will not take place.",
            until=until,
        )
    return reader.text(
        "Waiting for an answer: it can be accepted until {sooner}. Without an answer by {until}, "
        "the session will not take place.",
        sooner=sooner,
        until=until,
    )

"""A request to move a session, as the session's card shows it (SPEC 6; UX 10)."""

from markupsafe import Markup, escape

from chat.cards.reason import given_reason
from locales.deadlines import answer_deadline
from locales.reader import Reader
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
    lines = [Markup(), asked_line(reader, request, viewer_id)]
    why = _reason_line(reader, request)
    if why is not None:
        lines.append(why)
    lines.append(escape(answer_deadline(reader, request, detail.unreached, role)))
    return lines


def asked_line(reader: Reader, request: OpenRequest, viewer_id: int | None) -> Markup:
    """Who asked for which time, or suggested another one."""
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

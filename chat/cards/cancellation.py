"""The cancellation and its penalty on the card of a cancelled session (SPEC 6)."""

from datetime import datetime

from markupsafe import Markup, escape

from chat.cards.reason import given_reason, written_reason
from locales.penalties import penalty_words, until_words
from locales.reader import Reader
from locales.wording import action_done
from models import Cancellation
from models.enums import Action, Role
from services.queries.sessions import SessionDetail
from services.rules.penalties import Guidance


def cancellation_lines(
    reader: Reader, detail: SessionDetail, viewer_id: int | None
) -> list[Markup]:
    """The reason, and the penalty for the side that cancelled and for coordinators only."""
    found = detail.cancellation
    if found is None:
        return []
    move = detail.last_move
    # The line of a coordinator's move has the reason itself.
    by_coordinator = move is not None and move.role is Role.COORDINATOR
    lines = [] if by_coordinator else [_reason_line(reader, found)]
    if found.penalty is not None and detail.roles & {found.side, Role.COORDINATOR}:
        lines += _penalty_lines(reader, detail, found, viewer_id)
    return lines


def guidance_lines(reader: Reader, guidance: Guidance | None) -> list[Markup]:
    """The penalty of a cancellation by the agency's sheet, shown before it is confirmed."""
    if guidance is None:
        return [reader.text("The agency's sheet names no penalty for this notice.")]
    penalty = penalty_words(reader, guidance.penalty, guidance.amount)
    lines = [reader.text("<b>Penalty: {penalty}</b>", penalty=penalty)]
    return lines + [Markup("{}").format(line) for line in [guidance.guidance] if line]


def until_line(reader: Reader, until: datetime | None) -> list[Markup]:
    """Until when the penalty that is shown holds, where another follows (UX 17)."""
    told = until_words(reader, until)
    return [escape(told)] if told else []


def _reason_line(reader: Reader, found: Cancellation) -> Markup:
    return given_reason(reader, found.reason, found.text)


def _penalty_lines(
    reader: Reader, detail: SessionDetail, found: Cancellation, viewer_id: int | None
) -> list[Markup]:
    penalty = penalty_words(reader, found.penalty or "", found.amount)
    line = reader.text("Penalty: {penalty}", penalty=penalty)
    if found.waived_at is None:
        return [line]
    waived = action_done(
        reader,
        Action.WAIVE_PENALTY,
        detail.waived_by or "",
        found.waived_at,
        found.waived_by_id == viewer_id,
    )
    why = written_reason(reader, found.waiver_reason or "")
    return [Markup("<s>{}</s>").format(line), escape(waived), why]

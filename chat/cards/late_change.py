"""What the coordinators were told shortly before a session, on its card (SPEC 6; UX 17)."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from chat.cards.reason import given_reason
from locales.reader import Reader
from locales.wording import action_done, answered
from models.enums import Action, Role
from services.queries.late_changes import LateChange
from services.queries.sessions import SessionDetail


def told_lines(reader: Reader, detail: SessionDetail, viewer_id: int | None) -> Iterator[Markup]:
    """What this reader told them, or a coordinator is to see to, until something comes of it; where
    they have dealt with it and changed nothing, who has, for who told it.
    """
    for one in told_to(detail, viewer_id):
        is_reader = one.actor_id == viewer_id
        done = action_done(reader, Action.TELL_COORDINATORS, one.who, one.at, is_reader)
        yield escape(done)
        yield given_reason(reader, one.reason, one.text)
        if one.closed_at is not None:
            yield escape(answered(reader, one.closed_by or "", one.closed_at))
        elif is_reader and one.at < detail.view.appointment.starts_at <= reader.now:
            yield reader.text("No coordinator answered here before the start.")


def told_to(detail: SessionDetail, viewer_id: int | None) -> list[LateChange]:
    """What was told that this reader may see: their own words, and a coordinator all that waits."""
    sees_all = Role.COORDINATOR in detail.roles
    return [
        one
        for one in detail.told
        if one.actor_id == viewer_id or (sees_all and one.closed_at is None)
    ]

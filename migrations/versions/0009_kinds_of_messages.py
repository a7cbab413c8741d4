"""Outbox without a list of message kinds: a new kind needs no rebuilt table."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = (
    "appointment_card",
    "appointment_card_refresh",
    "dispute_card",
    "dispute_card_refresh",
    "attendance_corrected",
    "check_in_cleared",
    "notes_added",
    "notes_closed",
    "problem_reported",
    "no_parent_linked",
    "person_unreachable",
    "attendance_missed",
    "update_set_aside",
    "message_given_up",
    "media_refused",
    "session_cancelled",
    "session_changed",
    "session_expired",
    "session_reassigned",
    "replacement_asked",
    "tutor_digest",
    "check_in_open",
    "check_out_due",
    "day_before",
    "acknowledgement_due",
    "acknowledgements_overdue",
    "answer_due",
    "request_expires",
    "media_late",
)


def upgrade() -> None:
    with op.batch_alter_table("outbox_message") as table:
        table.drop_constraint("kind_known", type_="check")


def downgrade() -> None:
    outbox_message = sa.table("outbox_message", sa.column("kind"))
    op.execute(outbox_message.delete().where(outbox_message.c.kind.not_in(KINDS)))
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    with op.batch_alter_table("outbox_message") as table:
        table.create_check_constraint("kind_known", f"kind IN ({listed})")

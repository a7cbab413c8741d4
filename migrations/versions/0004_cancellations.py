"""Cancellations, and the message about one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import allow_kinds

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS_BEFORE = (
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
)
NEW_KIND = "session_cancelled"


def upgrade() -> None:
    allow_kinds(*KINDS_BEFORE, NEW_KIND)
    op.create_table(
        "cancellation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "appointment_id",
            sa.Integer(),
            sa.ForeignKey("appointment.id"),
            nullable=False,
            unique=True,
        ),
        sa.Column("cancelled_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("penalty", sa.Text(), nullable=True),
        sa.Column("guidance", sa.Text(), nullable=True),
        sa.CheckConstraint("side IN ('tutor', 'parent')", name="side_known"),
        sa.CheckConstraint(
            "reason IN ('unwell', 'emergency', 'student_unavailable', 'child_unwell', "
            "'school_event', 'family_matter', 'schedule_conflict', 'other')",
            name="reason_known",
        ),
    )


def downgrade() -> None:
    op.drop_table("cancellation")
    outbox_message = sa.table("outbox_message", sa.column("kind"))
    op.execute(outbox_message.delete().where(outbox_message.c.kind == NEW_KIND))
    allow_kinds(*KINDS_BEFORE)

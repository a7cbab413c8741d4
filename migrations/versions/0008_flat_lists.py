"""Indexes for lists and sweeps of open rows, whose cost no longer grows with the history."""

from collections.abc import Sequence

from alembic import op

from migrations.operations import partial_index

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NOT_HANDLED = "done_at IS NULL AND set_aside_at IS NULL"
NOT_SENT = "sent_at IS NULL AND failed_at IS NULL"
PARTIAL = (
    ("ix_appointment_in_progress", "appointment", ("starts_at", "id"), "status = 'checked_in'"),
    (
        "ix_appointment_awaiting_by_start",
        "appointment",
        ("starts_at", "id"),
        "status = 'awaiting_approval_parent'",
    ),
    (
        "ix_appointment_scheduled_of_tutor",
        "appointment",
        ("tutor_id", "starts_at"),
        "status = 'scheduled'",
    ),
    (
        "ix_appointment_scheduled_of_student",
        "appointment",
        ("student_id", "starts_at"),
        "status = 'scheduled'",
    ),
    (
        "ix_appointment_in_progress_of_tutor",
        "appointment",
        ("tutor_id", "starts_at"),
        "status = 'checked_in'",
    ),
    (
        "ix_appointment_awaiting_of_student",
        "appointment",
        ("student_id", "starts_at"),
        "status = 'awaiting_approval_parent'",
    ),
    ("ix_dispute_live", "dispute", ("opened_at", "id"), "status IN ('open', 'claimed')"),
    ("ix_inbox_update_pending_of_chat", "inbox_update", ("chat_id", "update_id"), NOT_HANDLED),
    ("ix_outbox_message_expiring", "outbox_message", ("expires_at",), NOT_SENT),
    ("ix_outbox_message_pending_of_person", "outbox_message", ("person_id", "id"), NOT_SENT),
)


def upgrade() -> None:
    op.drop_index("ix_appointment_awaiting", "appointment")
    for name, table, columns, where in PARTIAL:
        partial_index(name, table, columns, where)
    op.create_index("ix_appointment_tutor_id_student_id", "appointment", ["tutor_id", "student_id"])


def downgrade() -> None:
    op.drop_index("ix_appointment_tutor_id_student_id", "appointment")
    for name, table, _, _ in reversed(PARTIAL):
        op.drop_index(name, table)
    partial_index(
        "ix_appointment_awaiting",
        "appointment",
        ("student_id", "checked_out_at"),
        "status = 'awaiting_approval_parent'",
    )

"""Requests to move a session, replacements, waivers, and their messages and reminders."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import allow_kinds, partial_index

revision: str = "0005"
down_revision: str | None = "0004"
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
    "session_cancelled",
)
NEW_KINDS = (
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
)


def upgrade() -> None:
    allow_kinds(*KINDS_BEFORE, *NEW_KINDS)
    with op.batch_alter_table("appointment") as table:
        table.add_column(sa.Column("first_starts_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("first_ends_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("replaces_id", sa.Integer()))
        table.create_foreign_key(
            "fk_appointment_replaces_id_appointment", "appointment", ["replaces_id"], ["id"]
        )
        table.create_unique_constraint("uq_appointment_replaces_id", ["replaces_id"])
    with op.batch_alter_table("cancellation") as table:
        table.add_column(sa.Column("waived_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("waived_by_id", sa.Integer()))
        table.add_column(sa.Column("waiver_reason", sa.Text()))
        table.create_foreign_key(
            "fk_cancellation_waived_by_id_person", "person", ["waived_by_id"], ["id"]
        )
    with op.batch_alter_table("reschedule_proposal") as table:
        table.alter_column("reason", type_=sa.String(length=32), nullable=True)
        table.add_column(sa.Column("text", sa.Text()))
        table.add_column(sa.Column("closed_by_id", sa.Integer()))
        table.create_foreign_key(
            "fk_reschedule_proposal_closed_by_id_person", "person", ["closed_by_id"], ["id"]
        )
        table.create_check_constraint(
            "reason_known",
            "reason IN ('unwell', 'emergency', 'student_unavailable', 'child_unwell', "
            "'school_event', 'family_matter', 'schedule_conflict', 'other')",
        )
    partial_index(
        "ix_reschedule_thread_open", "reschedule_thread", ["expires_at"], "status = 'open'"
    )


def downgrade() -> None:
    op.drop_index("ix_reschedule_thread_open", "reschedule_thread")
    with op.batch_alter_table("reschedule_proposal") as table:
        table.drop_constraint("reason_known", type_="check")
        table.drop_column("closed_by_id")
        table.drop_column("text")
        table.alter_column("reason", type_=sa.Text(), nullable=False)
    with op.batch_alter_table("cancellation") as table:
        for column in ("waiver_reason", "waived_by_id", "waived_at"):
            table.drop_column(column)
    with op.batch_alter_table("appointment") as table:
        for column in ("replaces_id", "first_ends_at", "first_starts_at"):
            table.drop_column(column)
    outbox_message = sa.table("outbox_message", sa.column("kind"))
    op.execute(outbox_message.delete().where(outbox_message.c.kind.in_(NEW_KINDS)))
    allow_kinds(*KINDS_BEFORE)

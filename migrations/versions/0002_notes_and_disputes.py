"""Notes, disputes, problem reports, and requests to move sessions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import partial_index

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "note_batch",
    "note_part",
    "dispute",
    "problem_report",
    "reschedule_thread",
    "reschedule_proposal",
)
"""Tables, each after those to which it refers."""


def upgrade() -> None:
    create_note_batch()
    create_note_part()
    create_dispute()
    create_problem_report()
    create_reschedule_thread()
    create_reschedule_proposal()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_note_batch() -> None:
    op.create_table(
        "note_batch",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=False),
        sa.Column("tutor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_part_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tally_message_id", sa.Integer(), nullable=True),
    )
    op.create_index("ix_note_batch_appointment_id", "note_batch", ["appointment_id"])
    partial_index("ix_note_batch_quiet", "note_batch", ["last_part_at"], "closed_at IS NULL")
    partial_index(
        "uq_note_batch_open",
        "note_batch",
        ["chat_id", "tutor_id"],
        "closed_at IS NULL",
        unique=True,
    )


def create_note_part() -> None:
    op.create_table(
        "note_part",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=False),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("note_batch.id"), nullable=True),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("media_group_id", sa.String(), nullable=True),
        sa.Column("telegram_file_id", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("duration_seconds", sa.Integer(), nullable=True),
        sa.Column("media_key", sa.String(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("store_attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('text', 'photo', 'document', 'voice', 'audio')", name="kind_known"
        ),
        sa.UniqueConstraint("chat_id", "message_id"),
    )
    op.create_index("ix_note_part_appointment_id_id", "note_part", ["appointment_id", "id"])
    op.create_index("ix_note_part_batch_id", "note_part", ["batch_id"])
    partial_index(
        "ix_note_part_unstored",
        "note_part",
        ["next_try_at"],
        "telegram_file_id IS NOT NULL AND stored_at IS NULL",
    )


def create_dispute() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("claimed_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settlement_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('did_not_take_place', 'shorter_than_booked', 'wrong_time', "
            "'notes_do_not_match', 'conduct', 'other')",
            name="reason_known",
        ),
        sa.CheckConstraint(
            "status IN ('open', 'claimed', 'verified', 'returned', 'upheld')", name="status_known"
        ),
    )
    op.create_index("ix_dispute_appointment_id", "dispute", ["appointment_id"])
    partial_index(
        "uq_dispute_live",
        "dispute",
        ["appointment_id"],
        "status IN ('open', 'claimed')",
        unique=True,
    )


def create_problem_report() -> None:
    op.create_table(
        "problem_report",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.UniqueConstraint("chat_id", "message_id"),
    )
    op.create_index("ix_problem_report_appointment_id", "problem_report", ["appointment_id"])


def create_reschedule_thread() -> None:
    op.create_table(
        "reschedule_thread",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'agreed', 'rejected', 'withdrawn', 'expired', 'closed')",
            name="status_known",
        ),
    )
    op.create_index("ix_reschedule_thread_appointment_id", "reschedule_thread", ["appointment_id"])
    partial_index(
        "uq_reschedule_thread_open",
        "reschedule_thread",
        ["appointment_id"],
        "status = 'open'",
        unique=True,
    )


def create_reschedule_proposal() -> None:
    op.create_table(
        "reschedule_proposal",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("thread_id", sa.Integer(), sa.ForeignKey("reschedule_thread.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("new_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("side IN ('tutor', 'parent')", name="side_known"),
        sa.CheckConstraint(
            "status IN ('open', 'approved', 'rejected', 'countered', 'withdrawn', "
            "'expired', 'closed')",
            name="status_known",
        ),
        sa.UniqueConstraint("thread_id", "version"),
    )
    partial_index(
        "uq_reschedule_proposal_open",
        "reschedule_proposal",
        ["thread_id"],
        "status = 'open'",
        unique=True,
    )

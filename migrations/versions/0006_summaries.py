"""Summaries of notes, transcripts, reserved media keys, and the alert of late files."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import allow_kinds, is_sqlite, partial_index

revision: str = "0006"
down_revision: str | None = "0005"
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
NEW_KIND = "media_late"


def upgrade() -> None:
    allow_kinds(*KINDS_BEFORE, NEW_KIND)
    # SQLite treats an added column differently from one that was there from the start.
    with op.batch_alter_table("note_part", recreate="always" if is_sqlite() else "auto") as table:
        table.add_column(sa.Column("late_alerted_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("transcript", sa.Text()))
        table.add_column(sa.Column("transcript_model", sa.String()))
    op.create_table(
        "media_reservation",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "note_summary",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=True),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("readings", sa.JSON(), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("prompt_version", sa.String(), nullable=True),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_right", sa.Boolean(), nullable=True),
        sa.Column("judgement", sa.Text(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'made', 'too_short', 'failed')", name="status_known"
        ),
        sa.CheckConstraint("source IN ('model', 'offline')", name="source_known"),
        sa.UniqueConstraint("appointment_id", "language", "version"),
    )
    partial_index("ix_note_summary_pending", "note_summary", ["next_try_at"], "status = 'pending'")


def downgrade() -> None:
    op.drop_table("note_summary")
    op.drop_table("media_reservation")
    with op.batch_alter_table("note_part") as table:
        for column in ("transcript_model", "transcript", "late_alerted_at"):
            table.drop_column(column)
    outbox_message = sa.table("outbox_message", sa.column("kind"))
    op.execute(outbox_message.delete().where(outbox_message.c.kind == NEW_KIND))
    allow_kinds(*KINDS_BEFORE)

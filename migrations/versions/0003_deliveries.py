"""Updates, messages, cards and dialogues."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import partial_index

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "inbox_update",
    "outbox_message",
    "card",
    "dialogue",
    "chat_migration",
)
"""Tables, each after those to which it refers."""


def upgrade() -> None:
    create_inbox_update()
    create_outbox_message()
    create_card()
    create_dialogue()
    create_chat_migration()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_inbox_update() -> None:
    op.create_table(
        "inbox_update",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
    )
    partial_index(
        "ix_inbox_update_pending",
        "inbox_update",
        ["update_id"],
        "done_at IS NULL AND set_aside_at IS NULL",
    )


def create_outbox_message() -> None:
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("dedupe_key", sa.String(), nullable=False, unique=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('appointment_card', 'appointment_card_refresh', "
            "'dispute_card', 'dispute_card_refresh', 'attendance_corrected', "
            "'check_in_cleared', 'notes_added', 'notes_closed', "
            "'problem_reported', 'no_parent_linked', 'person_unreachable', "
            "'attendance_missed', 'update_set_aside', 'message_given_up', "
            "'media_refused')",
            name="kind_known",
        ),
    )
    op.create_index("ix_outbox_message_appointment_id", "outbox_message", ["appointment_id"])
    partial_index(
        "ix_outbox_message_pending",
        "outbox_message",
        ["due_at"],
        "sent_at IS NULL AND failed_at IS NULL",
    )
    op.create_index("ix_outbox_message_person_id", "outbox_message", ["person_id"])


def create_card() -> None:
    op.create_table(
        "card",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=False),
        sa.Column("dispute_id", sa.Integer(), sa.ForeignKey("dispute.id"), nullable=True),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
    )
    op.create_index("ix_card_appointment_id_chat_id", "card", ["appointment_id", "chat_id"])
    op.create_index("ix_card_chat_id_message_id", "card", ["chat_id", "message_id"], unique=True)
    op.create_index("ix_card_dispute_id", "card", ["dispute_id"])


def create_dialogue() -> None:
    op.create_table(
        "dialogue",
        sa.Column("chat_id", sa.BigInteger(), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def create_chat_migration() -> None:
    op.create_table(
        "chat_migration",
        sa.Column("old_chat_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("new_chat_id", sa.BigInteger(), nullable=False),
    )

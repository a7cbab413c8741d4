"""The coordinators' queue: what is put off, and what cannot be delivered."""

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MATTERS = (
    "'request', 'dispute', 'problem', 'attendance', 'unanswered', 'message', 'unreachable', "
    "'note_file', 'evidence_file'"
)
INDEXES = (
    (
        "ix_outbox_message_undelivered",
        "outbox_message",
        "failed_at",
        "failed_at IS NOT NULL AND set_aside_at IS NULL AND error <> 'expired'",
    ),
    (
        "ix_outbox_message_parked",
        "outbox_message",
        "created_at",
        "sent_at IS NULL AND failed_at IS NULL AND attempts >= 3",
    ),
    ("ix_person_unreachable", "person", "unreachable_since", "unreachable_since IS NOT NULL"),
)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    op.create_table(
        "queue_snooze",
        sa.Column("matter", sa.String(32), primary_key=True),
        sa.Column("subject_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"matter IN ({MATTERS})", name="matter_known"),
    )
    op.create_index("ix_queue_snooze_until", "queue_snooze", ["until"])
    # SQLite would put the column into the last line of the table's text
    anew: Literal["always", "never"] = "always" if _is_sqlite() else "never"
    with op.batch_alter_table("outbox_message", recreate=anew) as messages:
        messages.add_column(sa.Column("set_aside_at", sa.DateTime(timezone=True)))
    for name, table, column, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
    with op.batch_alter_table("outbox_message") as messages:
        messages.drop_column("set_aside_at")
    op.drop_table("queue_snooze")

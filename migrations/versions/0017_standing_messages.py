"""Messages that stand in chats and change with the sessions that they are about."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "standing_message",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "outbox_message_id",
            sa.Integer(),
            sa.ForeignKey("outbox_message.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
    )
    for columns in (["outbox_message_id"], ["appointment_id"], ["chat_id", "message_id"]):
        op.create_index(f"ix_standing_message_{'_'.join(columns)}", "standing_message", columns)


def downgrade() -> None:
    op.drop_table("standing_message")

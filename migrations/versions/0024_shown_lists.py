"""Lists of sessions that stand in private chats, with the sessions of each."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "shown_list",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("argument", sa.Text()),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("true_until", sa.DateTime(timezone=True)),
        sa.Column("content_hash", sa.String(), nullable=False),
    )
    place = ["chat_id", "message_id"]
    op.create_index("ix_shown_list_chat_id_message_id", "shown_list", place, unique=True)
    op.create_index("ix_shown_list_true_until", "shown_list", ["true_until"])
    op.create_table(
        "listed_appointment",
        sa.Column(
            "list_id",
            sa.Integer(),
            sa.ForeignKey("shown_list.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), primary_key=True
        ),
    )
    op.create_index(
        "ix_listed_appointment_appointment_id", "listed_appointment", ["appointment_id"]
    )


def downgrade() -> None:
    op.drop_table("listed_appointment")
    op.drop_table("shown_list")

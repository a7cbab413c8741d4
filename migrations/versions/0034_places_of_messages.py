"""Messages of the outbox are found by their place in a chat: somebody replies to one."""

from collections.abc import Sequence

from alembic import op

from migrations.operations import partial_index

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_outbox_message_place"


def upgrade() -> None:
    columns = ("chat_id", "message_id")
    partial_index(NAME, "outbox_message", columns, "message_id IS NOT NULL")


def downgrade() -> None:
    op.drop_index(NAME, "outbox_message")

"""Key of an update that names its bot, and indexes by which what is over is found.

A new bot's updates are not taken for those of the bot before it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import partial_index

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NOT_HANDLED = "done_at IS NULL AND set_aside_at IS NULL"
PENDING = "ix_inbox_update_pending"
PENDING_OF_CHAT = "ix_inbox_update_pending_of_chat"
UNKNOWN_BOT = "0"
"""For updates that are there already: which bot they came from was not stored."""


def upgrade() -> None:
    drop_indexes()
    bot_id = sa.Column("bot_id", sa.BigInteger(), nullable=False, server_default=UNKNOWN_BOT)
    with op.batch_alter_table("inbox_update") as table:
        table.add_column(bot_id)
        table.drop_constraint("pk_inbox_update", type_="primary")
        table.create_primary_key("pk_inbox_update", ["bot_id", "update_id"])
    with op.batch_alter_table("inbox_update") as table:
        table.alter_column("bot_id", server_default=None)
    create_indexes("bot_id", "update_id")
    op.create_index("ix_inbox_update_received_at", "inbox_update", ["received_at"])
    op.create_index("ix_outbox_message_created_at", "outbox_message", ["created_at"])


def downgrade() -> None:
    """Keep one of the updates that bots count alike: it goes back to a key of the number alone."""
    drop_indexes()
    op.drop_index("ix_outbox_message_created_at", "outbox_message")
    op.drop_index("ix_inbox_update_received_at", "inbox_update")
    op.execute(
        "DELETE FROM inbox_update WHERE EXISTS (SELECT 1 FROM inbox_update AS other"
        " WHERE other.update_id = inbox_update.update_id AND other.bot_id > inbox_update.bot_id)"
    )
    with op.batch_alter_table("inbox_update") as table:
        table.drop_constraint("pk_inbox_update", type_="primary")
        table.drop_column("bot_id")
        table.create_primary_key("pk_inbox_update", ["update_id"])
    create_indexes("update_id")


def create_indexes(*key: str) -> None:
    """Create the indexes of what is to be handled, in the order of the key."""
    partial_index(PENDING, "inbox_update", key, NOT_HANDLED)
    partial_index(PENDING_OF_CHAT, "inbox_update", ("chat_id", "update_id"), NOT_HANDLED)


def drop_indexes() -> None:
    op.drop_index(PENDING, "inbox_update")
    op.drop_index(PENDING_OF_CHAT, "inbox_update")

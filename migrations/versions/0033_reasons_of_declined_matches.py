"""Matches keep the words in which a parent declined them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # SQLite treats an added column differently from one that was there from the start.
    with op.batch_alter_table("match", recreate="always" if is_sqlite() else "auto") as table:
        table.add_column(sa.Column("decline_reason", sa.Text))


def downgrade() -> None:
    with op.batch_alter_table("match") as table:
        table.drop_column("decline_reason")

"""Messages remember the update that caused them."""

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # SQLite treats an added column differently from one that was there from the start.
    recreate: Literal["always", "auto"] = "always" if is_sqlite() else "auto"
    with op.batch_alter_table("outbox_message", recreate=recreate) as table:
        table.add_column(sa.Column("update_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outbox_message") as table:
        table.drop_column("update_id")

"""How many messages of an answer are sent, so that a new try sends only the others."""

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    column = sa.Column("answer_parts_sent", sa.Integer(), nullable=False, server_default="0")
    recreate: Literal["always", "auto"] = "always" if is_sqlite() else "auto"
    with op.batch_alter_table("inbox_update", recreate=recreate) as table:
        table.add_column(column)


def downgrade() -> None:
    with op.batch_alter_table("inbox_update") as table:
        table.drop_column("answer_parts_sent")

"""Cards remember the midnight at which they have to be written anew."""

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite, partial_index

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # SQLite treats an added column differently from one that was there from the start.
    recreate: Literal["always", "auto"] = "always" if is_sqlite() else "auto"
    with op.batch_alter_table("card", recreate=recreate) as table:
        table.add_column(sa.Column("true_until", sa.DateTime(timezone=True), nullable=True))
    partial_index("ix_card_true_until", "card", ["true_until"], "true_until IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_card_true_until", "card")
    with op.batch_alter_table("card") as table:
        table.drop_column("true_until")

"""A cancellation names the holiday for which the agency made it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # SQLite treats an added column differently from one that was there from the start.
    with op.batch_alter_table(
        "cancellation", recreate="always" if is_sqlite() else "auto"
    ) as table:
        table.add_column(sa.Column("holiday", sa.Text()))


def downgrade() -> None:
    with op.batch_alter_table("cancellation") as table:
        table.drop_column("holiday")

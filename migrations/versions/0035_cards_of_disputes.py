"""Cards of disputes and of problem reports have small indexes of their own: SQLite went through all
other cards, which have neither, in search of those of a session.
"""

from collections.abc import Sequence

from alembic import op

from migrations.operations import partial_index

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = ("dispute_id", "report_id")


def upgrade() -> None:
    for column in COLUMNS:
        op.drop_index(f"ix_card_{column}", "card")
        partial_index(f"ix_card_of_{column[:-3]}", "card", (column,), f"{column} IS NOT NULL")


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_index(f"ix_card_of_{column[:-3]}", "card")
        op.create_index(f"ix_card_{column}", "card", [column])

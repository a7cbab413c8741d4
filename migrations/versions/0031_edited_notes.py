"""Parts of notes say when they were edited, once others could read them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # SQLite treats an added column differently from one that was there from the start.
    with op.batch_alter_table("note_part", recreate="always" if is_sqlite() else "auto") as table:
        table.add_column(sa.Column("edited_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("note_part") as table:
        table.drop_column("edited_at")

"""The question of a dialogue about a session is found as that session changes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite, partial_index

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # SQLite treats an added column differently from one that was there from the start.
    with op.batch_alter_table("dialogue", recreate="always" if is_sqlite() else "auto") as table:
        table.add_column(sa.Column("appointment_id", sa.Integer()))
    partial_index(
        "ix_dialogue_appointment", "dialogue", ["appointment_id"], "appointment_id IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_index("ix_dialogue_appointment", "dialogue")
    with op.batch_alter_table("dialogue") as table:
        table.drop_column("appointment_id")

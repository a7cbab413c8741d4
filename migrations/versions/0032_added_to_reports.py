"""A problem report is a conversation: its author's answers stand among the replies."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE = sa.String(length=32)


def upgrade() -> None:
    with op.batch_alter_table("problem_reply") as table:
        table.add_column(sa.Column("role", ROLE))
    op.execute("UPDATE problem_reply SET role = 'coordinator'")
    # SQLite treats an added column differently from one that was there from the start.
    with op.batch_alter_table(
        "problem_reply", recreate="always" if is_sqlite() else "auto"
    ) as table:
        table.alter_column("role", existing_type=ROLE, nullable=False)
        table.create_check_constraint("role_known", "role IN ('parent', 'coordinator')")


def downgrade() -> None:
    outbox_message = sa.table("outbox_message", sa.column("kind"))
    op.execute(outbox_message.delete().where(outbox_message.c.kind == "problem_added_to"))
    with op.batch_alter_table("problem_reply") as table:
        table.drop_constraint("role_known", type_="check")
        table.drop_column("role")

"""Sessions that did not end as planned are listed by their status, in order."""

from collections.abc import Sequence

from alembic import op

from migrations.operations import partial_index

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OTHERWISE = "status IN ('disputed', 'cancelled_by_tutor', 'cancelled_by_parent', 'not_completed')"


def upgrade() -> None:
    columns = ["status", "starts_at", "id"]
    partial_index("ix_appointment_otherwise", "appointment", columns, OTHERWISE)


def downgrade() -> None:
    op.drop_index("ix_appointment_otherwise", "appointment")

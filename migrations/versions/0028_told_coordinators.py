"""What coordinators were told in the last hours is found without their sessions."""

from collections.abc import Sequence

from alembic import op

from migrations.operations import partial_index

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    told = "action = 'tell_coordinators'"
    partial_index("ix_audit_event_told", "audit_event", ["action", "at"], told)


def downgrade() -> None:
    op.drop_index("ix_audit_event_told", "audit_event")

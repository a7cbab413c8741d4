"""Late changes and replacements that were asked for stand in the coordinators' queue."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = (
    "'request', 'dispute', 'problem', 'attendance', 'unanswered', 'message', 'unreachable', "
    "'note_file', 'evidence_file'"
)
AFTER = (
    "'request', 'late_change', 'dispute', 'problem', 'attendance', 'replacement', 'unanswered', "
    "'message', 'unreachable', 'note_file', 'evidence_file'"
)
STILL_WANTED = """
INSERT INTO wanted_replacement (appointment_id, asked_at)
SELECT lost.id, max(event.at)
FROM audit_event AS event JOIN appointment AS lost ON lost.id = event.appointment_id
WHERE event.action = 'ask_replacement'
  AND lost.status IN ('not_completed', 'cancelled_by_tutor')
  AND NOT EXISTS (SELECT 1 FROM appointment AS new WHERE new.replaces_id = lost.id)
GROUP BY lost.id
"""


def upgrade() -> None:
    allow_matters(AFTER)
    op.create_table(
        "wanted_replacement",
        sa.Column(
            "appointment_id",
            sa.Integer(),
            sa.ForeignKey("appointment.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_wanted_replacement_asked_at", "wanted_replacement", ["asked_at"])
    op.execute(STILL_WANTED)


def downgrade() -> None:
    op.drop_table("wanted_replacement")
    op.execute("DELETE FROM queue_snooze WHERE matter IN ('late_change', 'replacement')")
    allow_matters(BEFORE)


def allow_matters(listed: str) -> None:
    """Let only these matters be put off."""
    with op.batch_alter_table("queue_snooze") as table:
        table.drop_constraint("matter_known", type_="check")
        table.create_check_constraint("matter_known", f"matter IN ({listed})")

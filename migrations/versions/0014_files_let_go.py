"""Files that were taken back are let go; indexes to find what refers to a file."""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from migrations.operations import partial_index

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
EDITS = "action = 'edit_note'"


def upgrade() -> None:
    partial_index("ix_note_part_media_key", "note_part", ("media_key",), "media_key IS NOT NULL")
    partial_index("ix_audit_event_edit", "audit_event", ("id",), EDITS)
    part = sa.table("note_part", sa.column("media_key"), sa.column("removed_at"))
    reservation = sa.table(
        "media_reservation",
        sa.column("key"),
        sa.column("reserved_at", sa.DateTime(timezone=True)),
    )
    is_removed = sa.and_(part.c.removed_at.is_not(None), part.c.media_key.is_not(None))
    known = sa.select(reservation.c.key)
    removed = sa.select(part.c.media_key).where(is_removed, part.c.media_key.not_in(known))
    keys = op.get_bind().execute(removed.distinct()).scalars().all()
    op.bulk_insert(reservation, [{"key": key, "reserved_at": LONG_AGO} for key in keys])
    op.execute(part.update().where(is_removed).values(media_key=None))


def downgrade() -> None:
    op.drop_index("ix_audit_event_edit", "audit_event")
    op.drop_index("ix_note_part_media_key", "note_part")

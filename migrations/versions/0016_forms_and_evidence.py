"""Forms of pages that have counted, and evidence that comes from a page."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import partial_index

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_MESSAGES = (
    ("chat_id", sa.BigInteger()),
    ("message_id", sa.Integer()),
    ("telegram_file_id", sa.String()),
)
"""Columns of evidence that only a message of the chat has."""


def upgrade() -> None:
    op.create_table(
        "submitted_form",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_submitted_form_at", "submitted_form", ["at"])
    _let_evidence_be_without(messages=True)


def downgrade() -> None:
    op.execute("DELETE FROM evidence_file WHERE telegram_file_id IS NULL")
    _let_evidence_be_without(messages=False)
    op.drop_table("submitted_form")


def _let_evidence_be_without(*, messages: bool) -> None:
    op.drop_index("ix_evidence_file_unstored", "evidence_file")
    with op.batch_alter_table("evidence_file") as table:
        for name, kind in OF_MESSAGES:
            table.alter_column(name, existing_type=kind, nullable=messages)
        if messages:
            table.create_check_constraint(
                "a_source", "telegram_file_id IS NOT NULL OR media_key IS NOT NULL"
            )
        else:
            table.drop_constraint("a_source", type_="check")
    partial_index(
        "ix_evidence_file_unstored",
        "evidence_file",
        ["next_try_at"],
        "stored_at IS NULL AND removed_at IS NULL",
    )

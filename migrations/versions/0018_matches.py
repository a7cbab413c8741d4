"""Matches with weekly slots, the sessions made from them, holidays and leave."""

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite, partial_index

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REFERENCES = {"match_id": "match", "match_slot_id": "match_slot"}


def upgrade() -> None:
    _create_match()
    _create_match_slot()
    _create_closures()
    _let_sessions_name_their_match()
    _let_messages_speak_of_a_match()


def downgrade() -> None:
    op.execute("DELETE FROM standing_message WHERE match_id IS NOT NULL")
    with op.batch_alter_table("standing_message") as table:
        table.drop_index("ix_standing_message_match_id")
        table.drop_constraint("one_subject", type_="check")
        table.drop_constraint("fk_standing_message_match_id_match", type_="foreignkey")
        table.drop_column("match_id")
        table.alter_column("appointment_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("appointment") as table:
        table.drop_index("ix_appointment_match_id")
        table.drop_constraint("price_unit_known", type_="check")
        table.drop_constraint("uq_appointment_match_slot_id_match_day", type_="unique")
        for name, referred in REFERENCES.items():
            table.drop_constraint(f"fk_appointment_{name}_{referred}", type_="foreignkey")
        for name in ("price_unit", "pay", "price", "match_day", "match_slot_id", "match_id"):
            table.drop_column(name)
    for name in ("tutor_leave", "holiday", "match_slot", "match"):
        op.drop_table(name)


def _create_match() -> None:
    op.create_table(
        "match",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ref", sa.String(), nullable=True, unique=True),
        sa.Column("tutor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("student_id", sa.Integer(), sa.ForeignKey("student.id"), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("pay", sa.Integer(), nullable=True),
        sa.Column("price_unit", sa.String(length=32), nullable=True),
        sa.Column("is_tutor_held_back", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("created_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booked_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "status IN ('offered', 'accepted', 'declined', 'withdrawn', 'ended')",
            name="status_known",
        ),
        sa.CheckConstraint("kind IN ('regular', 'trial')", name="kind_known"),
        sa.CheckConstraint("price_unit IN ('hour', 'session')", name="price_unit_known"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("price >= 0 AND pay >= 0", name="no_negative_money"),
        sa.CheckConstraint(
            "price_unit IS NOT NULL OR (price IS NULL AND pay IS NULL)", name="price_has_unit"
        ),
    )
    for column in ("tutor_id", "student_id"):
        op.create_index(f"ix_match_{column}", "match", [column])
    partial_index("ix_match_offered", "match", ["student_id"], "status = 'offered'")
    partial_index("ix_match_accepted", "match", ["booked_until"], "status = 'accepted'")


def _create_match_slot() -> None:
    op.create_table(
        "match_slot",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("match_id", sa.Integer(), sa.ForeignKey("match.id"), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name="iso_weekday"),
        sa.CheckConstraint("duration_minutes > 0", name="some_duration"),
    )
    op.create_index("ix_match_slot_match_id", "match_slot", ["match_id"])


def _create_closures() -> None:
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("date", sa.Date(), nullable=False, unique=True),
        sa.Column("name", sa.String(), nullable=False),
    )
    op.create_table(
        "tutor_leave",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tutor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('taken', 'withdrawn')", name="status_known"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )
    op.create_index("ix_tutor_leave_tutor_id_ends_on", "tutor_leave", ["tutor_id", "ends_on"])


def _let_sessions_name_their_match() -> None:
    with op.batch_alter_table("appointment", recreate=_recreate()) as table:
        table.add_column(sa.Column("match_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("match_slot_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("match_day", sa.Date(), nullable=True))
        table.add_column(sa.Column("price", sa.Integer(), nullable=True))
        table.add_column(sa.Column("pay", sa.Integer(), nullable=True))
        table.add_column(sa.Column("price_unit", sa.String(length=32), nullable=True))
        for name, referred in REFERENCES.items():
            table.create_foreign_key(f"fk_appointment_{name}_{referred}", referred, [name], ["id"])
        table.create_unique_constraint(
            "uq_appointment_match_slot_id_match_day", ["match_slot_id", "match_day"]
        )
        table.create_check_constraint("price_unit_known", "price_unit IN ('hour', 'session')")
        table.create_index("ix_appointment_match_id", ["match_id"])


def _let_messages_speak_of_a_match() -> None:
    with op.batch_alter_table("standing_message", recreate=_recreate()) as table:
        table.alter_column("appointment_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("match_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_standing_message_match_id_match", "match", ["match_id"], ["id"]
        )
        table.create_check_constraint(
            "one_subject", "(appointment_id IS NULL) <> (match_id IS NULL)"
        )
        table.create_index("ix_standing_message_match_id", ["match_id"])


def _recreate() -> Literal["always", "auto"]:
    """SQLite treats an added column differently from one that was there from the start."""
    return "always" if is_sqlite() else "auto"

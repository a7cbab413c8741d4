"""Packages of prepaid sessions, and their ledger."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import partial_index, seal

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    create_package()
    create_package_entry()
    seal("package_entry")


def downgrade() -> None:
    op.drop_table("package_entry")
    op.drop_table("package")


def create_package() -> None:
    op.create_table(
        "package",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ref", sa.String(), nullable=True, unique=True),
        sa.Column("student_id", sa.Integer(), sa.ForeignKey("student.id"), nullable=False),
        sa.Column("sessions_total", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bought_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("low_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expiry_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sessions_total > 0", name="some_sessions"),
        sa.CheckConstraint("price >= 0", name="price_not_negative"),
        sa.CheckConstraint("expires_on >= starts_on", name="expires_after_start"),
        sa.CheckConstraint(
            "(expires_on IS NULL) = (expires_at IS NULL)", name="expiry_of_day_and_instant"
        ),
    )
    op.create_index("ix_package_student_id", "package", ["student_id"])
    op.create_index("ix_package_bought_at", "package", ["bought_at"])
    partial_index("ix_package_expiry_untold", "package", ["expires_at"], "expiry_told_at IS NULL")


def create_package_entry() -> None:
    op.create_table(
        "package_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("package_id", sa.Integer(), sa.ForeignKey("package.id"), nullable=True),
        sa.Column("student_id", sa.Integer(), sa.ForeignKey("student.id"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=True),
        sa.Column(
            "reverses_id",
            sa.Integer(),
            sa.ForeignKey("package_entry.id"),
            nullable=True,
            unique=True,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.CheckConstraint(
            "kind IN ('purchase', 'deduction', 'reversal', 'adjustment', 'owed')",
            name="kind_known",
        ),
        sa.CheckConstraint("(kind = 'owed') = (package_id IS NULL)", name="owed_without_package"),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_of"),
        sa.CheckConstraint(
            "kind NOT IN ('deduction', 'owed') OR appointment_id IS NOT NULL", name="its_session"
        ),
        sa.CheckConstraint("kind <> 'deduction' OR sessions = -1", name="deduction_of_one"),
        sa.CheckConstraint("(kind = 'owed') = (sessions = 0)", name="owed_is_no_credit"),
        sa.CheckConstraint(
            "kind NOT IN ('reversal', 'adjustment') OR reason IS NOT NULL", name="its_reason"
        ),
    )
    op.create_index("ix_package_entry_package_id_id", "package_entry", ["package_id", "id"])
    op.create_index("ix_package_entry_student_id_id", "package_entry", ["student_id", "id"])
    op.create_index("ix_package_entry_appointment_id", "package_entry", ["appointment_id"])
    for kind in ("deduction", "owed"):
        partial_index(
            f"uq_package_entry_{kind}",
            "package_entry",
            ["appointment_id"],
            f"kind = '{kind}'",
            unique=True,
        )
    partial_index("ix_package_entry_owed", "package_entry", ["student_id"], "kind = 'owed'")

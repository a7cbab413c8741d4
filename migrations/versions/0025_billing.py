"""Billing months that are closed, with their statements and lines; amounts of penalties."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite, seal

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SIDE_KNOWN = "side IN ('family', 'tutor')"
TABLES = (
    "billing_month",
    "billing_statement",
    "billing_adjustment",
    "billing_line",
    "statement_mark",
)


def upgrade() -> None:
    with op.batch_alter_table(
        "cancellation", recreate="always" if is_sqlite() else "auto"
    ) as table:
        table.add_column(sa.Column("amount", sa.BigInteger(), nullable=True))
    create_billing_month()
    create_billing_statement()
    create_billing_adjustment()
    create_billing_line()
    create_statement_mark()
    for table_name in TABLES[:-1]:
        seal(table_name)


def downgrade() -> None:
    for table_name in reversed(TABLES):
        op.drop_table(table_name)
    with op.batch_alter_table("cancellation") as table:
        table.drop_column("amount")


def create_billing_month() -> None:
    op.create_table(
        "billing_month",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("month", sa.Date(), nullable=False, unique=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("currency_digits", sa.Integer(), nullable=False),
        sa.Column("last_event_id", sa.Integer(), nullable=False),
        sa.Column("last_entry_id", sa.Integer(), nullable=False),
    )


def create_billing_statement() -> None:
    op.create_table(
        "billing_statement",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("month_id", sa.Integer(), sa.ForeignKey("billing_month.id"), nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint(SIDE_KNOWN, name="side_known"),
        sa.UniqueConstraint("month_id", "side", "party_id"),
    )
    op.create_index("ix_billing_statement_side_party_id", "billing_statement", ["side", "party_id"])


def create_billing_adjustment() -> None:
    op.create_table(
        "billing_adjustment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("student_id", sa.Integer(), sa.ForeignKey("student.id"), nullable=True),
        sa.Column("tutor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.CheckConstraint(SIDE_KNOWN, name="side_known"),
        sa.CheckConstraint(
            "(side = 'family') = (student_id IS NOT NULL) AND "
            "(side = 'tutor') = (tutor_id IS NOT NULL)",
            name="one_party",
        ),
        sa.CheckConstraint("amount <> 0", name="some_amount"),
    )
    op.create_index("ix_billing_adjustment_at", "billing_adjustment", ["at"])


def create_billing_line() -> None:
    op.create_table(
        "billing_line",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "statement_id", sa.Integer(), sa.ForeignKey("billing_statement.id"), nullable=False
        ),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=True),
        sa.Column("student_id", sa.Integer(), sa.ForeignKey("student.id"), nullable=True),
        sa.Column("tutor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=True),
        sa.Column("package_id", sa.Integer(), sa.ForeignKey("package.id"), nullable=True),
        sa.Column("entry_id", sa.Integer(), sa.ForeignKey("package_entry.id"), nullable=True),
        sa.Column(
            "adjustment_id", sa.Integer(), sa.ForeignKey("billing_adjustment.id"), nullable=True
        ),
        sa.Column("is_penalty", sa.Boolean(), nullable=False),
        sa.Column("child", sa.String(), nullable=False),
        sa.Column("tutor", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(SIDE_KNOWN, name="side_known"),
        sa.CheckConstraint(
            "kind IN ('regular', 'covered', 'addon', 'trial', 'penalty', 'package', 'adjustment',"
            " 'awaiting', 'disputed')",
            name="kind_known",
        ),
        sa.CheckConstraint(
            "why IN ('late', 'covered', 'uncovered', 'waived', 'reversed', 'corrected', 'agreed')",
            name="why_known",
        ),
        sa.CheckConstraint("(kind = 'adjustment') = (why IS NOT NULL)", name="adjustment_says_why"),
    )
    op.create_index(
        "ix_billing_line_statement_id_position", "billing_line", ["statement_id", "position"]
    )
    for column in ("appointment_id", "package_id", "student_id"):
        op.create_index(f"ix_billing_line_{column}", "billing_line", [column])


def create_statement_mark() -> None:
    op.create_table(
        "statement_mark",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "statement_id", sa.Integer(), sa.ForeignKey("billing_statement.id"), nullable=False
        ),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.CheckConstraint("mark IN ('held_back', 'released', 'paid')", name="mark_known"),
    )
    op.create_index("ix_statement_mark_statement_id_id", "statement_mark", ["statement_id", "id"])

"""People, children, sessions, and the audit trail.

Column types are written out, so that this revision stays the same when `models` changes. Names of
keys and constraints come from the naming convention (`models/columns.py`).
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite, partial_index

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "person",
    "student",
    "guardianship",
    "invitation",
    "appointment",
    "audit_event",
)
"""Tables, each after those to which it refers."""

AUDIT_TRIGGER_SQLITE = """
CREATE TRIGGER audit_event_no_{lower} BEFORE {verb} ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END
"""
AUDIT_FUNCTION_POSTGRESQL = """
CREATE FUNCTION refuse_change_of_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit_event is append-only'; END $$
"""
AUDIT_TRIGGER_POSTGRESQL = """
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_event()
"""


def upgrade() -> None:
    create_person()
    create_student()
    create_guardianship()
    create_invitation()
    create_appointment()
    create_audit_event()
    guard_audit_trail()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if not is_sqlite():
        op.execute("DROP FUNCTION refuse_change_of_audit_event()")


def create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ref", sa.String(), nullable=True, unique=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_tutor", sa.Boolean(), nullable=False),
        sa.Column("is_parent", sa.Boolean(), nullable=False),
        sa.Column("is_coordinator", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("telegram_user_id", sa.BigInteger(), nullable=True, unique=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_person_is_coordinator", "person", ["is_coordinator"])


def create_student() -> None:
    op.create_table(
        "student",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ref", sa.String(), nullable=True, unique=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
    )


def create_guardianship() -> None:
    op.create_table(
        "guardianship",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("student_id", sa.Integer(), sa.ForeignKey("student.id"), primary_key=True),
    )
    op.create_index("ix_guardianship_student_id", "guardianship", ["student_id"])


def create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False, unique=True),
        sa.Column("created_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_invitation_person_id", "invitation", ["person_id"])


def create_appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ref", sa.String(), nullable=True, unique=True),
        sa.Column("tutor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("student_id", sa.Integer(), sa.ForeignKey("student.id"), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("billed_as_addon", sa.Integer(), nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("student_absent", sa.Boolean(), nullable=False),
        sa.Column("missed_alerted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('regular', 'trial', 'adhoc')", name="kind_known"),
        sa.CheckConstraint("origin IN ('native', 'imported')", name="origin_known"),
        sa.CheckConstraint(
            "status <> 'approved' OR origin = 'imported' OR (checked_in_at IS NOT "
            "NULL AND checked_out_at IS NOT NULL)",
            name="attendance_on_approval",
        ),
        sa.CheckConstraint(
            "status <> 'awaiting_approval_parent' OR origin = 'imported' OR "
            "(checked_in_at IS NOT NULL AND checked_out_at IS NOT NULL)",
            name="attendance_on_check_out",
        ),
        sa.CheckConstraint(
            "status <> 'checked_in' OR checked_in_at IS NOT NULL", name="checked_in_at"
        ),
        sa.CheckConstraint(
            "status IN ('scheduled', 'checked_in', 'awaiting_approval_parent', "
            "'approved', 'disputed', 'cancelled_by_tutor', 'cancelled_by_parent', "
            "'not_completed')",
            name="status_known",
        ),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )
    partial_index(
        "ix_appointment_awaiting",
        "appointment",
        ["student_id", "checked_out_at"],
        "status = 'awaiting_approval_parent'",
    )
    partial_index("ix_appointment_checked_in", "appointment", ["ends_at"], "status = 'checked_in'")
    partial_index("ix_appointment_scheduled", "appointment", ["starts_at"], "status = 'scheduled'")
    op.create_index(
        "ix_appointment_student_id_starts_at", "appointment", ["student_id", "starts_at"]
    )
    op.create_index("ix_appointment_tutor_id_starts_at", "appointment", ["tutor_id", "starts_at"])


def create_audit_event() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=True),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("from_status", sa.String(length=32), nullable=True),
        sa.Column("to_status", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('telegram', 'web', 'system', 'import')", name="channel_known"
        ),
        sa.CheckConstraint(
            "role IN ('tutor', 'parent', 'coordinator', 'system')", name="role_known"
        ),
    )
    op.create_index("ix_audit_event_appointment_id_id", "audit_event", ["appointment_id", "id"])


def guard_audit_trail() -> None:
    """Create triggers that refuse to change or delete audit events (SPEC 2).

    A later revision that recreates this table on SQLite drops the triggers, and has to create them
    again.
    """
    if is_sqlite():
        for verb in ("UPDATE", "DELETE"):
            op.execute(AUDIT_TRIGGER_SQLITE.format(verb=verb, lower=verb.lower()))
    else:
        op.execute(AUDIT_FUNCTION_POSTGRESQL)
        op.execute(AUDIT_TRIGGER_POSTGRESQL)

"""Problem reports are claimed, answered, closed; who may have read a wrong summary (SPEC 4, 5)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite, partial_index

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NEW_KINDS = (
    "problem_card_refresh",
    "problem_claimed",
    "problem_answered",
    "problem_closed",
)


def upgrade() -> None:
    with op.batch_alter_table("problem_report") as table:
        table.alter_column("text", existing_type=sa.Text(), nullable=True)
        table.add_column(sa.Column("reason", sa.String(length=32)))
        table.add_column(sa.Column("status", sa.String(length=32)))
        for act in ("claimed", "closed"):
            table.add_column(sa.Column(f"{act}_by_id", sa.Integer()))
            table.add_column(sa.Column(f"{act}_at", sa.DateTime(timezone=True)))
            table.create_foreign_key(
                f"fk_problem_report_{act}_by_id_person", "person", [f"{act}_by_id"], ["id"]
            )
        table.create_check_constraint(
            "status_known", "status IN ('open', 'claimed', 'answered', 'closed')"
        )
        table.create_check_constraint(
            "reason_known",
            "reason IN ('did_not_take_place', 'shorter_than_booked', 'wrong_time', "
            "'notes_do_not_match', 'conduct', 'other')",
        )
        table.create_check_constraint("something_said", "text IS NOT NULL OR reason IS NOT NULL")
    op.execute("UPDATE problem_report SET status = 'open'")
    with op.batch_alter_table("problem_report") as table:
        table.alter_column("status", existing_type=sa.String(length=32), nullable=False)
    partial_index(
        "ix_problem_report_live",
        "problem_report",
        ["id"],
        "status IN ('open', 'claimed', 'answered')",
    )
    op.create_table(
        "problem_reply",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("problem_report.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.UniqueConstraint("chat_id", "message_id"),
    )
    op.create_index("ix_problem_reply_report_id", "problem_reply", ["report_id"])
    with op.batch_alter_table("card") as table:
        table.add_column(sa.Column("report_id", sa.Integer()))
        table.create_foreign_key(
            "fk_card_report_id_problem_report", "problem_report", ["report_id"], ["id"]
        )
        table.create_index("ix_card_report_id", ["report_id"])
    create_evidence_file()
    with op.batch_alter_table(
        "note_summary", recreate="always" if is_sqlite() else "auto"
    ) as table:
        table.add_column(sa.Column("shown_to", sa.JSON()))


def create_evidence_file() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("appointment_id", sa.Integer(), sa.ForeignKey("appointment.id"), nullable=False),
        sa.Column("dispute_id", sa.Integer(), sa.ForeignKey("dispute.id"), nullable=True),
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("problem_report.id"), nullable=True),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("telegram_file_id", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("media_key", sa.String(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("store_attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('text', 'photo', 'document', 'voice', 'audio')", name="kind_known"
        ),
        sa.CheckConstraint("(dispute_id IS NULL) <> (report_id IS NULL)", name="one_subject"),
        sa.UniqueConstraint("chat_id", "message_id"),
    )
    for column in ("dispute_id", "report_id", "media_key"):
        op.create_index(f"ix_evidence_file_{column}", "evidence_file", [column])
    partial_index(
        "ix_evidence_file_unstored",
        "evidence_file",
        ["next_try_at"],
        "stored_at IS NULL AND removed_at IS NULL",
    )


def downgrade() -> None:
    op.drop_table("evidence_file")
    with op.batch_alter_table("note_summary") as table:
        table.drop_column("shown_to")
    outbox_message = sa.table("outbox_message", sa.column("kind"))
    op.execute(outbox_message.delete().where(outbox_message.c.kind.in_(NEW_KINDS)))
    card = sa.table("card", sa.column("report_id"))
    op.execute(card.delete().where(card.c.report_id.is_not(None)))
    with op.batch_alter_table("card") as table:
        table.drop_index("ix_card_report_id")
        table.drop_constraint("fk_card_report_id_problem_report", type_="foreignkey")
        table.drop_column("report_id")
    op.drop_table("problem_reply")
    op.drop_index("ix_problem_report_live", "problem_report")
    op.execute("UPDATE problem_report SET text = reason WHERE text IS NULL")
    with op.batch_alter_table("problem_report") as table:
        for name in ("status_known", "reason_known", "something_said"):
            table.drop_constraint(name, type_="check")
        for act in ("claimed", "closed"):
            table.drop_constraint(f"fk_problem_report_{act}_by_id_person", type_="foreignkey")
            table.drop_column(f"{act}_at")
            table.drop_column(f"{act}_by_id")
        for column in ("status", "reason"):
            table.drop_column(column)
        table.alter_column("text", existing_type=sa.Text(), nullable=False)

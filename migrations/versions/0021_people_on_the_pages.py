"""People without Telegram, devices, other people's eyes; whom the audit trail is about."""

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa
from alembic import op

from migrations.operations import is_sqlite, partial_index

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = (["actor_id", "id"], ["action", "id"], ["at", "id"])
SUBJECTS = ("person", "student")
SEAL_SQLITE = """
CREATE TRIGGER audit_event_no_{lower} BEFORE {verb} ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END
"""
INVITED = """
UPDATE audit_event SET person_id = ({invited}) WHERE action IN ('invite', 'erase')
AND ({invited}) IN (SELECT id FROM person)
"""
"""Earlier events named the person among their details only."""


def upgrade() -> None:
    recreate: Literal["always", "auto"] = "always" if is_sqlite() else "auto"
    with op.batch_alter_table("person", recreate=recreate) as table:
        table.add_column(sa.Column("web_since", sa.DateTime(timezone=True)))
    op.create_index("ix_person_name_id", "person", ["name", "id"])
    op.create_index("ix_student_name_id", "student", ["name", "id"])
    _add_references("sign_in_link", ("made_by_id", "person"))
    _add_references(
        "web_session",
        ("seen_as_id", "person"),
        others=[
            sa.Column("browser", sa.String()),
            sa.Column("system", sa.String()),
            sa.Column("seen_as_since", sa.DateTime(timezone=True)),
        ],
    )
    _unseal()
    _add_references("audit_event", *((f"{name}_id", name) for name in SUBJECTS))
    op.execute(INVITED.format(invited=_detail("person_id")))
    _seal()
    for columns in INDEXES:
        op.create_index(f"ix_audit_event_{'_'.join(columns)}", "audit_event", columns)
    for name in SUBJECTS:
        partial_index(
            f"ix_audit_event_of_{name}",
            "audit_event",
            [f"{name}_id", "id"],
            f"{name}_id IS NOT NULL",
        )


def downgrade() -> None:
    for name in SUBJECTS:
        op.drop_index(f"ix_audit_event_of_{name}", "audit_event")
    for columns in INDEXES:
        op.drop_index(f"ix_audit_event_{'_'.join(columns)}", "audit_event")
    _unseal()
    _drop("audit_event", *(f"{name}_id" for name in SUBJECTS))
    _seal()
    _drop("web_session", "seen_as_id", "browser", "system", "seen_as_since")
    _drop("sign_in_link", "made_by_id")
    op.drop_index("ix_student_name_id", "student")
    op.drop_index("ix_person_name_id", "person")
    _drop("person", "web_since")


def _add_references(
    name: str, *references: tuple[str, str], others: Sequence[sa.Column[object]] = ()
) -> None:
    recreate: Literal["always", "auto"] = "always" if is_sqlite() else "auto"
    with op.batch_alter_table(name, recreate=recreate) as table:
        for column in others:
            table.add_column(column)
        for column_name, other in references:
            table.add_column(sa.Column(column_name, sa.Integer()))
            table.create_foreign_key(
                f"fk_{name}_{column_name}_{other}", other, [column_name], ["id"]
            )


def _drop(name: str, *columns: str) -> None:
    with op.batch_alter_table(name) as table:
        for column in columns:
            if column.endswith("_id"):
                other = "student" if column == "student_id" else "person"
                table.drop_constraint(f"fk_{name}_{column}_{other}", type_="foreignkey")
            table.drop_column(column)


def _unseal() -> None:
    """Let rows of the audit trail change, in this transaction only."""
    if is_sqlite():
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_event_no_{verb}")
    else:
        op.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")


def _seal() -> None:
    if is_sqlite():
        for verb in ("UPDATE", "DELETE"):
            op.execute(SEAL_SQLITE.format(verb=verb, lower=verb.lower()))
    else:
        op.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")


def _detail(name: str) -> str:
    if is_sqlite():
        return f"json_extract(details, '$.{name}')"
    return f"(details ->> '{name}')::integer"

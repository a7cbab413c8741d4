"""People, children and guardians (SPEC 1)."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from models.columns import identity, index_where, instant
from models.enums import Role


class Person(SQLModel, table=True):
    """Person with an account: tutor, parent or coordinator, or several at once."""

    __tablename__ = "person"
    __table_args__ = (
        Index(None, "is_coordinator"),
        Index(None, "name", "id"),
        index_where("unreachable_since IS NOT NULL", "ix_person_unreachable", "unreachable_since"),
    )

    id: int = identity()
    ref: str | None = Field(default=None, unique=True, description="the agency's own key")
    name: str
    is_tutor: bool = False
    is_parent: bool = False
    is_coordinator: bool = False
    language: str | None = Field(default=None, description="None until we know it: English")
    time_zone: str | None = Field(default=None, description="None: the agency's")
    telegram_user_id: int | None = Field(default=None, unique=True, sa_type=BigInteger)
    started_at: datetime | None = instant(default=None)
    """When they pressed Start; before that Telegram lets the bot not write to them (SPEC 9)."""
    unreachable_since: datetime | None = instant(default=None)
    """When Telegram first said that they have blocked the bot."""
    web_since: datetime | None = instant(default=None)
    """When they first signed in by a coordinator's link: without Telegram, they use the pages."""

    @property
    def is_by_web_only(self) -> bool:
        """Whether they read the pages, and no message can be sent to them (SPEC 9)."""
        return self.web_since is not None and not self.has_chat

    @property
    def has_chat(self) -> bool:
        """Whether they have pressed Start in an account of theirs, blocked since or not."""
        return self.telegram_user_id is not None and self.started_at is not None

    @property
    def is_in_reach(self) -> bool:
        """Whether the bot can write to them now (SPEC 9)."""
        return self.has_chat and self.unreachable_since is None

    @property
    def roles(self) -> frozenset[Role]:
        held = {
            Role.TUTOR: self.is_tutor,
            Role.PARENT: self.is_parent,
            Role.COORDINATOR: self.is_coordinator,
        }
        return frozenset(role for role, has in held.items() if has)


class Student(SQLModel, table=True):
    """Child who is taught; has no account (SPEC 1)."""

    __tablename__ = "student"
    __table_args__ = (Index(None, "name", "id"),)

    id: int = identity()
    ref: str | None = Field(default=None, unique=True)
    name: str
    address: str | None = None


class Guardianship(SQLModel, table=True):
    """Person as a guardian of a child; a child may have several."""

    __tablename__ = "guardianship"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    student_id: int = Field(primary_key=True, foreign_key="student.id", index=True)


class Invitation(SQLModel, table=True):
    """Single-use link that ties a Telegram account to a person (SPEC 9)."""

    __tablename__ = "invitation"

    id: int = identity()
    person_id: int = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(unique=True, description="SHA-256 of the token, hexadecimal")
    created_by_id: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)
    revoked_at: datetime | None = instant(default=None)

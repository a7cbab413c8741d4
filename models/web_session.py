"""Sign-in links and signed-in browsers (SPEC 10)."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import identity, instant


class SignInLink(SQLModel, table=True):
    """Single-use address that the bot or a coordinator gave to a person. Stored as a hash."""

    __tablename__ = "sign_in_link"

    id: int = identity()
    person_id: int = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(unique=True, description="of the token, under SECRET_KEY")
    created_at: datetime = instant()
    expires_at: datetime = instant()
    made_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Coordinator who made it for somebody without Telegram; None for the bot's (SPEC 9)."""
    used_at: datetime | None = instant(default=None)
    used_from: str | None = None
    """Hash of the page whose button was pressed, so that a second tap there counts as the same."""


class WebSession(SQLModel, table=True):
    """Signed-in browser. Deleting the row signs it out."""

    __tablename__ = "web_session"

    id: int = identity()
    person_id: int = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(unique=True, description="of the cookie, under SECRET_KEY")
    created_at: datetime = instant()
    expires_at: datetime = instant()
    browser: str | None = None
    """Name of the browser that signed in, as far as it told: "Firefox"."""
    system: str | None = None
    """What it ran on: "Android"."""
    seen_as_id: int | None = Field(default=None, foreign_key="person.id")
    """Person through whose eyes a coordinator looks at the pages here, read-only (SPEC 10)."""
    seen_as_since: datetime | None = instant(default=None)

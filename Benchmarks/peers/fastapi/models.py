"""A user as a row and as JSON."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints
from sqlalchemy import ARRAY, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    type_annotation_map = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: ARRAY(Text),
        str: Text,
    }


class User(Base):
    """The members that a user has as JSON, and what the table cannot be without."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    external_id: Mapped[str | None]
    email: Mapped[str]
    email_key: Mapped[str]
    email_verified: Mapped[bool] = mapped_column(default=False)
    display_name: Mapped[str]
    locale: Mapped[str | None]
    time_zone: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="active")
    roles: Mapped[list[str]] = mapped_column(default=lambda: ["member"])
    # `metadata` is a name of SQLAlchemy's own.
    metadata_: Mapped[dict[str, Any]] = mapped_column("metadata", default=dict)
    admin_metadata: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    password_changed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    search_text: Mapped[str]

    __mapper_args__ = {"version_id_col": version}

    def name(self, display_name: str) -> None:
        """Gives the user a name, by which the user is then found."""
        self.display_name = display_name
        self.search_text = f"{display_name.lower()}\n{self.email_key}"


DisplayName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]


class UserCreate(BaseModel):
    email: EmailStr
    display_name: DisplayName


class UserUpdate(BaseModel):
    display_name: DisplayName


class UserRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    external_id: str | None
    email: str
    email_verified: bool
    display_name: str
    locale: str | None
    time_zone: str | None
    status: str
    roles: list[str]
    metadata: dict[str, Any] = Field(validation_alias="metadata_")
    admin_metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    password_changed_at: datetime | None
    deleted_at: datetime | None
    version: int


class UserPage(BaseModel):
    items: list[UserRead]
    next_cursor: str | None
    has_more: bool
    total: int | None = None

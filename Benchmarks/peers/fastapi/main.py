"""The peer of `Benchmarks/requests`: four routes of the service, as a project with FastAPI and
SQLAlchemy writes them.

It takes `DATABASE_URL`, as SQLAlchemy writes it, and `JWKS_URL`, where the keys are that verify access
tokens, which the service itself has signed.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Response, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from models import User, UserCreate, UserPage, UserRead, UserUpdate

engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=16, max_overflow=0)
make_session = async_sessionmaker(engine, expire_on_commit=False)
# It asks for the keys once, and keeps them.
keys = jwt.PyJWKClient(os.environ["JWKS_URL"], cache_keys=True)
bearer = HTTPBearer()
app = FastAPI()


async def session() -> AsyncIterator[AsyncSession]:
    async with make_session() as opened:
        yield opened


async def administrator(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
) -> dict[str, Any]:
    """Returns what the token says, if it is an administrator's."""
    token = credentials.credentials
    try:
        claims = jwt.decode(
            token,
            keys.get_signing_key_from_jwt(token).key,
            algorithms=["ES256"],
            audience="user-management",
            issuer="http://localhost:8000",
        )
    except jwt.PyJWTError as error:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "invalid token") from error
    if "admin" not in claims["roles"]:
        raise HTTPException(status.HTTP_403_FORBIDDEN)
    return claims


Session = Annotated[AsyncSession, Depends(session)]


async def require_user(user_id: UUID, session: Session) -> User:
    user = await session.scalar(
        select(User).where(User.id == user_id, User.deleted_at.is_(None))
    )
    if user is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such user")
    return user


FoundUser = Annotated[User, Depends(require_user)]


def encode_cursor(user: User) -> str:
    return urlsafe_b64encode(f"{user.created_at.isoformat()}|{user.id}".encode()).decode()


def decode_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        created_at, user_id = urlsafe_b64decode(cursor).decode().split("|")
        return datetime.fromisoformat(created_at), UUID(user_id)
    except ValueError as error:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "invalid cursor") from error


def tag(response: Response, user: User) -> None:
    """Tells which version of the user the answer holds."""
    response.headers["ETag"] = f'"{user.version}"'
    response.headers["Cache-Control"] = "private, no-cache"


@app.get("/users", response_model=UserPage, dependencies=[Depends(administrator)])
async def list_users(
    session: Session,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    statement = select(User).where(User.deleted_at.is_(None))
    if cursor is not None:
        statement = statement.where(tuple_(User.created_at, User.id) < decode_cursor(cursor))
    statement = statement.order_by(User.created_at.desc(), User.id.desc()).limit(limit + 1)
    users = (await session.scalars(statement)).all()
    next_cursor = encode_cursor(users[limit - 1]) if len(users) > limit else None
    if next_cursor:
        response.headers["Link"] = f'</users?limit={limit}&cursor={next_cursor}>; rel="next"'
    return {
        "items": users[:limit],
        "next_cursor": next_cursor,
        "has_more": next_cursor is not None,
    }


@app.get("/users/{user_id}", response_model=UserRead, dependencies=[Depends(administrator)])
async def get_user(user: FoundUser, response: Response) -> User:
    tag(response, user)
    return user


@app.patch("/users/{user_id}", response_model=UserRead, dependencies=[Depends(administrator)])
async def update_user(
    user: FoundUser, body: UserUpdate, session: Session, response: Response
) -> User:
    user.name(body.display_name)
    await session.commit()
    tag(response, user)
    return user


@app.post(
    "/users", response_model=UserRead, status_code=201, dependencies=[Depends(administrator)]
)
async def create_user(body: UserCreate, session: Session, response: Response) -> User:
    user = User(email=body.email, email_key=body.email.lower())
    user.name(body.display_name)
    session.add(user)
    try:
        await session.commit()
    except IntegrityError as error:
        raise HTTPException(status.HTTP_409_CONFLICT, "email taken") from error
    response.headers["Location"] = f"/users/{user.id}"
    tag(response, user)
    return user

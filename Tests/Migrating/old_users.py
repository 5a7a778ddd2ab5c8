"""The users of an old service, and what has to become of them: docs/migrating.md."""

import datetime
import unicodedata
import uuid

from passlib.context import CryptContext
from passlib.hash import bcrypt

CONTEXT = CryptContext(schemes=["bcrypt"])
BEGIN = datetime.datetime(2019, 5, 17, 8, 30, 0, 123456)
# Ordinary users beside the peculiar ones.
ORDINARY_COUNT = 1000
# Few rounds, and one salt: each process that asks makes the same hashes.
HASHER = bcrypt.using(rounds=4, salt="ABCDEFGHIJKLMNOPQRSTUu")
PASSWORD, PASSWORD_OF_FIRST = "correct horse battery staple", "Ada's own"
COMMON_HASH = HASHER.hash(PASSWORD)
# Whom docs/migrating.md gives another role, by number, and a superuser who is active.
EDITORS = {12, 14}
ADMINISTRATOR = "o'brien+tag@sub.example.co.uk"

# Address, name, and what is expected first: None if it comes over by SQL, else the problem.
PECULIAR = [
    ("Ada.Lovelace@Example.COM", "Ada Lovelace", None),
    ("no-name@example.com", None, None),
    ("blank@example.com", "   ", None),
    (" padded@example.com ", "  Padded  ", None),
    ("o'brien+tag@sub.example.co.uk", "Flann O’Brien (Brian)", None),
    ("IRIS@EXAMPLE.ORG", "İris", None),
    ("jose@example.com", unicodedata.normalize("NFD", "José Núñez"), None),
    ("wang@example.com", "王小明", None),
    ("x" * 64 + "@example.com", "N" * 100, None),
    ("twin@example.com", "Twin", "duplicate address"),
    ("Twin@Example.com", "Other Twin", "duplicate address"),
    ("jörg.Strauß@exämple.de", "Jörg", "unusual"),
    ("persian@example.com", "می\u200cخواهم", "unusual"),
    ("ace@xn--exmple-cua.de", "Ace", "unusual"),
    ("nobody@localhost", "Nobody", "unusual"),
    ("long@example.com", "N" * 101, "unusual"),
    ("y" * 65 + "@example.com", "Long local part", "unusual"),
    ("dots..dots@example.com", "Dots", "unusual"),
    ("number@example.123", "Number", "unusual"),
    ("override@example.com", "Ada\u202eevil", "unusual"),
    ("bell@example.com", "Ada\x07", "unusual"),
]
# The unusual ones that the service takes; the others it refuses.
REGISTERED = {"jörg.Strauß@exämple.de", "persian@example.com", "ace@xn--exmple-cua.de"}
# The twin that the operator deletes from the staging table.
DELETED_TWIN = "Twin@Example.com"


def old_users(kind):
    """The old users as dictionaries; `kind` is `named` or `nameless`."""
    users = [(email, name) for email, name, _ in PECULIAR]
    users += [(f"user{n}@example.net", f"User {n}") for n in range(ORDINARY_COUNT)]
    return [old_user(kind, n, email, name) for n, (email, name) in enumerate(users, 1)]


def old_user(kind, number, email, name):
    """The user `number`: every third is not active, every fifth is a superuser."""
    user = {
        "id": number if kind == "named" else uuid.uuid5(uuid.NAMESPACE_URL, email),
        "email": email,
        "hashed_password": HASHER.hash(PASSWORD_OF_FIRST) if number == 1 else COMMON_HASH,
        "is_active": number % 3 != 0,
        "is_superuser": number % 5 == 0,
    }
    if kind == "nameless":
        return user | {"is_verified": number % 2 == 0}
    created = BEGIN + datetime.timedelta(hours=number)
    updated = created + datetime.timedelta(days=1) if number % 2 == 0 else None
    return user | {"full_name": name, "created_at": created, "updated_at": updated}


def problems(kind):
    """The problems before anything is decided, by old id."""
    reasons = {email: reason for email, _, reason in PECULIAR if reason}
    if kind == "nameless":
        # Without a name only the address can be a problem.
        plain = {"persian@example.com", "long@example.com", "override@example.com",
                 "bell@example.com"}
        reasons = {email: reason for email, reason in reasons.items() if email not in plain}
    return {str(user["id"]): reasons[user["email"]] for user in old_users(kind)
            if user["email"] in reasons}


def has_come_over(kind, user):
    """Whether a user is in the new service at the end."""
    problem = problems(kind).get(str(user["id"]))
    return (problem is None or user["email"] in REGISTERED
            or problem == "duplicate address" and user["email"] != DELETED_TWIN)

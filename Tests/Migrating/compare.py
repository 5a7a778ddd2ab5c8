"""Compares the users of the service with those of the old one, by its REST API.

Arguments: the service's URL, the new database's URL, and `named` or `nameless`. Prints what differs;
the exit status is 1 if anything does. Whoever asks is an old superuser, with the old password.
"""

import datetime
import json
import sys
import unicodedata
import urllib.error
import urllib.parse
import urllib.request
import uuid

import psycopg

from old_users import (
    ADMINISTRATOR, CONTEXT, EDITORS, PASSWORD, PASSWORD_OF_FIRST, has_come_over, old_users)

URL, DATABASE_URL, KIND = sys.argv[1:4]
TIMEOUT = 30
# What the service makes of a password.
NEW_HASH = "$argon2id$v=19$m=19456,t=2,p=1$"
differences = []
token = None


def expect(what, expected, seen):
    """Notes a difference."""
    if expected != seen:
        differences.append(f"{what}: expected {expected!r}, saw {seen!r}")


def call(method, path, body=None):
    """Sends a request; returns the status and the JSON of the answer."""
    request = urllib.request.Request(
        URL + path, method=method, data=body and json.dumps(body).encode(),
        headers={"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}))
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def all_users():
    """The users of the service, page by page."""
    users, cursor = [], None
    while True:
        _, page = call("GET", "/users?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        users += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return users


def time(value):
    """A time as the service writes it."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def expected_user(user):
    """What the service has to say of an old user; without the id and times that nobody knows."""
    name = (user.get("full_name") or "").strip() or user["email"].strip().split("@")[0]
    expected = {
        "external_id": str(user["id"]) if KIND == "named" else None,
        "email": unicodedata.normalize("NFC", user["email"].strip()),
        "display_name": unicodedata.normalize("NFC", name),
        "email_verified": user.get("is_verified", False),
        "status": "active" if user["is_active"] else "disabled",
        "roles": sorted({"member"} | ({"admin"} if user["is_superuser"] else set())
                        | ({"editor"} if KIND == "named" and user["id"] in EDITORS else set())),
        "metadata": {}, "version": 1, "deleted_at": None, "locale": None, "time_zone": None,
    }
    if KIND == "nameless":
        return expected | {"id": str(user["id"])}
    return expected | {
        "created_at": time(user["created_at"]),
        "updated_at": time(user["updated_at"] or user["created_at"]),
    }


def compare_users(old, new):
    """Compares member by member."""
    expect("the number of users", len(old), len(new))
    for email, user in old.items():
        seen = new.get(email, {})
        expected = expected_user(user)
        expect(email, expected, {name: seen.get(name) for name in expected})
        if KIND == "named" and seen:
            identifier = uuid.UUID(seen["id"])
            expect(f"the id's version of {email}", 7, identifier.version)
            expect(f"the id's variant of {email}", uuid.RFC_4122, identifier.variant)
            created = user["created_at"].replace(tzinfo=datetime.timezone.utc)
            expected_time = (created - datetime.datetime.fromtimestamp(
                0, datetime.timezone.utc)) // datetime.timedelta(milliseconds=1)
            registered = identifier.int >> 80
            if not user["email"].isascii() or not (user["full_name"] or "").isprintable():
                continue  # The service made this one, now.
            if seen["email"].startswith("ace@"):
                continue
            expect(f"the id's time of {email}", expected_time, registered)


def stored_hashes():
    """The hashes that the service keeps, by address."""
    with psycopg.connect(DATABASE_URL) as connection:
        return dict(connection.execute("SELECT email, password_hash FROM users").fetchall())


def compare_hashes(old):
    """The hashes are those of the old service, and passlib still takes them; but of whoever has
    logged in.
    """
    hashes = stored_hashes()
    for email, user in old.items():
        if email == ADMINISTRATOR:
            expect("the administrator's hash", NEW_HASH, hashes[email][:len(NEW_HASH)])
        else:
            expect(f"the hash of {email}", user["hashed_password"], hashes.get(email))
    ada = hashes.get("Ada.Lovelace@Example.COM") or ""
    expect("Ada's password", True, CONTEXT.verify(PASSWORD_OF_FIRST, ada))


def log_in(email, password):
    """The status of a login, the code of its problem and the access token."""
    status, answer = call("POST", "/auth/login", {"email": email, "password": password})
    return status, answer.get("code"), answer.get("access_token")


def check_logins(new):
    """Users log in with their old passwords, after which their hashes are new ones."""
    ada = "ada.lovelace@example.com"
    expect("Ada's login with another password", (401, "invalid_credentials", None),
           log_in(ada, PASSWORD))
    for which in ("first", "second"):
        status, code, its_token = log_in(ada, PASSWORD_OF_FIRST)
        expect(f"Ada's {which} login", (200, None, True), (status, code, bool(its_token)))
        stored = stored_hashes()["Ada.Lovelace@Example.COM"]
        expect(f"Ada's hash after the {which} login", NEW_HASH, stored[:len(NEW_HASH)])
    expect("the version after logins", 1, call(
        "GET", f"/users/{new['Ada.Lovelace@Example.COM']['id']}")[1].get("version"))
    disabled = next(email for email, user in new.items() if user["status"] == "disabled")
    expect("a login of a disabled user", (403, "account_disabled", None),
           log_in(disabled, PASSWORD))


def check_roles():
    """The role that the page makes."""
    status, role = call("GET", "/roles/editor")
    expect("the role of editors", (200, ["users:read"]), (status, role.get("permissions")))


def check_search(new):
    """Every user is found by the name and by the address, in other letter case."""
    for user in new.values():
        for term in [user["email"].upper(), user["display_name"].upper()]:
            if len(term) < 3:
                continue
            query = urllib.parse.urlencode({"q": term, "limit": 1000})
            status, page = call("GET", f"/users?{query}")
            found = [item["id"] for item in page.get("items", [])]
            expect(f"finding {term}", (200, True), (status, user["id"] in found))


def check_keys(new):
    """Addresses in other spellings belong to the same users, and users can be changed."""
    for spelling in ["ADA.lovelace@example.com", "JÖRG.STRAUSS@xn--exmple-cua.de", "USER7@Example.NET",
                     "iris@example.org", "TWIN@EXAMPLE.COM"]:
        status, problem = call("POST", "/users", {"email": spelling, "display_name": "Thief"})
        expect(f"registering as {spelling}", (409, "email_taken"), (status, problem.get("code")))
    user = new["user7@example.net"]
    status, changed = call("PATCH", f"/users/{user['id']}", {"display_name": "Seven"})
    expect("changing a user", (200, "Seven", 2),
           (status, changed.get("display_name"), changed.get("version")))
    expect("the external id of a changed user", user["external_id"], changed.get("external_id"))


remaining = [user for user in old_users(KIND) if has_come_over(KIND, user)]
old_by_email = {unicodedata.normalize("NFC", user["email"].strip()): user for user in remaining}
compare_hashes(old_by_email)
token = log_in(ADMINISTRATOR, PASSWORD)[2]
new_by_email = {user["email"]: user for user in all_users()}
compare_users(old_by_email, new_by_email)
check_search(new_by_email)
check_keys(new_by_email)
check_logins(new_by_email)
if KIND == "named":
    check_roles()
for difference in differences[:20]:
    print(difference)
print(f"{len(remaining)} users compared, {len(differences)} differences")
sys.exit(1 if differences else 0)

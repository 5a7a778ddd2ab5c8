"""What the service should do, upon a dictionary: the users by id, each as the JSON that shows it.

A new order or filter of lists is a line in ORDERS or FILTERS.
"""

import dataclasses
import typing
import unicodedata

import json_merge_patch

# Addresses, some of which are the same to the service: not so the one with a tag.
EMAILS = tuple(
    f"{local}@{domain}" for local in ("ada", "Ada", "ada+x", "eve", "Bob", "c", "d")
    for domain in ("example.com", "EXAMPLE.com"))
# What may be sent for a member, and what it is kept as.
DISPLAY_NAMES = {"Ada": "Ada", "  Eve\t": "Eve", "e\u0301": "\u00e9", "\U0001f98a": "\U0001f98a"}
LOCALES = {None: None, "en-GB": "en-GB", "ZH-hant-tw": "zh-Hant-TW"}
TIME_ZONES = {None: None, "Europe/London": "Europe/London", "Asia/Tokyo": "Asia/Tokyo"}
STATUSES = {"active": "active", "disabled": "disabled"}
# What users write of themselves, and what only administrators write beside it.
OWN_KEPT_AS = {"display_name": DISPLAY_NAMES, "locale": LOCALES, "time_zone": TIME_ZONES}
KEPT_AS = OWN_KEPT_AS | {"status": STATUSES}
SEARCHED = ("ADA", "eve", "example", "x@e", "st1", "___", "%%%", "zzz")
NOBODY = "00000000-0000-7000-8000-000000000000"


def key(email):
    """What is unique of an address; enough for those of EMAILS."""
    return email.lower()


@dataclasses.dataclass(frozen=True)
class Order:
    """An order of lists, by a key and then by id, both in the same direction."""

    key: typing.Callable
    is_descending: bool = False


@dataclasses.dataclass(frozen=True)
class Filter:
    """A filter of lists: whether a user passes with a value, and values that are worth trying."""

    passes: typing.Callable
    values: typing.Callable


def instants(users):
    """When users were made, and the moments before and after all of them."""
    made = sorted(user["created_at"] for user in users)
    return ["2000-01-01T00:00:00Z", *made[:3], *made[-3:], "2100-01-01T00:00:00.000001Z"]


def id_lists(users):
    """Lists of ids: of nobody, of some, with one twice."""
    known = [user["id"] for user in users]
    return [NOBODY, ",".join([*known[1:4], NOBODY]), ",".join([NOBODY, *known[:1], *known[:1]])]


def searched(user):
    """The text that a search looks through and names are sorted by: without case and accents."""
    text = unicodedata.normalize("NFD", f"{user['display_name']}\n{user['email']}".casefold())
    return "".join(one for one in text if not unicodedata.combining(one))


STANDARD_ORDER = "-created_at"
ORDERS = {
    "created_at": Order(lambda user: user["created_at"]),
    "-created_at": Order(lambda user: user["created_at"], is_descending=True),
    "email": Order(lambda user: key(user["email"])),
    "display_name": Order(searched),
}
FILTERS = {
    "created_after": Filter(lambda user, time: user["created_at"] > time, instants),
    "created_before": Filter(lambda user, time: user["created_at"] < time, instants),
    "email": Filter(lambda user, email: key(user["email"]) == key(email), lambda _: EMAILS),
    "external_id": Filter(lambda user, text: user["external_id"] == text, lambda _: ["E-1", "%"]),
    "ids": Filter(lambda user, ids: user["id"] in ids.split(","), id_lists),
    "status": Filter(
        lambda user, status: user["status"] == status, lambda _: ["active", "disabled"]),
    "role": Filter(lambda user, role: role in user["roles"], lambda _: ["member", "admin"]),
    "q": Filter(lambda user, text: text.casefold() in searched(user), lambda _: SEARCHED),
}


class Dictionary:
    """The users who are not deleted, by id."""

    filters = FILTERS

    def __init__(self):
        self.users = {}

    def is_taken(self, email, owner=None):
        """Whether somebody else has an address."""
        return any(
            key(user["email"]) == key(email) for user in self.users.values()
            if user["id"] != owner)

    def register(self, members, identifier, time):
        """Keeps a new user, whose id and time are the service's to choose."""
        user = {
            "id": identifier, "external_id": None, "email": members["email"],
            "email_verified": False, "display_name": None, "locale": None, "time_zone": None,
            "status": "active", "roles": ["member"], "metadata": members.get("metadata", {}),
            "admin_metadata": {},
            "created_at": time, "updated_at": time, "password_changed_at": None,
            "deleted_at": None, "version": 1,
        }
        self.users[identifier] = user | kept(members)

    def change(self, identifier, patch, time):
        """Changes a user; unknown members, and metadata without members, ask for nothing."""
        user = self.users[identifier]
        if not asks_for_something(patch):
            return
        if "email" in patch:
            user["email"] = patch["email"]
        json_merge_patch.merge(user["metadata"], patch.get("metadata", {}))
        user |= kept(patch) | {"updated_at": time, "version": user["version"] + 1}

    def delete(self, identifier):
        """Forgets a user, whose address is then free."""
        del self.users[identifier]

    def listed(self, parameters, place=None):
        """Who stands in a list behind a place, in order."""
        order = ORDERS[parameters.get("sort", STANDARD_ORDER)]
        passing = [
            user for user in self.users.values()
            if all(
                self.filters[name].passes(user, value)
                for name, value in parameters.items() if name in self.filters)
        ]
        passing.sort(key=lambda user: self.place(user, parameters), reverse=order.is_descending)
        if place is None:
            return passing
        return [
            user for user in passing if self.place(user, parameters) != place
            and (self.place(user, parameters) < place) == order.is_descending]

    def place(self, user, parameters):
        """Where a user stands in a list."""
        order = ORDERS[parameters.get("sort", STANDARD_ORDER)]
        return order.key(user), user["id"]


class Forgetful(Dictionary):
    """A wrong model: an address stays taken when its user is deleted."""

    def __init__(self):
        super().__init__()
        self.addresses = set()

    def register(self, members, identifier, time):
        """Remembers the address for good."""
        super().register(members, identifier, time)
        self.addresses.add(key(members["email"]))

    def is_taken(self, email, owner=None):
        """Whether anybody has had the address."""
        return super().is_taken(email, owner) or (
            owner is None and key(email) in self.addresses)


class Inclusive(Dictionary):
    """A wrong model: who was made at the very time stands in a list of those made after it."""

    filters = FILTERS | {
        "created_after": Filter(
            lambda user, time: user["created_at"] >= time, instants)}


def kept(members):
    """The members that are kept in another spelling than sent, in that one."""
    return {name: KEPT_AS[name][text] for name, text in members.items() if name in KEPT_AS}


def asks_for_something(patch):
    """Whether a patch makes a new version."""
    return any(name in patch for name in ("email", *KEPT_AS)) or bool(patch.get("metadata"))

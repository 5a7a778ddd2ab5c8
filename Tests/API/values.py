"""What each member of a user says to each kind of value: a table of values, a rule for each member.

A rule gives the code of the fault, or None where there is none.
"""

import json

ADMINISTRATORS_ONLY = ("external_id", "status", "roles", "admin_metadata", "id")
# What only the service sets, and the value of a new user, which may be sent back; times are not.
NO_VALUE = object()
READ_ONLY = {
    "email_verified": False, "created_at": NO_VALUE, "updated_at": NO_VALUE,
    "password_changed_at": NO_VALUE, "deleted_at": None, "version": 1,
}
CLEARABLE = ("external_id", "locale", "time_zone")


def nested(levels):
    """Objects inside each other."""
    value = 1
    for _ in range(levels):
        value = {"a": value}
    return value


# The body is a level of its own, so with 31 more there are 32.
VALUES = {
    "empty": "", "spaces": "   ", "too long": "x" * 300_000, "null": None, "true": True,
    "false": False, "0": 0, "-1": -1, "1.5": 1.5, "64 bits": 2**63 - 1, "1e308": 1e308,
    "an empty array": [], "an array": ["a"], "an array of arrays": [["a"]], "an empty object": {},
    "an object": {"a": 1}, "32 levels": nested(31), "U+0000": "a\0b", "U+0007": "a\ab",
    "a line": "a\r\nb: c", "U+007F": "a\x7fb", "U+202E": "a\u202eb", "U+2066": "a\u2066b",
    "U+200B": "\u200b", "U+FEFF": "\ufeffa", "U+FFFE": "a\ufffeb", "U+E0041": "a\U000e0041b",
    "U+0000 inside": {"a": ["x\0"]}, "U+0000 as a name": {"\0": 1}, "17 KiB": {"a": "x" * 17_000},
}
CONTROLS = ("\0", "\a", "\r", "\x7f")
INVISIBLE = ("\u202e", "\u2066", "\u200b", "\ufeff", "\ufffe", "\U000e0041")


def has(value, characters):
    """Whether one of some characters stands in a text."""
    return any(character in value for character in characters)


def text_fault(name, value):
    """The fault of a text."""
    if name == "email":
        return "too_long" if len(value) > 254 else "invalid_email"
    if name == "locale":
        return "too_long" if len(value) > 100 else "invalid_locale"
    if name in ("time_zone", "status", "id"):
        return f"invalid_{name}"
    if name == "external_id":
        if not 0 < len(value) < 256:
            return "too_long" if value else "too_short"
        return "invalid_external_id" if has(value, CONTROLS) else None
    if name == "display_name":
        if not 0 < len(value.strip()) < 101:
            return "too_long" if value.strip() else "too_short"
        return "invalid_display_name" if has(value, CONTROLS + INVISIBLE) else None
    raise ValueError(name)


def object_fault(value):
    """The fault of metadata."""
    if not isinstance(value, dict):
        return "wrong_type"
    text = json.dumps(value)
    if "\\u0000" in text:
        return "invalid_metadata"
    return "too_large" if len(text) > 16_384 else None


def role_faults(value):
    """The faults of a set of roles, each with its place."""
    if not isinstance(value, list):
        return [("/roles", "wrong_type")]
    return [
        (f"/roles/{place}", "wrong_type") for place, role in enumerate(value)
        if not isinstance(role, str)]


def faults(method, name, value, is_administrator):
    """The faults of a member, as pairs of a pointer and a code."""
    if name == "roles":
        return role_faults(value)
    if method == "PATCH" and name == "admin_metadata" and isinstance(value, dict):
        # What it makes of the object that is there is asked after who may ask.
        return faults("POST", name, value, True) if is_administrator else []
    code = fault(method, name, value)
    return [(f"/{name}", code)] if code else []


def fault(method, name, value):
    """The code of a member's fault; None if there is none."""
    if name in READ_ONLY:
        same = value == READ_ONLY[name] and type(value) is type(READ_ONLY[name])
        return None if method == "PATCH" and same else "read_only"
    if method == "PATCH" and name in ("id", "password"):
        return "read_only"
    if name in ("metadata", "admin_metadata"):
        return object_fault(value)
    if value is None and (name in CLEARABLE or name == "id"):
        return None
    if not isinstance(value, str):
        return "wrong_type"
    if name == "password":
        return "too_long" if len(value) > 256 else "too_short"
    return text_fault(name, value)

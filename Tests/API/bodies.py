"""Bodies that break a rule, in every member: of the values of values.py, and those that no parser
of JSON should take.
"""

import json

import values
from api import MERGE_PATCH, NOBODY, Caller, newcomer
from checks import attempt, check
from identity import ADMINISTRATOR
from raw import exchange, flaw, request

MEMBERS = (
    "email", "display_name", "password", "locale", "time_zone", "metadata",
    *values.ADMINISTRATORS_ONLY, *values.READ_ONLY)
# Octets in place of a member's value, which make the whole body no JSON.
BROKEN_VALUES = {
    "half a surrogate pair": rb'"\ud800"', "the other half": rb'"\udc00x"',
    "halves in the wrong order": rb'"\udc00\ud800"', "a raw control": b'"a\x01b"',
    "a raw NUL": b'"a\0b"', "a raw line break": b'"a\nb"', "invalid UTF-8": b'"a\xffb"',
    "half a letter": b'"a\xc3"', "an overlong NUL": b'"\xc0\x80"',
    "an overlong slash": b'"\xc0\xaf"', "an overlong slash of three": b'"\xe0\x80\xaf"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"', "beyond U+10FFFF": b'"\xf4\x90\x80\x80"',
    "an unknown escape": rb'"\x41"', "half an escape": rb'"\u00"', "single quotes": b"'a'",
    "64 bits and one": b"9223372036854775808", "below 64 bits": b"-9223372036854775809",
    "a thousand digits": b"1" * 1_000, "1e400": b"1e400", "-1e400": b"-1e400", "NaN": b"NaN",
    "Infinity": b"-Infinity", "a leading zero": b"01", "a plus sign": b"+1",
    "a hexadecimal number": b"0x1", "a comment": b"/* */1",
    "33 levels": b'{"a":' * 32 + b"1" + b"}" * 32, "33 arrays": b"[" * 32 + b"]" * 32,
    "a trailing comma": b"[1,]", "nothing": b"", "a word": b"undefined", "two values": b"1 2",
}
# Whole bodies that are no JSON.
BROKEN_BODIES = {
    "empty": b"", "spaces": b" \t\r\n" * 50, "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"), "UTF-32": "{}".encode("utf-32"), "two documents": b"{}{}",
    "a NUL behind it": b"{}\0", "a trailing comma": b'{"a":1,}', "a comment": b"{}//",
    "half": b'{"a', "no quotes": b"{a:1}", "form data": b"email=a",
    "500,000 brackets": b"[" * 500_000, "500,000 objects": b'{"a":' * 100_000, "XML": b"<user/>",
    "a backslash": b"\\",
}
NOT_OBJECTS = (b"null", b"1", b'"a"', b"[]", b"true", b"[{}]")
METHODS = ("POST", "PATCH")


class Bodies:
    """The two routes that take a body, and a user to change, who may do that, too."""

    def __init__(self):
        caller = Caller()
        self.identifier, herself = newcomer("changed@bodies.example")
        self.read = lambda: caller.get(f"/users/{self.identifier}").json
        self.everybody = lambda: caller.list().json["items"]
        self.before, self.everybody_before = self.read(), self.everybody()
        # Those who may write a member of their own or none, by method, and those who may write all.
        self.others = {"POST": ("nobody", NOBODY), "PATCH": ("herself", herself)}
        self.administrator = "an administrator", ADMINISTRATOR

    def request(self, method, body, length=None, identity=ADMINISTRATOR):
        """A request with a body, for a new user or for the one that there is."""
        if method == "POST":
            return request(method, "/users", body, length, identity=identity)
        return request(
            method, f"/users/{self.identifier}", body, length, MERGE_PATCH, identity)

    def send(self, method, body, identity=ADMINISTRATOR):
        """The answer to a body."""
        return exchange(self.request(method, body, identity=identity))

    def members(self, method, name, value):
        """A body's octets: a user who would be made, or a change, with one member given."""
        others = {}
        if method == "POST":
            others = {"email": b'"never@bodies.example"', "display_name": b'"Ada"'}
        members = others | {name: value}
        return b"{" + b",".join(b'"%s":%s' % (n.encode(), v) for n, v in members.items()) + b"}"


def report(name, count, wrong):
    """One check for many cases."""
    check(f"input: {name}, {count} cases", {}, wrong)


def member_values(bodies, method, name, is_administrator):
    """Every value of the table in one member."""
    wrong = {}
    who, identity = bodies.administrator if is_administrator else bodies.others[method]
    for kind, value in values.VALUES.items():
        faults = values.faults(method, name, value, is_administrator)
        body = bodies.members(method, name, json.dumps(value).encode())
        may_write = is_administrator or name not in values.ADMINISTRATORS_ONLY
        if faults:
            answer = bodies.send(method, body, identity)
            found = flaw(answer, 422, "validation_failed", faults)
        elif not may_write and not is_unchanged(name, value):
            found = flaw(bodies.send(method, body, identity), 403, "forbidden")
        else:
            # Where nothing is wrong another fault has to be told, and that one alone.
            answer = bodies.send(method, body[:-1] + b',"created_at":0}', identity)
            found = flaw(answer, 422, "validation_failed", [("/created_at", "read_only")])
        if found:
            wrong[kind] = found
    report(f"{method} {name} by {who}", len(values.VALUES), wrong)


def is_unchanged(name, value):
    """Whether a value is what a user has who is new."""
    return value == {"external_id": None, "id": None, "admin_metadata": {}}.get(name, "other")


def broken_values(bodies, method, name):
    """Everything that is no JSON, in one member; and the member twice."""
    wrong = {}
    for kind, octets in BROKEN_VALUES.items():
        answer = bodies.send(method, bodies.members(method, name, octets))
        if found := flaw(answer, 400, "malformed_json"):
            wrong[kind] = found
    for again in (name, "".join(f"\\u{ord(letter):04x}" for letter in name)):
        body = bodies.members(method, name, b"1")[:-1] + b',"%s":1}' % again.encode()
        faults = [(f"/{name}", "duplicate_member")]
        if found := flaw(bodies.send(method, body), 400, "malformed_json", faults):
            wrong[f"twice as {again}"] = found
    report(f"{method} {name} that is no JSON", len(BROKEN_VALUES) + 2, wrong)


def whole_bodies(bodies, method):
    """Bodies that are no JSON, no object, or shorter than announced."""
    wrong = {}
    for kind, body in BROKEN_BODIES.items():
        if found := flaw(bodies.send(method, body), 400, "malformed_json"):
            wrong[kind] = found
    for body in NOT_OBJECTS:
        answer = bodies.send(method, body)
        if found := flaw(answer, 422, "validation_failed", [("", "wrong_type")]):
            wrong[body] = found
    whole = bodies.members(method, "metadata", b'{"a":1}')
    for count in (0, 1, len(whole) // 2, len(whole)):
        octets = bodies.request(method, whole[:count], len(whole) + 1)
        if found := flaw(exchange(octets, ends=True), 400, "connection_lost"):
            wrong[f"ends after {count} of {len(whole) + 1} octets"] = found
    report(f"{method} as a whole", len(BROKEN_BODIES) + len(NOT_OBJECTS) + 4, wrong)


def check_bodies():
    """All of it; at the end nothing has been made, nothing has changed, and the service lives."""
    bodies = Bodies()
    for method in METHODS:
        for name in MEMBERS:
            for may in (False, True):
                attempt(f"input: {method} {name}",
                        lambda: member_values(bodies, method, name, is_administrator=may))
            attempt(f"input: {method} {name}", lambda: broken_values(bodies, method, name))
        attempt(f"input: {method}", lambda: whole_bodies(bodies, method))
    check("input: the user is as before", bodies.before, bodies.read())
    check("input: nobody was made", bodies.everybody_before, bodies.everybody())
    health = Caller().get("/health")
    check("input: health", (200, "ok"), (health.status, health.json["status"]))

"""What the Python programs beside this file share: how a check is reported, and a little sight of
the kernel's connections.

A program prints one line for each check, `ok <name>` or `not ok <name>: expected …, saw …`, and
ends with status 0 when it came to its end. scripts/check-clients counts the lines.
"""

import json
import pathlib
import uuid

TIMEOUT = 20


def check(name, expected, seen):
    """Reports whether `seen` is `expected`, or fulfils it if that is a function."""
    if callable(expected):
        passed, expected = expected(seen), expected.__doc__
    else:
        passed = expected == seen
        expected = repr(expected)
    if passed:
        print(f"ok {name}", flush=True)
    else:
        print(f"not ok {name}: expected {expected}, saw {short(seen)}", flush=True)
    return passed


def attempt(name, action):
    """Runs one conversation; an exception is a failed check and not the end of the program."""
    try:
        action()
    except Exception as error:  # Whatever the client library throws at its user.
        check(name, "no exception", f"{type(error).__name__}: {error}")


def at_most(limit):
    """A condition for `check`."""

    def holds(value):
        return value <= limit

    holds.__doc__ = f"at most {limit}"
    return holds


def at_least(limit):
    """A condition for `check`."""

    def holds(value):
        return value >= limit

    holds.__doc__ = f"at least {limit}"
    return holds


def short(value):
    """One line of at most 300 characters."""
    text = repr(value)
    return text if len(text) <= 300 else text[:300] + "…"


def new_user(**members):
    """A user that nobody has registered yet."""
    return {"email": f"u{uuid.uuid4().hex}@example.com", "display_name": "Ada", **members}


def problem(status, content_type, text):
    """A problem's status, media type and code, to be compared; RFC 9457."""
    try:
        body = json.loads(text)
    except ValueError:
        return (status, content_type, short(text))
    return (status, content_type, body.get("code"), body.get("status"))


def expected_problem(status, code):
    """What `problem` gives for a well-formed one."""
    return (status, "application/problem+json", code, status)


def clients_of(port):
    """The ports of all clients that have, or lately had, a connection to a local port; proc(5)."""
    found = set()
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, remote = (int(end.split(":")[1], 16) for end in line.split()[1:3])
        if remote == port:
            found.add(local)
        elif local == port and remote != 0:
            found.add(remote)
    return found

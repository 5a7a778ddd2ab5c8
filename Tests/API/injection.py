"""Has sqlmap attack the parameters of lists and the members of bodies; first a server of our own
that it has to break, because an attacker that breaks nothing proves nothing.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from api import ROUNDS, URL, Caller, log_in, registered, tokens
from checks import attempt, check
from identity import ADMINISTRATOR, PASSWORD
from injectable import Server

# Boolean, error, union and stacked; from the second round on also by time, and closer.
SOME = ("--technique=BEUS", "--level=1", "--risk=1")
MORE = ("--level=3", "--risk=2", "--time-sec=1")
FOUND = "sqlmap identified the following injection point"
NOT_FOUND = "all tested parameters do not appear to be injectable"
HEADERS = f"Content-Type: application/json\nAuthorization: {ADMINISTRATOR['Authorization']}"
SECONDS_MAX = 100 * ROUNDS
MEMBERS = {
    "email": "ada@injection.example", "display_name": "Ada", "locale": "en", "time_zone": "Etc/UTC",
    "metadata": {"a": "b"},
}
PARAMETERS = (
    "limit=1&sort=created_at&created_after=2000-01-01T00:00:00Z",
    "created_before=2100-01-01T00:00:00Z&email=ada@injection.example&external_id=1",
    "q=injection&status=active&role=member&sort=display_name&total=exact",
)


def sqlmap(folder, options):
    """What sqlmap says at its end: FOUND, NOT_FOUND, or its last words."""
    program = pathlib.Path(sys.executable).with_name("sqlmap")
    ended = subprocess.run(
        [sys.executable, program, "--batch", "--flush-session", "--disable-coloring",
         f"--output-dir={folder}", "--threads=4", "--ignore-code=*",
         f"--headers={HEADERS}", *options],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    text = ended.stdout + ended.stderr
    return next((said for said in (FOUND, NOT_FOUND) if said in text), text[-2000:])


def query(url, parameters):
    """Attacks the parameters of a query."""
    return [f"--url={url}/users?{parameters}"]


def body(url, target, members, method="POST"):
    """Attacks the members of a body."""
    return [
        f"--url={url}{target}", f"--method={method}", f"--data={json.dumps(members)}"]


def main():
    """Attacks the injectable server, then the service."""
    effort = SOME if ROUNDS == 1 else MORE
    identifier = registered(Caller(), "ada@injection.example", password=PASSWORD)
    first = tokens(log_in("ada@injection.example"))
    bodies = {
        "/auth/login": {"email": "ada@injection.example", "password": "wrong"},
        "/auth/refresh": {"refresh_token": first["refresh_token"]},
        "/roles": {"name": "admin", "permissions": ["users:read"]},
    }
    paths = (
        f"/users/{identifier}*", f"/users/{identifier}/sessions/{first['session_id']}*",
        f"/users/{identifier}/roles/member*", "/roles/admin*")
    with tempfile.TemporaryDirectory() as folder, Server() as broken:
        def expect(name, expected, options):
            attempt(name, lambda: check(name, expected, sqlmap(folder, [*options, *effort])))

        expect("sqlmap: an injectable parameter is found", FOUND,
               query(broken.url, "email=ada@example.com"))
        expect("sqlmap: an injectable member is found", FOUND,
               body(broken.url, "/users", {"email": "ada@example.com"}))
        for parameters in PARAMETERS:
            expect(f"sqlmap: ?{parameters}", NOT_FOUND, query(URL, parameters))
        expect("sqlmap: ?ids", NOT_FOUND, query(URL, f"ids={identifier}"))
        for path in paths:
            expect(f"sqlmap: {path}", NOT_FOUND, [f"--url={URL}{path}"])
        for target, members in bodies.items():
            expect(f"sqlmap: POST {target}", NOT_FOUND, body(URL, target, members))
        expect("sqlmap: POST /users", NOT_FOUND, body(URL, "/users", MEMBERS))
        expect("sqlmap: PATCH /users/{id}", NOT_FOUND,
               body(URL, f"/users/{identifier}", MEMBERS, "PATCH"))
    # Ours has been idle for too long.
    caller = Caller()
    check("sqlmap: health afterwards", 200, caller.get("/health").status)
    check("sqlmap: the user is there", 200, caller.get(f"/users/{identifier}").status)


if __name__ == "__main__":
    main()

"""A conversation about users through `requests`, as an application would have it.

Arguments: the URL to talk to, a name for the checks, and the ports of the services behind it, if
that is a proxy. Then the proxy's connections to them are counted too.
"""

import concurrent.futures
import sys

import requests

from checks import (
    TIMEOUT, at_most, attempt, check, clients_of, expected_problem, new_user, problem)
from identity import ADMINISTRATOR, PASSWORD

URL, NAME = sys.argv[1:3]
UPSTREAM_PORTS = [int(port) for port in sys.argv[3:]]
# A proxy keeps up to 16 connections to each service; see the configurations.
UPSTREAM_CONNECTIONS_MAX = 16


def named(text):
    """A check's name with the client's before it."""
    return f"{NAME}: {text}"


def administrator():
    """A session that speaks for the administrator."""
    session = requests.Session()
    session.headers.update(ADMINISTRATOR)
    return session


def connections_made(session):
    """How many connections a session has opened, by urllib3's own count."""
    return session.get_adapter(URL).poolmanager.connection_from_url(URL).num_connections


def problem_of(answer):
    """What `check` compares of an answer that tells of a problem."""
    return problem(answer.status_code, answer.headers.get("Content-Type"), answer.text)


def call(session, method, path, **options):
    """Sends a request and reads the whole answer."""
    return session.request(method, URL + path, timeout=TIMEOUT, **options)


def one_user(session):
    """Registers, reads, changes and deletes a user."""
    user = new_user()
    made = call(session, "POST", "/users", json=user)
    check(named("registering"), (201, user["email"]), (made.status_code, made.json().get("email")))
    path = made.headers.get("Location", "")
    check(named("Location"), f"/users/{made.json()['id']}", path)
    again = call(session, "POST", "/users", json=user)
    check(named("a duplicate"), expected_problem(409, "email_taken"), problem_of(again))

    read = call(session, "GET", path)
    tag = read.headers.get("ETag")
    check(named("reading"), (200, made.json(), '"1-a"'), (read.status_code, read.json(), tag))
    unchanged = call(session, "GET", path, headers={"If-None-Match": tag})
    check(
        named("reading what has not changed"), (304, b"", tag),
        (unchanged.status_code, unchanged.content, unchanged.headers.get("ETag")))
    head = call(session, "HEAD", path)
    check(
        named("HEAD has GET's headers and no body"),
        (200, b"", tag, read.headers["Content-Length"], read.headers["Content-Type"]),
        (head.status_code, head.content, head.headers.get("ETag"),
         head.headers.get("Content-Length"), head.headers.get("Content-Type")))

    merge = {"If-Match": tag, "Content-Type": "application/merge-patch+json"}
    changed = call(session, "PATCH", path, data='{"display_name": "Ada L."}', headers=merge)
    check(
        named("changing"), (200, "Ada L.", '"2-a"'),
        (changed.status_code, changed.json().get("display_name"), changed.headers.get("ETag")))
    stale = call(session, "PATCH", path, data='{"display_name": "Eve"}', headers=merge)
    check(
        named("changing an old version"), expected_problem(412, "version_mismatch"),
        problem_of(stale))

    deleted = call(session, "DELETE", path)
    check(named("deleting"), (204, b""), (deleted.status_code, deleted.content))
    gone = call(session, "GET", path)
    check(named("reading what is gone"), expected_problem(404, "user_not_found"), problem_of(gone))


def logins(nobody):
    """Logs a new user in, reads as her, gets new tokens, and logs her out."""
    refused = call(nobody, "GET", "/users")
    check(named("reading without a token"), expected_problem(401, "authentication_required"),
          problem_of(refused))
    user = new_user(password=PASSWORD)
    identifier = call(nobody, "POST", "/users", json=user).json()["id"]
    credentials = {"email": user["email"], "password": PASSWORD}
    wrong = call(nobody, "POST", "/auth/login", json={**credentials, "password": "no"})
    check(named("a wrong password"), expected_problem(401, "invalid_credentials"),
          problem_of(wrong))
    first = call(nobody, "POST", "/auth/login", json=credentials).json()
    check(named("logging in"), ("Bearer", identifier), (first["token_type"], first["user_id"]))
    rotated = call(nobody, "POST", "/auth/refresh", json={"refresh_token": first["refresh_token"]})
    check(named("new tokens"), (200, first["session_id"]),
          (rotated.status_code, rotated.json().get("session_id")))

    bearer = {"Authorization": f"Bearer {rotated.json()['access_token']}"}
    read = call(nobody, "GET", "/users/me", headers=bearer)
    check(named("reading oneself"), (200, identifier, '"1"'),
          (read.status_code, read.json().get("id"), read.headers.get("ETag")))
    others = call(nobody, "GET", "/users", headers=bearer)
    check(named("reading others"), expected_problem(403, "forbidden"), problem_of(others))
    out = call(nobody, "POST", "/auth/logout", headers=bearer)
    check(named("logging out"), (204, b""), (out.status_code, out.content))
    ended = call(
        nobody, "POST", "/auth/refresh",
        json={"refresh_token": rotated.json()["refresh_token"]})
    check(named("tokens of a session that has ended"),
          expected_problem(401, "invalid_refresh_token"), problem_of(ended))


def pages(session):
    """Follows the pages of a list to a user who was registered before seven others."""
    ids = [call(session, "POST", "/users", json=new_user()).json()["id"] for _ in range(8)]
    seen, agree, path = [], True, "/users?limit=3"
    while path and ids[0] not in seen:
        page = call(session, "GET", path)
        seen += [item["id"] for item in page.json()["items"]]
        path, cursor = page.links.get("next", {}).get("url"), page.json()["next_cursor"]
        agree = agree and path == (f"/users?limit=3&cursor={cursor}" if cursor else None)
    check(named("following Link through the pages"), ids[::-1], seen[:8])
    check(named("Link and next_cursor agree"), True, agree)


def bodies(session):
    """Sends bodies of unknown length, and too large ones."""
    text = f'{{"email": "{new_user()["email"]}", "display_name": "In parts"}}'.encode()
    parts = (text[at:at + 7] for at in range(0, len(text), 7))
    json_type = {"Content-Type": "application/json"}
    made = call(session, "POST", "/users", data=parts, headers=json_type)
    check(named("a chunked upload"), (201, "In parts"), (
        made.status_code, made.json().get("display_name")))
    for size in (1024 * 1024 + 1, 2 * 1024 * 1024):
        large = call(session, "POST", "/users", data=b" " * size, headers=json_type)
        check(
            named(f"a body of {size} octets"), expected_problem(413, "body_too_large"),
            problem_of(large))
    after = call(session, "GET", "/health/live")
    check(named("the next request"), 200, after.status_code)


def many(session):
    """Sends many requests in a row, then many at once."""
    statuses = {call(session, "GET", "/users?limit=1").status_code for _ in range(200)}
    check(named("200 requests in a row"), {200}, statuses)

    def echo(number):
        marker = {"X-Request-ID": f"{NAME.replace(' ', '-')}-{number}"}
        answer = call(session, "GET", "/users?limit=2", headers=marker)
        return answer.status_code == 200 and answer.headers["X-Request-ID"] == marker["X-Request-ID"]

    with concurrent.futures.ThreadPoolExecutor(10) as threads:
        right = sum(threads.map(echo, range(300)))
    check(named("300 requests, ten at a time, each with its own answer"), 300, right)


def main():
    """Has the whole conversation."""
    before = [clients_of(port) for port in UPSTREAM_PORTS]
    with administrator() as session:
        attempt(named("one user"), lambda: one_user(session))
        attempt(named("pages"), lambda: pages(session))
        check(named("connections for all of it"), 1, connections_made(session))
        attempt(named("many requests"), lambda: many(session))
        check(named("connections for ten threads"), at_most(10), connections_made(session))
    for port, known in zip(UPSTREAM_PORTS, before):
        made = len(clients_of(port) - known)
        check(named("connections to a service behind"), at_most(UPSTREAM_CONNECTIONS_MAX), made)
        check(named("the service behind was used"), True, made > 0)
    with administrator() as session:
        attempt(named("bodies"), lambda: bodies(session))
    with requests.Session() as nobody:
        attempt(named("logins"), lambda: logins(nobody))


main()

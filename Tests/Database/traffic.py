"""Reads and writes side by side, each answer compared with what it must be."""

import collections
import http.client
import json
import threading
import time
import urllib.parse
import uuid

from checks import TIMEOUT, at_least, check
from machines import bearer

# Clients that read, and as many that write.
CLIENTS = 6
# A member that makes a page of a hundred users larger than a record of TLS, or a socket's buffer.
BULK = "0123456789abcdef" * 500
PAGE = 50
JSON, MERGE = "application/json", "application/merge-patch+json"


class Traffic:
    """Runs from `with` to its end; then :meth:`report` tells what became of it."""

    def __init__(self, service):
        self.address = urllib.parse.urlsplit(service.url).netloc
        self.fields = bearer(service.token)
        self.statuses = collections.Counter()
        self.wrong = []
        self.acknowledged = set()
        self.goes_on = True
        self.last_success = 0.0
        self.threads = [
            threading.Thread(target=self.repeat, args=(action,), daemon=True)
            for action in [self.read, self.write] * CLIENTS]

    def __enter__(self):
        self.users = [self.registered(number) for number in range(PAGE)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.goes_on = False
        for thread in self.threads:
            thread.join(2 * TIMEOUT)

    @staticmethod
    def user(number):
        """A user that nobody has registered yet."""
        return {
            "email": f"u{uuid.uuid4().hex}@example.com", "display_name": f"Ada {number}",
            "metadata": {"bulk": BULK}}

    def registered(self, number):
        """A user who is there; where requests may fail, it takes several."""
        for _ in range(50):
            status, user = self.send("POST", "/users", self.user(number))
            if status == 201:
                return user
        raise RuntimeError(f"No user can be registered: {status} {user}")

    def send(self, method, path, body=None, media_type=JSON, connection=None):
        """One request; returns the status and the value in the answer."""
        connection = connection or http.client.HTTPConnection(self.address, timeout=TIMEOUT)
        connection.request(
            method, path, body and json.dumps(body),
            {"Content-Type": media_type, **self.fields})
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None

    def repeat(self, action):
        """Sends requests on one connection as long as it lasts."""
        connection, number = None, 0
        while self.goes_on:
            connection = connection or http.client.HTTPConnection(self.address, timeout=TIMEOUT)
            number += 1
            try:
                status = action(connection, number)
                self.statuses[status] += 1
                if status < 400:
                    self.last_success = time.monotonic()
                else:
                    time.sleep(0.01)
            except (OSError, http.client.HTTPException, KeyError, ValueError) as error:
                self.wrong.append(f"{action.__name__}: {type(error).__name__} {error}")
                connection = None

    def read(self, connection, number):
        """Reads a user; each tenth time, a page of them."""
        if number % 10 == 0:
            status, page = self.send("GET", f"/users?limit={PAGE}", connection=connection)
            if status == 200 and (
                    len(page["items"]) != PAGE
                    or any(user["metadata"] != {"bulk": BULK} for user in page["items"])):
                self.wrong.append("a page that is not what was written")
            return status
        wanted = self.users[number * 7 % PAGE]
        status, user = self.send("GET", f"/users/{wanted['id']}", connection=connection)
        fixed = ("id", "email", "metadata")
        if status == 200 and any(user[name] != wanted[name] for name in fixed):
            self.wrong.append(f"{user['email']} instead of {wanted['email']}")
        return status

    def write(self, connection, number):
        """Registers a user; each second time, changes one."""
        if number % 2 == 0:
            wanted = self.users[number * 5 % PAGE]
            status, user = self.send(
                "PATCH", f"/users/{wanted['id']}", {"display_name": f"Ada {number}"}, MERGE,
                connection)
            if status == 200 and (user["id"], user["display_name"]) != (
                    wanted["id"], f"Ada {number}"):
                self.wrong.append(f"a change of {wanted['email']} answered with {user['email']}")
            return status
        user = self.user(number)
        status, stored = self.send("POST", "/users", user, connection=connection)
        if status == 201:
            self.acknowledged.add(user["email"])
            if stored["email"] != user["email"]:
                self.wrong.append(f"{stored['email']} instead of {user['email']}")
        return status

    def recovers(self, since, seconds):
        """Whether a request succeeds that was answered after a time, before others are up."""
        deadline = since + seconds
        while time.monotonic() < deadline and self.last_success <= since:
            time.sleep(0.02)
        return self.last_success > since

    def report(self, name, server, *, failures=()):
        """Checks what became of the requests; `failures` are the statuses that may occur."""
        check(f"{name}: answers that are wrong", [], self.wrong)
        unexpected = {
            status: count for status, count in self.statuses.items()
            if status not in (200, 201, *failures)}
        check(f"{name}: statuses that must not occur", {}, unexpected)
        check(
            f"{name}: requests that succeeded", at_least(200),
            self.statuses[200] + self.statuses[201])
        stored = collections.Counter(server.sql("SELECT email FROM users"))
        check(f"{name}: acknowledged users that are lost", set(), self.acknowledged - set(stored))
        check(f"{name}: users that are there twice", [], [n for n, c in stored.items() if c > 1])

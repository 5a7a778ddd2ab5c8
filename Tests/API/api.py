"""Callers of the service, and what every program beside this file is given: the URL, how many
rounds, and a seed.
"""

import http.client
import json
import sys
import urllib.parse

from checks import TIMEOUT
from identity import ADMINISTRATOR, PASSWORD

URL = sys.argv[1]
ROUNDS, SEED = (int(argument) for argument in sys.argv[2:4])
HOST, PORT = urllib.parse.urlsplit(URL).hostname, urllib.parse.urlsplit(URL).port
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
# The fields of whoever has no token.
NOBODY = {}


class Answer:
    """A response that was read to its end."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        """The body as JSON; an error if it is none."""
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:200]!r}"


class Caller:
    """Somebody with a connection of their own that stays open; not to be shared by threads.
    `identity` are the fields that tell who it is.
    """

    def __init__(self, identity=ADMINISTRATOR):
        self.identity = identity
        self.connection = http.client.HTTPConnection(HOST, PORT, timeout=TIMEOUT)

    def send(self, method, target, body=None, media_type=None, **fields):
        """Sends a request, its body as JSON, and reads the answer. A field's name is written with
        underscores.
        """
        headers = self.identity | {
            name.replace("_", "-"): value for name, value in fields.items()}
        if body is not None:
            headers["Content-Type"] = media_type or JSON
            body = json.dumps(body).encode()
        self.connection.request(method, target, body, headers)
        return Answer(self.connection.getresponse())

    def get(self, target, **fields):
        """Reads."""
        return self.send("GET", target, **fields)

    def list(self, **parameters):
        """A page of the list."""
        return self.get(list_target(parameters))

    def create(self, body):
        """Registers a user."""
        return self.send("POST", "/users", body)

    def change(self, identifier, patch, **fields):
        """Changes a user by a merge patch."""
        return self.send("PATCH", f"/users/{identifier}", patch, MERGE_PATCH, **fields)

    def delete(self, identifier, **fields):
        """Deletes a user, softly."""
        return self.send("DELETE", f"/users/{identifier}", **fields)


def tokens(answer):
    """The tokens of an answer, which must be one with tokens."""
    if answer.status != 200:
        raise AssertionError(f"There are no tokens: {answer}")
    return answer.json


def identity(answer):
    """The fields of whoever got the tokens of an answer."""
    return {"Authorization": "Bearer " + tokens(answer)["access_token"]}


def log_in(email):
    """The answer to a user who logs in."""
    return Caller(NOBODY).send("POST", "/auth/login", {"email": email, "password": PASSWORD})


def list_target(parameters):
    """The target that asks for a page."""
    return "/users?" + urllib.parse.urlencode(parameters, quote_via=urllib.parse.quote)


def registered(caller, email, **members):
    """The id of a user who is registered for a check; that it works is checked elsewhere."""
    answer = caller.create({"email": email, "display_name": "Ada", **members})
    if answer.status != 201:
        raise AssertionError(f"{email!r} could not be registered: {answer}")
    return answer.json["id"]


def newcomer(email, **members):
    """The id and the fields of a user who has registered and logged in."""
    identifier = registered(Caller(), email, password=PASSWORD, **members)
    return identifier, identity(log_in(email))

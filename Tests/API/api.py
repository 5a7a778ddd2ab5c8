"""A caller of the service, and what every program beside this file is given: the URL, how many
rounds, and a seed.
"""

import http.client
import json
import sys
import urllib.parse

from checks import TIMEOUT

URL = sys.argv[1]
ROUNDS, SEED = (int(argument) for argument in sys.argv[2:4])
HOST, PORT = urllib.parse.urlsplit(URL).hostname, urllib.parse.urlsplit(URL).port
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


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
    """Somebody with a connection of their own that stays open; not to be shared by threads."""

    def __init__(self):
        self.connection = http.client.HTTPConnection(HOST, PORT, timeout=TIMEOUT)

    def send(self, method, target, body=None, media_type=None, **fields):
        """Sends a request, its body as JSON, and reads the answer. A field's name is written with
        underscores.
        """
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
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


def list_target(parameters):
    """The target that asks for a page."""
    return "/users?" + urllib.parse.urlencode(parameters, quote_via=urllib.parse.quote)


def registered(caller, email, **members):
    """The id of a user who is registered for a check; that it works is checked elsewhere."""
    answer = caller.create({"email": email, "display_name": "Ada", **members})
    if answer.status != 201:
        raise AssertionError(f"{email!r} could not be registered: {answer}")
    return answer.json["id"]

"""What every program beside this file is given, and a caller who logs in.

The arguments are the URL of the service, that of its database, the file with its signing key, the
address and the password of the administrator, and how many logins to time.
"""

import http.client
import json
import sys
import urllib.parse

from checks import TIMEOUT

URL, DATABASE, KEY_FILE, EMAIL, PASSWORD = sys.argv[1:6]
TIMED = int(sys.argv[6])
HOST, PORT = urllib.parse.urlsplit(URL).hostname, urllib.parse.urlsplit(URL).port


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

    @property
    def code(self):
        """The code of a problem; None if it is none."""
        return self.json.get("code") if self.status >= 400 else None


class Caller:
    """Somebody with a connection of their own that stays open, and perhaps a token."""

    def __init__(self, token=None):
        self.connection = http.client.HTTPConnection(HOST, PORT, timeout=TIMEOUT)
        self.token = token

    def send(self, method, path, content=None, **headers):
        """Sends a request, with JSON if there is any content, and returns the answer."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            headers.setdefault("Authorization", b"Bearer " + as_octets(self.token))
        body = None
        if content is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(content).encode()
        try:
            self.connection.request(method, path, body, headers)
            return Answer(self.connection.getresponse())
        except (http.client.HTTPException, OSError):
            self.connection.close()
            raise

    def log_in(self, email=EMAIL, password=PASSWORD):
        """Logs in, and speaks with the access token from then on."""
        answer = self.send("POST", "/auth/login", {"email": email, "password": password})
        if answer.status == 200:
            self.token = answer.json["access_token"]
        return answer


def as_octets(token):
    """A token as it goes over the wire."""
    return token if isinstance(token, bytes) else token.encode("utf-8", "surrogateescape")

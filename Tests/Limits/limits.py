"""What the programs beside this file share: clients that have an address of their own, and what an
answer tells of its quotas, read by a parser of Structured Fields (RFC 9651) that others wrote.
"""

import http.client
import itertools
import json
import time
import urllib.parse

import http_sf
from checks import TIMEOUT, check

# 127.0.0.1 is the proxy's and that of whoever logs in beforehand.
HOSTS = itertools.count(2)


class Answer:
    """A response that was read to its end, with its quotas by the names of their policies."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        self.policies = self._list("RateLimit-Policy", "q", "w")
        self.standings = self._list("RateLimit", "r", "t")

    @property
    def json(self):
        """The body as JSON; an error if it is none."""
        return json.loads(self.body)

    @property
    def retry_after(self):
        """The seconds of Retry-After; None without it."""
        value = self.headers["Retry-After"]
        return None if value is None else int(value)

    def _list(self, name, *keys):
        """The items of a list as a dictionary; an error unless each is a string with these
        numbers and nothing else."""
        value = ", ".join(self.headers.get_all(name, []))
        items = http_sf.parse(value.encode("ascii"), tltype="list") if value else []
        for item, parameters in items:
            numbers = [type(number) for number in parameters.values()]
            if type(item) is not str or tuple(parameters) != keys or numbers != [int, int]:
                raise ValueError(f"{name}: {value}")
        if len({item for item, _ in items}) != len(items):
            raise ValueError(f"{name} tells of a policy twice: {value}")
        return {item: tuple(parameters.values()) for item, parameters in items}


class Client:
    """Somebody with an address of this machine that nobody else has, and perhaps a token."""

    def __init__(self, url, host=None, token=None):
        parts = urllib.parse.urlsplit(url)
        self.address = f"127.0.0.{next(HOSTS) if host is None else host}"
        self.connection = http.client.HTTPConnection(
            parts.hostname, parts.port, timeout=TIMEOUT, source_address=(self.address, 0))
        self.token = token

    def send(self, method, path, content=None, **headers):
        """Sends a request, with JSON if there is any content, and returns the answer."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        body = None
        if content is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(content).encode()
        self.connection.request(method, path, body, headers)
        return Answer(self.connection.getresponse())

    def log_in(self, email, password):
        """Tries to log in, and speaks with the access token from then on."""
        answer = self.send("POST", "/auth/login", {"email": email, "password": password})
        if answer.status == 200:
            self.token = answer.json["access_token"]
        return answer


def wait_until(name, condition):
    """Waits for what has no other sign."""
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        if time.monotonic() > deadline:
            check(name, True, False)
            return
        time.sleep(0.02)
    check(name, True, True)


def use_up(name, policy, quota, window, send, admitted):
    """Sends requests until one is refused, by `send(number)`, and checks what each tells of
    `policy`: the answers that are `admitted`, a status, and then 429.

    The quota comes back evenly, so what may come back meanwhile is taken into account.
    """
    began = time.monotonic()
    cost = window / quota

    def seconds(most):
        """Whether some seconds are `most`, less what has passed."""
        least = int(most - (time.monotonic() - began))

        def holds(value):
            return value is not None and least <= value <= most

        holds.__doc__ = f"{least} to {most}"
        return holds

    for number in range(quota):
        answer = send(number)
        check(f"{name}: request {number + 1} of {quota} is answered", admitted, answer.status)
        check(f"{name}: its policy", (quota, window), answer.policies.get(policy))
        left, until = answer.standings.get(policy, (None, None))
        check(f"{name}: what is left after it", quota - number - 1, left)
        check(f"{name}: when all is left again", seconds(-int(-(number + 1) * cost // 1)), until)
    refused = send(quota)
    check(f"{name}: one more is refused", 429, refused.status)
    check(f"{name}: its code", "rate_limited", refused.json.get("code"))
    left, until = refused.standings.get(policy, (None, None))
    check(f"{name}: nothing is left", 0, left)
    check(f"{name}: when all is left again", seconds(window), until)
    check(f"{name}: Retry-After", seconds(-int(-cost // 1)), refused.retry_after)
    check(f"{name}: every policy tells how it stands", set(refused.policies),
          set(refused.standings))
    return refused

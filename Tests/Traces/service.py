"""What every program beside this file is given, and a client that belongs to traces.

The arguments are the URL of the service, the port that it expects a collector on, the file that it logs
to, its process, and the address and the password of the administrator.
"""

import http.client
import json
import pathlib
import secrets
import sys
import time
import urllib.parse

from checks import TIMEOUT

URL, COLLECTOR_PORT, LOG, PROCESS, EMAIL, PASSWORD = sys.argv[1:7]
COLLECTOR_PORT, PROCESS = int(COLLECTOR_PORT), int(PROCESS)
ADDRESS = urllib.parse.urlsplit(URL)


class Trace:
    """A trace that a client begins."""

    def __init__(self, flags="01"):
        self.id = secrets.token_hex(16)
        self.span = secrets.token_hex(8)
        self.header = f"00-{self.id}-{self.span}-{flags}"


class Client:
    """Somebody with a connection of their own."""

    def __init__(self):
        self.connection = http.client.HTTPConnection(
            ADDRESS.hostname, ADDRESS.port, timeout=TIMEOUT)
        self.headers = {}

    def send(self, method, path, content=None, trace=None, **headers):
        """Sends a request and returns the status and the answer; `trace` is what it belongs to."""
        headers = self.headers | {name.replace("_", "-"): text for name, text in headers.items()}
        if trace is not None:
            headers["traceparent"] = trace.header if isinstance(trace, Trace) else trace
        if content is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(content)
        self.connection.request(method, path, content, headers)
        answer = self.connection.getresponse()
        body = answer.read()
        return answer.status, json.loads(body) if body else None

    def log_in(self, trace=None):
        """Speaks as the administrator from now on."""
        _, answer = self.send(
            "POST", "/auth/login", {"email": EMAIL, "password": PASSWORD}, trace=trace)
        self.headers["Authorization"] = f"Bearer {answer['access_token']}"


def log_lines():
    """The lines that the service has logged."""
    return [json.loads(line) for line in pathlib.Path(LOG).read_text().splitlines()]


def lines_of(trace_id, count=1):
    """The lines of a trace, once there are `count` or more; the log is written a moment later."""
    deadline = time.monotonic() + 10
    while True:
        lines = [line for line in log_lines() if line.get("trace_id") == trace_id]
        if len(lines) >= count or time.monotonic() > deadline:
            return lines
        time.sleep(0.02)


def count_of(message):
    """How many lines say this."""
    return sum(line["message"] == message for line in log_lines())

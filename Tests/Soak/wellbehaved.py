"""A client that asks for little, over connections that it keeps and over new ones, and takes the time
of each answer. A process of its own, so that nobody else's work is measured.

Arguments: the port to ask, another instance's port, the id of a user who is an administrator.
On standard input comes a line with a user's id and his token. It prints a line for each request: when
it was answered, on the clock that all processes have in common; how long that took, in seconds; "ok" or
what was wrong. It ends with the program that started it.
"""

import http.client
import json
import sys
import time

PAUSE_SECONDS = 0.01
TIMEOUT_SECONDS = 20


class Connection:
    """A connection to one of the ports; to the next one after the other side has closed it."""

    def __init__(self, port, other_port, token):
        self._ports = [port, other_port]
        self._fields = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection = self._new()

    def _new(self):
        return http.client.HTTPConnection("127.0.0.1", self._ports[0], timeout=TIMEOUT_SECONDS)

    def ask(self, method, path, body=None):
        """Asks once; the status and the content, or what went wrong."""
        try:
            content = None if body is None else json.dumps(body)
            self._connection.request(method, path, content, self._fields)
            answer = self._connection.getresponse()
            found = answer.status, json.loads(answer.read() or "null")
            is_over = answer.will_close
        except (OSError, ValueError, http.client.HTTPException) as error:
            found, is_over = (type(error).__name__, None), True
        if is_over:
            self.close()
            self._ports.reverse()
            self._connection = self._new()
        return found

    def close(self):
        """Closes the connection."""
        self._connection.close()


def timed(connection, expected, *request):
    """Asks, and tells whether the answer was the one expected; returns its content."""
    began = time.monotonic()
    status, content = connection.ask(*request)
    ended = time.monotonic()
    verdict = "ok" if status == expected else f"{status} for {request[0]}"
    print(f"{ended:.6f} {ended - began:.6f} {verdict}", flush=True)
    return content if status == expected else None


def main(port, other_port, administrator):
    """Asks until nobody wants to know any more."""
    user, token = sys.stdin.readline().split()
    mine, other = Connection(port, other_port, token), Connection(other_port, port, token)
    number = 0
    while True:
        number += 1
        new = Connection(port, other_port, token)
        timed(new, 200, "GET", "/health/live")
        new.close()
        timed(mine, 200, "GET", "/users/me")
        # Nobody sees whom he may not see.
        timed(mine, 403, "GET", f"/users/{administrator}")
        written = timed(mine, 200, "PATCH", f"/users/{user}", {"display_name": f"n{number}"})
        # What one instance has acknowledged, the other one knows.
        read = timed(other, 200, "GET", f"/users/{user}")
        if written and read and read["version"] < written["version"]:
            print(f"{time.monotonic():.6f} 0 stale", flush=True)
        time.sleep(PAUSE_SECONDS)


main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])

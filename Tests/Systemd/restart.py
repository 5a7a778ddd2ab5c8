"""Restarts the service five times on a socket that is passed to it, under a load of new connections:
none may be refused, and no request may fail. Arguments: the program, its database, and a folder.
"""

import http.client
import json
import pathlib
import threading
import time
import uuid

from checks import TIMEOUT, attempt, check
from manager import Manager, listening_socket, main

RESTARTS = 5
CLIENTS = 4
# Requests of each client that are answered, at least, before the next restart.
REQUESTS_BETWEEN = 100
# One request in so many makes a user, which takes a processor some time.
REGISTRATION_SHARE = 50


def request(port, number):
    """One request on a connection of its own; what went wrong, or None."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        if (number + 1) % REGISTRATION_SHARE:
            connection.request("GET", "/version", headers={"Connection": "close"})
            expected = 200
        else:
            body = json.dumps({
                "email": f"{uuid.uuid4()}@example.com", "display_name": "Ada",
                "password": "seven quiet otters swim"})
            connection.request("POST", "/users", body, {"Content-Type": "application/json"})
            expected = 201
        answer = connection.getresponse()
        text = answer.read()
        if answer.status == expected:
            return None
        return f"{answer.status} {text[:200]!r} after {number} requests"
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error} after {number} requests"
    finally:
        connection.close()


class Client:
    """Sends one request after the other, on a thread of its own, until it is to end."""

    def __init__(self, port, ended):
        self.port, self.ended = port, ended
        self.done, self.failures = 0, []
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        """Counts what is answered, and keeps what goes wrong."""
        while not self.ended.is_set():
            failure = request(self.port, self.done)
            if failure is None:
                self.done += 1
            else:
                self.failures.append(failure)


def serve_some(clients, manager):
    """Waits until each client has had some more answers; whether that took no longer than it may."""
    targets = [client.done + REQUESTS_BETWEEN for client in clients]
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        if all(client.done >= target for client, target in zip(clients, targets)):
            return True
        manager.hear(0.01)
    return False


def restart(program, settings, log):
    """Restarts it under load, with both kinds of addresses that it may be told to notify."""
    listener = listening_socket()
    port = listener.getsockname()[1]
    manager = Manager(program, settings, f"{pathlib.Path.cwd()}/notify", log)
    ended = threading.Event()
    try:
        manager.start([listener], WATCHDOG_USEC="200000")
        check("systemd: READY=1", True, manager.wait_for("READY=1"))
        check("systemd: STATUS tells the passed address", True,
              f"STATUS=Serving on 127.0.0.1:{port}" in manager.news)
        clients = [Client(port, ended) for _ in range(CLIENTS)]
        for _ in range(RESTARTS):
            check("systemd: clients are served", True, serve_some(clients, manager))
            check("systemd: WATCHDOG=1", True, manager.wait_for("WATCHDOG=1"))
            check("systemd: it ends with status 0", 0, manager.stop())
            check("systemd: STOPPING=1", True, "STOPPING=1" in manager.news)
            manager.start([listener], WATCHDOG_USEC="200000")
            check("systemd: READY=1 again", True, manager.wait_for("READY=1"))
        check("systemd: clients are served at the end", True, serve_some(clients, manager))
        ended.set()
        for client in clients:
            client.thread.join()
        failures = sum((client.failures for client in clients), [])
        check("systemd: requests that failed", [], failures)
        print(f"{sum(client.done for client in clients)} new connections over {RESTARTS} restarts, "
              f"{len(failures)} failed")
        check("systemd: status 0 at the end", 0, manager.stop())
    finally:
        ended.set()
        manager.kill()


attempt("systemd", lambda: main(restart))

"""A service of one's own, whose log is read.

The arguments are the service's program, the URL of its database, and a folder to run it in.
"""

import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

from checks import TIMEOUT

PROGRAM, DATABASE, FOLDER = sys.argv[1:4]


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Service:
    """A service that runs, with these variables."""

    def __init__(self, on_terminal=False, **variables):
        self.port = free_port()
        self.on_terminal = on_terminal
        environment = {
            "DATABASE_URL": DATABASE, "HOST": "127.0.0.1", "PORT": str(self.port),
            "SHUTDOWN_DELAY": "0s", "EVENT_LOOPS": "1", "RATE_LIMIT_ENABLED": "false",
            # Swift's crash reports take a while.
            "SWIFT_BACKTRACE": "enable=no", **variables,
        }
        command = [PROGRAM, "serve"]
        if on_terminal:
            command = ["script", "--quiet", "--command", f"exec '{PROGRAM}' serve", "/dev/null"]
        self.process = subprocess.Popen(
            command, cwd=FOLDER, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.octets = b""
        self.reader = threading.Thread(target=self.read)
        self.reader.start()
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.05)
        self.end(signal.SIGKILL)
        raise TimeoutError("The service does not listen.")

    def read(self):
        """Reads what it logs, a little at a time."""
        while chunk := os.read(self.process.stdout.fileno(), 1000):
            self.octets += chunk

    def ask(self, *paths):
        """Sends requests over one connection, and gives the ids of the answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        ids = []
        for path in paths:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            ids.append(answer.headers["X-Request-ID"])
        connection.close()
        return ids

    def end(self, number=signal.SIGTERM):
        """Ends it by a signal and gives its status and its log."""
        pid = self.process.pid
        if self.on_terminal:
            pid = int(pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text())
        os.kill(pid, number)
        status = self.process.wait(TIMEOUT)
        self.reader.join(TIMEOUT)
        return status, self.octets.decode()


def log(*paths, **variables):
    """What a service logs that is asked for `paths`, as text."""
    service = Service(**variables)
    service.ask(*paths)
    return service.end()[1]


def lines(text):
    """Lines of JSON as objects."""
    return [json.loads(line) for line in text.split("\n")[:-1]]

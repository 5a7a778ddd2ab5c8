"""slowhttptest against the service, in four modes, while another client is served.

Arguments: the URL and the service's process. The service runs with time-outs of three seconds.
"""

import http.client
import pathlib
import re
import subprocess
import sys
import threading
import time
import urllib.parse

import requests

from checks import TIMEOUT, at_least, at_most, attempt, check, new_user
from identity import ADMINISTRATOR
from slowhttptest import modes

URL = sys.argv[1]
PROCESS = pathlib.Path("/proc", sys.argv[2])
HOST, PORT = urllib.parse.urlsplit(URL).netloc.split(":")
CONNECTIONS = 200
# Longest run of a mode, in seconds: connecting takes one, then come the time-outs of three.
SECONDS = 12
# Longest time of a request of the other client, in seconds, on a machine that does much else.
LATENCY_MAX = 5
# What the probe has open at a time.
PROBE_CONNECTIONS = 2
GROWTH_MAX_MIB = 256

COMMON = ["-c", CONNECTIONS, "-r", CONNECTIONS, "-l", SECONDS, "-i", 1, "-p", 5]
MODES = modes(URL, ADMINISTRATOR["Authorization"])


class Probe(threading.Thread):
    """A client that asks all along, by turns over a kept and over a new connection."""

    def __init__(self):
        super().__init__()
        self.ends = threading.Event()
        self.answers, self.failures, self.slowest = 0, [], 0.0

    def run(self):
        kept = self.connection()
        while not self.ends.wait(0.02):
            for path in ("/health/live", "/users?limit=1"):
                new = self.connection()
                for connection in (kept, new):
                    self.ask(connection, path)
                new.close()

    @staticmethod
    def connection():
        """A connection that will be opened when it is used."""
        return http.client.HTTPConnection(HOST, int(PORT), timeout=TIMEOUT)

    def ask(self, connection, path):
        """Asks once and takes the time."""
        began = time.monotonic()
        try:
            connection.request("GET", path, headers=ADMINISTRATOR)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                self.answers += 1
            else:
                self.failures.append(f"{path}: {answer.status}")
        except OSError as error:
            self.failures.append(f"{path}: {type(error).__name__} {error}")
            connection.close()
        self.slowest = max(self.slowest, time.monotonic() - began)


def memory():
    """The most memory that the service has had in MiB; proc(5)."""
    return int(re.search(r"VmHWM:\s*(\d+) kB", (PROCESS / "status").read_text())[1]) // 1024


def descriptors():
    """How many descriptors the service has open."""
    return sum(1 for _ in (PROCESS / "fd").iterdir())


class Attack(threading.Thread):
    """slowhttptest in one mode, and what the service holds meanwhile."""

    def __init__(self, arguments, idle):
        super().__init__()
        command = [str(part) for part in ["slowhttptest", *COMMON, *arguments]]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True)
        self.idle = idle
        # The most connections at a time, and the last ones before the attack ended.
        self.most, self.last = 0, 0
        self.report = ""

    def run(self):
        self.report = self.process.stdout.read()

    def watch(self):
        """Looks at the service until the attack ends."""
        while self.process.poll() is None:
            self.last = descriptors() - self.idle
            self.most = max(self.most, self.last)
            time.sleep(0.05)
        self.join()
        self.report = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", self.report)


def run(mode, idle):
    """Runs slowhttptest in one mode and checks what it did to the service and to others."""
    before = memory()
    probe, attack = Probe(), Attack(MODES[mode], idle)
    probe.start()
    attack.start()
    attack.watch()
    grown = memory() - before
    probe.ends.set()
    probe.join()
    check(f"{mode}: requests of others that failed", [], probe.failures)
    check(f"{mode}: requests of others", at_least(100), probe.answers)
    check(f"{mode}: seconds of the slowest of them", at_most(LATENCY_MAX), probe.slowest)
    if mode != "ranges":
        # Ranges are refused or answered at once; the other modes are to hold connections.
        check(f"{mode}: connections at once", at_least(CONNECTIONS // 2), attack.most)
    # It ends early when all of its connections are closed, before the next look at the service.
    left = 0 if "No open connections left" in attack.report else attack.last
    check(f"{mode}: connections left before it ended", at_most(PROBE_CONNECTIONS), left)
    print(mode, grown, attack.process.returncode, probe.slowest)
    check(f"{mode}: MiB that the service has grown", at_most(GROWTH_MAX_MIB), grown)


def main():
    """Runs the modes one after the other."""
    with requests.Session() as session:
        session.headers.update(ADMINISTRATOR)
        for _ in range(100):
            session.post(
                f"{URL}/users", json=new_user(metadata={"note": "x" * 3000}), timeout=TIMEOUT)
    time.sleep(0.5)
    idle = descriptors()
    for mode in MODES:
        attempt(mode, lambda: run(mode, idle))


main()

"""Has a service die between the commit of a change and the moment when Redis is told to forget the
user, and looks for answers that are older than they may be: than what anybody has been told, and in
the end than the change that nobody has been told of. The arguments: the program of the service, a
folder, the ports of two services, those of Redis and of the proxy by which the second service
reaches it, the life of what is kept in milliseconds, and an administrator. The services' settings
are in the environment.
"""

import http.client
import os
import subprocess
import sys
import threading
import time

from checks import TIMEOUT, at_least, at_most, attempt, check, new_user
from client import Client
from proxy import Proxy
from redis_server import Redis
from samples import sample
from user_cache import life_max

PROGRAM, FOLDER, *NUMBERS, EMAIL, PASSWORD = sys.argv[1:]
FIRST, SECOND, REDIS_PORT, PROXY_PORT, LIFE = map(int, NUMBERS)
PORTS = (FIRST, SECOND)
LIFE /= 1000
END = life_max(LIFE)
ROUNDS = 3
# The command by which a service has Redis forget a user, as it is sent.
DELETION = b"\r\nDEL\r\n"


class Service:
    """A process of the service, which can die and come back."""

    def __init__(self, port, redis_port):
        self.port = port
        self.environment = {
            **os.environ, "PORT": str(port), "REDIS_URL": f"redis://127.0.0.1:{redis_port}"}
        self.process = None

    def start(self):
        """Starts it, unless it is there, and returns when all of it has Redis."""
        if self.process:
            return
        with open(f"{FOLDER}/deaths-{self.port}.log", "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", PROGRAM, "serve"], cwd=FOLDER,
                env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + TIMEOUT
        while not self._is_ready():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(f"The service on port {self.port} does not become ready.")
            time.sleep(0.005)

    def _is_ready(self):
        try:
            down, up = (
                sample(self.port, f'redis_connections{{state="{state}"}}')
                for state in ("down", "up"))
        except (OSError, http.client.HTTPException):
            return False
        return up and not down

    def end(self, by):
        """Ends it by a method of its process, if it is there."""
        if self.process:
            by(self.process)
            self.process.wait()
            self.process = None


class Reader:
    """Somebody who reads a user all the time, through the services that are there."""

    def __init__(self, user):
        self.user = user
        self.running, self.ports, self.seen = True, [], []
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self):
        client, turn = Client(PORTS), 0
        while self.running:
            turn += 1
            if not self.ports:
                time.sleep(0.001)
                continue
            port, asked = self.ports[turn % len(self.ports)], time.monotonic()
            status, body = client.send(port, "GET", f"/users/{self.user}")
            self.seen.append((asked, status, body and body.get("display_name")))
            time.sleep(0.002)

    def stop(self):
        """What was answered, and when each question was asked."""
        self.running = False
        self.thread.join()
        return self.seen


class Story:
    """A user, and what befalls those who change it."""

    def __init__(self, redis):
        self.redis, self.proxy = redis, Proxy(PROXY_PORT, REDIS_PORT)
        self.victim, self.other = Service(SECOND, PROXY_PORT), Service(FIRST, REDIS_PORT)
        self.user = None
        self.number = self.old_count = 0

    def begin(self):
        """Makes the user."""
        self.other.start()
        client = Client(PORTS)
        client.log_in(FIRST, EMAIL, PASSWORD)
        self.user = client.send(FIRST, "POST", "/users", new_user(display_name="n0"))[1]["id"]

    def end(self):
        """Ends the services as an operator does."""
        for service in (self.victim, self.other):
            service.end(subprocess.Popen.terminate)

    def entry(self):
        """What Redis keeps of the user; None if that is nothing."""
        keys = self.redis.ask("KEYS", f"user-management:user:*:{self.user.replace('-', '')}")
        return self.redis.ask("GET", keys[0]) if keys else None

    def die(self, is_alone):
        """Changes the user through the victim, which dies when it is about to delete what is kept.
        Returns when it was about to.
        """
        self.victim.start()
        self.other.start()
        if is_alone:
            self.other.end(subprocess.Popen.kill)
        # What is kept is to live as long as it can.
        self.redis.ask("FLUSHALL")
        Client(PORTS).send(SECOND, "GET", f"/users/{self.user}")
        check("before the death: the user is kept", b"U", (self.entry() or b"")[:1])
        self.number += 1
        answers = []
        self.proxy.set_trap(DELETION)
        writing = threading.Thread(target=self._rename, args=(answers,))
        writing.start()
        check("the deletion was on its way", True, self.proxy.trapped.wait(TIMEOUT))
        died = time.monotonic()
        self.victim.end(subprocess.Popen.kill)
        self.proxy.lose()
        writing.join()
        check("nobody was told of the change", [], answers)
        return died

    def _rename(self, answers):
        try:
            answers.append(Client(PORTS).rename(SECOND, self.user, f"n{self.number}"))
        except (OSError, http.client.HTTPException):
            pass

    def unheard(self, is_alone):
        """Nobody else changes the user: what is kept goes by itself, or another process has heard
        of the change.
        """
        name = f"alone {self.number}" if is_alone else f"beside another {self.number}"
        died = self.die(is_alone)
        reader = Reader(self.user)
        try:
            if is_alone:
                check(f"{name}: the user is kept still", b"U", (self.entry() or b"")[:1])
            self.other.start()
            reader.ports = [FIRST]
            self.victim.start()
            reader.ports = list(PORTS)
            time.sleep(max(0, died + END + LIFE / 2 - time.monotonic()))
        finally:
            seen = reader.stop()
        new, old = f"n{self.number}", f"n{self.number - 1}"
        ages = [asked - died for asked, _, value in seen if value == old]
        self.old_count += len(ages) if is_alone else 0
        check(f"{name}: what is answered", {(200, new)}, {
            (status, value) for _, status, value in seen} - {(200, old)})
        check(f"{name}: seconds until the last answer that is old", at_most(END),
              max(ages, default=0))
        check(f"{name}: answers", at_least(100), len(seen))
        print(f"{name}: {len(ages)} of {len(seen)} answers were old, the last one was asked for"
              f" {max(ages, default=0):.3f} s after the death", flush=True)

    def told(self):
        """The client changes the user again, through a process that was not there, and is told."""
        self.die(is_alone=True)
        self.other.start()
        self.number += 1
        status, _ = Client(PORTS).rename(FIRST, self.user, f"n{self.number}")
        reader = Reader(self.user)
        try:
            reader.ports = [FIRST]
            self.victim.start()
            reader.ports = list(PORTS)
            time.sleep(LIFE / 2)
        finally:
            seen = reader.stop()
        check(f"told {self.number}: the change", 200, status)
        check(f"told {self.number}: answers to what was asked afterwards", {
            (200, f"n{self.number}")}, {(status, value) for _, status, value in seen})


def conversation():
    """Three ways to go on after a death."""
    redis = Redis(REDIS_PORT, FOLDER)
    redis.start()
    story = Story(redis)
    try:
        story.begin()
        for _ in range(ROUNDS):
            story.unheard(is_alone=True)
            story.unheard(is_alone=False)
            story.told()
        check("alone: answers that were old while they might be", at_least(1), story.old_count)
    finally:
        story.end()
        redis.kill()


attempt("conversation", conversation)

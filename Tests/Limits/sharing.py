"""Has two services share their quotas by way of a Redis, and takes that from them in every way there
is. The arguments are the URL of nginx before the two, the ports of both, those of Redis, and the logs
of both.
"""

import concurrent.futures
import http.client
import itertools
import pathlib
import signal
import sys
import time

from checks import TIMEOUT, at_most, attempt, check
from limits import Client, wait_until
from redis_server import Redis
from samples import sample

PAIR, FIRST, SECOND, PORT, *LOGS = sys.argv[1:]
PORTS = [int(FIRST), int(SECOND)]
IP = 8
# What a request may take while Redis is away: far more than its deadline, on a machine that is busy.
PATIENCE = 1


def wait_for(state):
    """Waits until every loop of both services has its connection, or has lost it."""
    other = {"up": "down", "down": "up"}[state]
    wait_until(f"Redis is {state} to both services", lambda: all(
        sample(port, f'redis_connections{{state="{other}"}}') == 0 for port in PORTS))


def admitted():
    """How many requests of a new client are admitted by the two between them."""
    client = Client(PAIR)
    statuses = [client.send("GET", "/nothing").status for _ in range(2 * IP + 2)]
    return statuses.count(404), statuses.count(429)


def said(text):
    """How often each service has logged a line."""
    return [pathlib.Path(log).read_text().count(text) for log in LOGS]


class Load:
    """Clients that send requests to both services until they are told to stop."""

    def __init__(self):
        self.running = True
        self.pool = concurrent.futures.ThreadPoolExecutor(8)
        self.clients = [self.pool.submit(self._send, PORTS[index % 2]) for index in range(8)]

    def _send(self, port):
        statuses, longest = {}, 0
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        while self.running:
            began = time.monotonic()
            connection.request("GET", "/nothing")
            response = connection.getresponse()
            response.read()
            longest = max(longest, time.monotonic() - began)
            statuses[response.status] = statuses.get(response.status, 0) + 1
        return statuses, longest

    def stop(self, name):
        """Ends it; every request must have had an answer that is no failure, and soon."""
        self.running = False
        results = [client.result() for client in self.clients]
        statuses = set(itertools.chain.from_iterable(statuses for statuses, _ in results))
        check(f"{name}: every request is answered, and none with a failure", set(),
              statuses - {404, 429})
        check(f"{name}: the longest took", at_most(PATIENCE), max(longest for _, longest in results))


def outages():
    redis = Redis(PORT)
    wait_for("down")
    check("no Redis yet: each counts by itself", (2 * IP, 2), admitted())
    redis.start()
    try:
        wait_for("up")
        check("two services with a Redis: the quota once", (IP, IP + 2), admitted())

        load = Load()
        redis.kill()
        wait_for("down")
        check("killed: each counts by itself", (2 * IP, 2), admitted())
        redis.start()
        wait_for("up")
        check("back, and empty: the quota once", (IP, IP + 2), admitted())
        load.stop("killed and started anew")

        load = Load()
        redis.signal(signal.SIGSTOP)
        wait_for("down")
        check("stopped: each counts by itself", (2 * IP, 2), admitted())
        redis.signal(signal.SIGCONT)
        wait_for("up")
        check("goes on: the quota once", (IP, IP + 2), admitted())
        load.stop("stopped and continued")
    finally:
        redis.kill()
    wait_for("down")
    wait_until("each loss was logged once", lambda: said("Redis out of use") == [4, 4])
    check("and each return", [3, 3], said("Redis in use again"))


attempt("outages", outages)

"""Has clients change users through one service and read them through the other, and looks for answers
that are older than a change that somebody has been told of before the question. The arguments are the
ports of both services, those of Redis and of the proxy by which the second service reaches it, a
folder for snapshots, the life of what is kept in milliseconds, and an administrator.
"""

import signal
import sys
import threading
import time

from checks import TIMEOUT, at_least, at_most, attempt, check, new_user
from client import Client
from proxy import Proxy
from redis_server import Redis
from samples import sample

*NUMBERS, FOLDER, LIFE, EMAIL, PASSWORD = sys.argv[1:]
FIRST, SECOND, REDIS_PORT, PROXY_PORT = map(int, NUMBERS)
PORTS = (FIRST, SECOND)
LIFE = int(LIFE) / 1000
USERS = 4
# What a change may take beside the life of what is kept, on a machine that is busy.
PATIENCE = 2


def total(name):
    """The sum of a sample over both services."""
    return sum(sample(port, name) or 0 for port in PORTS)


def read_count(outcome):
    return total(f'user_cache_reads_total{{outcome="{outcome}"}}')


def statement_count():
    return total('database_query_seconds_count{statement="users_by_id"}')


def late_count():
    """Readers who had no word of Redis in time."""
    return read_count("failed") + read_count("crowded")


def asked_count():
    """Statements, but for those of readers who had no word of Redis in time."""
    return statement_count() - late_count()


def wait_until_up():
    deadline = time.monotonic() + TIMEOUT
    while total('redis_connections{state="down"}') or not total('redis_connections{state="up"}'):
        if time.monotonic() > deadline:
            check("both services have Redis", True, False)
            return
        time.sleep(0.02)


class Load:
    """For each user one who changes it, through the services by turns, and reads it through both; and
    others who read all of them."""

    def __init__(self, told):
        self.users, self.told = list(told), told
        self.running, self.stale, self.failures = True, [], []
        self.longest, self.read_count, self.change_count = 0, 0, 0
        self.threads = [threading.Thread(target=self._guard, args=(self._change, user, turn))
                        for turn, user in enumerate(self.users)]
        self.threads += [threading.Thread(target=self._guard, args=(self._read, turn))
                         for turn in range(3)]
        for thread in self.threads:
            thread.start()

    def _guard(self, action, *arguments):
        try:
            action(Client(PORTS), *arguments)
        except Exception as error:
            self.failures.append(f"{type(error).__name__}: {error}")

    def _look(self, client, port, user):
        told = self.told[user]
        status, body = client.send(port, "GET", f"/users/{user}")
        self.read_count += 1
        if status != 200:
            self.failures.append((status, body))
        elif (seen := int(body["display_name"][1:])) < told:
            self.stale.append((port, user, told, seen))

    def _change(self, client, user, turn):
        number = self.told[user]
        while self.running:
            number, turn = number + 1, turn + 1
            began = time.monotonic()
            status, body = client.rename(PORTS[turn % 2], user, f"n{number}")
            self.longest = max(self.longest, time.monotonic() - began)
            self.change_count += 1
            if status != 200:
                self.failures.append((status, body))
                continue
            self.told[user] = number
            for port in (PORTS[(turn + 1) % 2], PORTS[turn % 2]) * 3:
                self._look(client, port, user)

    def _read(self, client, turn):
        while self.running:
            turn += 1
            self._look(client, PORTS[turn % 2], self.users[turn // 2 % len(self.users)])

    def stop(self):
        self.running = False
        for thread in self.threads:
            thread.join()


def under(name, told, trouble, stale=None, most=0):
    """Has load while there is trouble. `told` is what was told of each user; `stale`, how many stale
    answers there are to be: none."""
    load = Load(told)
    try:
        trouble()
    finally:
        load.stop()
    check(f"{name}: answers that are older than what was told", [] if stale is None else stale,
          load.stale if stale is None else len(load.stale))
    check(f"{name}: requests that failed", [], load.failures)
    check(f"{name}: the longest change, in seconds", at_most(most + PATIENCE), load.longest)
    print(f"{name}: {load.change_count} changes, the longest {load.longest:.3f} s; "
          f"{load.read_count} reads", flush=True)


def stampede(user):
    """Has 200 ask at once for a user whom Redis does not hold; returns their statuses, how many Redis
    told to ask PostgreSQL, the statements that they sent, and how many asked since Redis had not told
    them."""
    time.sleep(2 * LIFE)
    misses, statements, late = read_count("miss"), asked_count(), late_count()
    clients, statuses = [Client(PORTS) for _ in range(100)], []
    barrier = threading.Barrier(2 * len(clients))

    def ask(client, port):
        client.connections[port].connect()
        barrier.wait()
        statuses.append(client.send(port, "GET", f"/users/{user}")[0])

    threads = [threading.Thread(target=ask, args=(client, port))
               for client in clients for port in PORTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (statuses, read_count("miss") - misses, asked_count() - statements,
            late_count() - late)


def stampedes(user):
    """One asks for all, unless a busy machine holds him for longer than his lease is good."""
    for _ in range(6):
        statuses, *asked = stampede(user)
        check("200 who ask at once: all are answered", [200] * 200, statuses)
        if asked == [1, 1, 0]:
            break
    check("200 who ask at once: who asked, statements, and how many had no word of Redis", [1, 1, 0],
          asked)


class Trouble:
    """What may befall Redis."""

    def __init__(self, redis, proxy):
        self.redis, self.proxy = redis, proxy

    def none(self):
        time.sleep(3)

    def killed(self):
        self.redis.kill()
        time.sleep(1.5)
        self.redis.start()
        wait_until_up()
        time.sleep(1)

    def stopped(self):
        for _ in range(2):
            self.redis.signal(signal.SIGSTOP)
            time.sleep(1.2)
            self.redis.signal(signal.SIGCONT)
            time.sleep(0.8)

    def stuttering(self):
        for turn in range(60):
            self.redis.signal(signal.SIGSTOP)
            time.sleep(0.005 * (turn % 10))
            self.redis.signal(signal.SIGCONT)
            time.sleep(0.02)

    def wiped(self):
        for _ in range(60):
            self.redis.ask("FLUSHALL")
            time.sleep(0.04)

    def disconnected(self):
        for _ in range(6):
            self.redis.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            time.sleep(0.4)

    def restored(self):
        for _ in range(3):
            self.redis.ask("SAVE")
            self.redis.kill()
            self.redis.start()
            wait_until_up()
            time.sleep(0.3)

    def cut_off(self):
        for _ in range(2):
            self.proxy.is_cut = True
            time.sleep(1.2)
            self.proxy.is_cut = False
            time.sleep(0.6)

    def sabotaged(self):
        """Somebody writes back what he has seen first."""
        first, end = {}, time.monotonic() + 2
        while time.monotonic() < end:
            for key in self.redis.ask("KEYS", "user-management:user:*"):
                value = self.redis.ask("GET", key)
                if value is None or value[:1] != b"U":
                    continue
                self.redis.ask("SET", key, first.setdefault(key, value), "PX", 2000)


def conversation():
    redis = Redis(REDIS_PORT, FOLDER)
    redis.start()
    try:
        trouble = Trouble(redis, Proxy(PROXY_PORT, REDIS_PORT))
        wait_until_up()
        client = Client(PORTS)
        client.log_in(FIRST, EMAIL, PASSWORD)
        told = {client.send(FIRST, "POST", "/users", new_user(display_name="n0"))[1]["id"]: 0
                for _ in range(USERS)}
        stampedes(next(iter(told)))
        hits = read_count("hit")
        under("calm", told, trouble.none)
        check("calm: users come from Redis", at_least(100), read_count("hit") - hits)
        for name in ("killed", "stopped", "stuttering", "wiped", "disconnected", "restored",
                     "cut_off"):
            under(name.replace("_", " "), told, getattr(trouble, name), most=1.1 * LIFE)
        wait_until_up()
        check("changes that waited until nothing was left", at_least(1),
              total('user_cache_invalidations_total{outcome="missed"}'))
        under("sabotaged", told, trouble.sabotaged, stale=at_least(1))
        time.sleep(2.5)
        hits = read_count("hit")
        under("calm again", told, trouble.none)
        check("calm again: users come from Redis", at_least(100), read_count("hit") - hits)
    finally:
        redis.kill()


attempt("conversation", conversation)

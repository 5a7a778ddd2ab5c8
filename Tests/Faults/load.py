"""Clients that create, change, read, list and delete users, and tell a history what they learn.

A user belongs to the client that made it, which changes it without conditions while no outcome is
in doubt: a change that the service repeated on its own would show as a version too many. Some users
are shared: there every change is conditional (If-Match), and clients race.
"""

import asyncio
import random
import time

from exchange import BrokenError
from history import History
from tally import READS, WRITES, Tally

CLIENT_COUNT = 24
# Python is to take a smaller part of the machine than the service and the database.
PAUSE_SECONDS = 0.008
# A client whose request failed is more patient, but far less than Retry-After asks for: how soon
# the service is back is to be seen.
PAUSE_AFTER_FAILURE_SECONDS = 0.025
# What makes a user large enough that tables soon have to grow.
METADATA = {"note": "x" * 1000}
OWN_USERS_MAX = 8
SHARED_USERS_MAX = 4


class Period:
    """What one fault's load has in common: names that no other period has, the history, counts.
    `life` is that of a cache.
    """

    def __init__(self, number, life=0):
        self.number = number
        self.history = History(life)
        self.tally = Tally()
        self.shared = []
        self.all = []
        self._last = 0

    def unique(self):
        """A number that was not used before."""
        self._last += 1
        return self._last


class Client:
    """One connection's worth of load."""

    def __init__(self, exchange, period, seed):
        self.exchange = exchange
        self.period, self.history = period, period.history
        self.random = random.Random(seed)
        self.own = []
        self.is_failing = False

    async def run(self, is_stopped):
        """Sends requests until it is told to stop; the last one is answered before it returns."""
        while not is_stopped():
            self.is_failing = False
            await self._choose()()
            pause = PAUSE_AFTER_FAILURE_SECONDS if self.is_failing else PAUSE_SECONDS
            await asyncio.sleep(pause * self.random.uniform(0.5, 1.5))
        self.exchange.close()

    def _choose(self):
        share = self.random.random()
        if not self.own or share < 0.05:
            return self._create
        if share < 0.40:
            return self._change_own
        if share < 0.45:
            return self._change_shared
        if share < 0.48:
            return self._delete
        return self._list if share < 0.60 else self._read

    async def _ask(self, kind, method, path, body=None, fields=()):
        """Sends a request; returns its time, status, code or None, and body."""
        began = time.monotonic()
        try:
            status, content = await self.exchange.ask(method, path, body, fields)
            code = content.get("code") if status >= 400 else None
            what = f"{status} {code}" if code else str(status)
        except BrokenError as error:
            status, code, content, what = None, None, None, "broken"
            self.period.tally.note(what, f"{method} {path}: {error}")
        ended = time.monotonic()
        self.period.tally.add(kind, what, began, ended)
        self.is_failing = status is None or status >= 500
        return began, status, code, content

    async def _create(self):
        number = self.period.unique()
        email, name = f"p{self.period.number}.{number}@example.com", f"n{number}"
        self.history.creation_sent(email, name)
        _, status, code, body = await self._ask(
            WRITES, "POST", "/users",
            {"email": email, "display_name": name, "metadata": METADATA})
        if status == 201:
            user = self.history.creation_acknowledged(
                email, body["id"], body["version"], time.monotonic())
            self.period.all.append(user)
            if len(self.period.shared) < SHARED_USERS_MAX:
                self.period.shared.append(user)
            else:
                self.own.append(user)
                self.own = self.own[-OWN_USERS_MAX:]
        elif status == 409:
            self.history.creation_conflicted(email)
        elif is_refusal(status, code):
            self.history.creation_refused(email)
        else:
            self.history.creation_unknown(email)

    async def _change_own(self):
        user = self.random.choice(self.own)
        # A change without a condition must be the only one that can take effect.
        is_conditional = user.is_doubtful or self.random.random() < 0.5
        await self._change(user, f"n{self.period.unique()}", is_conditional)

    async def _change_shared(self):
        if self.period.shared:
            user = self.random.choice(self.period.shared)
            await self._change(user, f"n{self.period.unique()}", True)

    async def _delete(self):
        user = self.random.choice(self.own)
        await self._change(user, None, user.is_doubtful or self.random.random() < 0.5)

    async def _change(self, user, name, is_conditional):
        expected = max(user.acknowledged.last, user.seen.last)
        write = self.history.write_sent(user, expected, name)
        fields = [f'If-Match: "{expected}"'] if is_conditional else []
        method, body = ("DELETE", None) if name is None else ("PATCH", {"display_name": name})
        _, status, code, body = await self._ask(WRITES, method, f"/users/{user.id}", body, fields)
        now = time.monotonic()
        if status == 200:
            self.history.write_acknowledged(write, body["version"], body["display_name"], now)
        elif status == 204:
            self.history.write_acknowledged(write, expected + 1, None, now)
        elif status == 412 and is_conditional:
            self.history.write_mismatched(write, now)
        elif status == 404:
            self.history.write_found_nothing(write)
        elif is_refusal(status, code):
            self.history.write_refused(write)
        else:
            self.history.write_unknown(write)
            if not is_conditional:
                self._forget(user)
        if name is None or status in (404, 412):
            await self._look_again(user, status)

    async def _look_again(self, user, status):
        """After a deletion, or a change that met another one."""
        if status in (204, 404):
            self._forget(user, is_deleted=True)
        else:
            await self._read_user(user)

    def _forget(self, user, is_deleted=False):
        if user in self.own:
            self.own.remove(user)
        if is_deleted and user in self.period.all:
            self.period.all.remove(user)

    async def _read(self):
        # The newest are those that others change, too.
        await self._read_user(self.random.choice(self.period.all[-200:] or self.own))

    async def _read_user(self, user):
        began, status, _, body = await self._ask(READS, "GET", f"/users/{user.id}")
        now = time.monotonic()
        if status == 200:
            self.history.observed(user, body["version"], body["display_name"], began, now)
        elif status == 404:
            self.history.missed(user)

    async def _list(self):
        began, status, _, body = await self._ask(READS, "GET", "/users?limit=20")
        if status != 200:
            return
        now = time.monotonic()
        for item in body["items"]:
            user = self.history.users.get(item["id"])
            if user:
                self.history.observed(user, item["version"], item["display_name"], began, now)


class Load:
    """The clients of a period; `make_exchange` gives each its connection."""

    def __init__(self, make_exchange, period, seed, client_count=CLIENT_COUNT):
        self._is_stopped = False
        self._clients = [
            asyncio.create_task(
                Client(make_exchange(), period, f"{seed} {number}").run(self._ended))
            for number in range(client_count)
        ]

    def _ended(self):
        return self._is_stopped

    async def stop(self):
        """Returns when every request has been answered."""
        self._is_stopped = True
        await asyncio.gather(*self._clients)


def is_refusal(status, code):
    """Whether an answer promises that nothing was done, docs/api.md."""
    return status is not None and (
        400 <= status < 500 or (status, code) == (503, "unavailable"))

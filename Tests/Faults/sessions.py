"""Sessions that are ended one by one, by SQL, while a fault comes and goes: no token of one that has
ended may be accepted, and no other one refused.
"""

import asyncio
import base64
import collections
import json
import random
import time

from exchange import BrokenError, Exchange
from server import ServerError

# Sessions of a period: those that are ended, and those that are not.
ENDED_COUNT = 16
KEPT_COUNT = 4
LOGIN_ATTEMPTS_MAX = 30
# Time between two ends, in seconds: so that they go on as long as most faults.
END_SECONDS = 0.5
# Connections that present the tokens, which are on all of the service's loops, and their pauses.
CONNECTION_COUNT = 6
PAUSE_SECONDS = 0.03
# How soon the service hears of an end, and how soon at the latest it knows that it hears nothing:
# a proof that is sent each second, and that may take two. In seconds.
HEARD_SECONDS_MAX = 1.0
DEAF_SECONDS_MAX = 1.0 + 2.0 + 0.5

Answer = collections.namedtuple("Answer", "session began ended status")


class Session:
    """A login, and when it was ended: the asking, and its acknowledgement."""

    def __init__(self, token):
        self.token = token
        self.id = claims(token)["sid"]
        self.asked_at = self.ended_at = None


class Sessions:
    """The sessions of a period, of one service."""

    def __init__(self, server, port, administrator):
        self._server, self._port = server, port
        self._administrator = administrator
        self._all = []
        self._answers = []
        self._tasks = []

    async def begin(self):
        """Logs in, presents every token, and goes on until :meth:`stop`."""
        for _ in range(ENDED_COUNT + KEPT_COUNT):
            self._all.append(Session(await log_in(self._port, self._administrator)))
        self._tasks = [asyncio.create_task(self._end())]
        self._tasks += [
            asyncio.create_task(self._present(number)) for number in range(CONNECTION_COUNT)
        ]

    async def stop(self):
        """Ends; what was under way is forgotten."""
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)

    async def last_statuses(self):
        """What the tokens are answered in the end, when all is well: of those whose session has
        ended, and of the others.
        """
        statuses = {True: collections.Counter(), False: collections.Counter()}
        for _ in range(CONNECTION_COUNT):
            exchange = Exchange(self._port)
            for session in self._all:
                exchange.token = session.token
                status, _ = await exchange.ask("GET", "/users/me")
                if session.ended_at is not None or session.asked_at is None:
                    statuses[session.ended_at is not None][status] += 1
            exchange.close()
        return statuses[True], statuses[False]

    async def end_all(self):
        """Ends what is left: with more sessions than a user may have, a login ends the oldest ones,
        of which the load's is one.
        """
        ids = ", ".join(f"'{session.id}'" for session in self._all)
        await self._server.sql(f"DELETE FROM sessions WHERE id IN ({ids});")

    def accepted(self, began, ended, is_deaf):
        """The answers that accepted a token although its session had ended. While the fault holds,
        `is_deaf` says whether the service cannot hear that.
        """
        for answer in self._answers:
            since = answer.session.ended_at
            if answer.status != 200 or since is None:
                continue
            may_be_deaf = is_deaf and began <= answer.began < ended
            limit = DEAF_SECONDS_MAX if may_be_deaf else HEARD_SECONDS_MAX
            # What was ended while the fault held is known when it has ended.
            if answer.began > since + limit:
                yield f"{answer.began - since:.2f} s after its end"

    def refused(self):
        """The answers that refused a token although nobody had asked to end its session."""
        for answer in self._answers:
            asked = answer.session.asked_at
            if answer.status == 401 and (asked is None or answer.ended < asked):
                yield f"at {answer.ended:.2f}"

    async def _end(self):
        for session in self._all[KEPT_COUNT:]:
            await asyncio.sleep(END_SECONDS)
            session.asked_at = time.monotonic()
            while session.ended_at is None:
                try:
                    await self._server.sql(f"DELETE FROM sessions WHERE id = '{session.id}';")
                    session.ended_at = time.monotonic()
                except ServerError:
                    await asyncio.sleep(0.05)

    async def _present(self, seed):
        exchange, choice = Exchange(self._port), random.Random(seed)
        try:
            while True:
                await self._present_one(exchange, choice.choice(self._all))
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            exchange.close()

    async def _present_one(self, exchange, session):
        exchange.token, began = session.token, time.monotonic()
        try:
            status, _ = await exchange.ask("GET", "/users/me")
            self._answers.append(Answer(session, began, time.monotonic(), status))
        except BrokenError:
            pass


async def log_in(port, administrator):
    """A token of a new session of `administrator`, the body of a login."""
    exchange = Exchange(port)
    for _ in range(LOGIN_ATTEMPTS_MAX):
        status, answer = await exchange.ask("POST", "/auth/login", administrator)
        if status != 503:
            break
        # Hashing gives way to whatever else the machine does.
        await asyncio.sleep(1)
    exchange.close()
    if status != 200:
        raise RuntimeError(f"Nobody can log in: {status} {answer}")
    return answer["access_token"]


def claims(token):
    """What a token says; RFC 7519, section 3."""
    text = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))

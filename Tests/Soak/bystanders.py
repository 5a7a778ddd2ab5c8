"""The well-behaved clients, one of each service, and what they saw."""

import asyncio
import pathlib
import sys

from exchange import Exchange
from report import Answer
from sessions import claims, log_in

PROGRAM = pathlib.Path(__file__).with_name("wellbehaved.py")
PASSWORD = "eleven patient otters"


class Bystanders:
    """They ask from the beginning to the end of a `with` statement."""

    COUNT = 2

    def __init__(self, soak):
        self._soak = soak
        self._programs = []
        self.answers = []

    async def __aenter__(self):
        ports = [instance.port for instance in self._soak.instances.values()]
        administrator = claims(self._soak.token)["sub"]
        for number in range(self.COUNT):
            user, token = await self._register(ports[0], f"bystander{number}@example.com")
            program = await asyncio.create_subprocess_exec(
                "setpriv", "--pdeathsig", "TERM", sys.executable, "-B", PROGRAM, str(ports[number]),
                str(ports[1 - number]), administrator, stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE)
            program.stdin.write(f"{user} {token}\n".encode())
            self._programs.append((program, asyncio.create_task(self._listen(program.stdout))))
        return self

    async def __aexit__(self, *_):
        for program, listening in self._programs:
            program.terminate()
            await program.wait()
            await listening
        self.answers.sort()

    async def _register(self, port, email):
        exchange = Exchange(port, self._soak.token)
        status, user = await exchange.ask("POST", "/users", {
            "email": email, "display_name": "n0", "password": PASSWORD})
        exchange.close()
        if status != 201:
            raise RuntimeError(f"There is no {email}: {status} {user}")
        return user["id"], await log_in(port, {"email": email, "password": PASSWORD})

    async def _listen(self, stream):
        while line := (await stream.readline()).decode():
            if line.endswith("\n"):
                moment, seconds, verdict = line.rstrip("\n").split(" ", 2)
                self.answers.append(Answer(float(moment), float(seconds), verdict))

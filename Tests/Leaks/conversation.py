"""A conversation that passes every border to C: libpq with results, errors and lost connections,
libargon2, libidn2, libunistring and zlib. Arguments: the service's port, how often, the folder of the
server's programs, and that of its socket.

It prints lines as Tests/Clients/checks.py describes them.
"""

import asyncio
import sys

from checks import check
from exchange import Exchange
from server import Server

ADMINISTRATOR = {"email": "administrator@example.com", "password": "seventeen brave otters"}
# What the service is called by the server.
NAME = "watched"
# The longest that it takes to connect again, in attempts of a tenth of a second.
ATTEMPTS_MAX = 300


async def converse(exchange, number):
    """One round; returns the statuses."""
    email = f"u{number}@bücher.example"
    user = {"email": email, "display_name": "Ada Ünal", "password": "fifteen patient otters"}
    created, answer = await exchange.ask("POST", "/users", user)
    path = f"/users/{answer['id']}"
    asked = [
        await exchange.ask("POST", "/users", user),
        await exchange.ask("GET", path),
        await exchange.ask("PATCH", path, {"display_name": "Grace"}),
        await exchange.ask("GET", "/users?limit=20"),
        await exchange.ask("GET", "/users?q=ada"),
        await exchange.ask("POST", "/auth/login", {**ADMINISTRATOR, "password": "wrong"}),
        await exchange.ask("DELETE", path),
        await exchange.ask("POST", "/auth/logout"),
    ]
    return created, *(status for status, _ in asked)


async def log_in(exchange):
    """Logs in as soon as the service has connections to the server."""
    for _ in range(ATTEMPTS_MAX):
        status, answer = await exchange.ask("POST", "/auth/login", ADMINISTRATOR)
        if status == 200:
            exchange.token = answer["access_token"]
            return
        await asyncio.sleep(0.1)
    raise RuntimeError(f"Nobody can log in: {status}")


async def main(port, rounds, programs, socket):
    """Converses so many times."""
    exchange, server = Exchange(int(port)), Server("", programs, socket)
    for number in range(int(rounds)):
        await log_in(exchange)
        check(f"round {number} of {rounds}: statuses",
              (201, 409, 200, 200, 200, 200, 401, 204, 204), await converse(exchange, number))
        # The service loses its connections, with what libpq keeps for each.
        await server.terminate(NAME)
    exchange.close()


asyncio.run(main(*sys.argv[1:]))

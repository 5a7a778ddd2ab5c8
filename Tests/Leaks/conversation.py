"""A conversation that passes every border to C: libpq with results, errors and lost connections,
hiredis with replies and lost connections, zlib both ways, libargon2, libidn2 and libunistring.
Arguments: the service's port, how often, the folder of the server's programs, that of its socket, and
the socket of the Redis in which the service counts.

It prints lines as Tests/Clients/checks.py describes them.
"""

import asyncio
import random
import re
import sys
import urllib.request

from checks import at_least, check
from exchange import IN_GZIP, Exchange
from server import Server

ADMINISTRATOR = {"email": "administrator@example.com", "password": "seventeen brave otters"}
TAKES_GZIP = ["Accept-Encoding: gzip"]
# What the service is called by the server.
NAME = "watched"
# The longest that it takes to connect again, in attempts of a tenth of a second.
ATTEMPTS_MAX = 300
# In each round: a short answer in gzip, and a long one, which is compressed in another thread.
ANSWERS_IN_GZIP = 2


def long_text(number):
    """A text that is still long in gzip, so that it is inflated in another thread."""
    return random.Random(number).randbytes(7_500).hex()


async def converse(exchange, number):
    """One round; returns the statuses."""
    email = f"u{number}@bücher.example"
    user = {"email": email, "display_name": "Ada Ünal", "password": "fifteen patient otters"}
    created, answer = await exchange.ask("POST", "/users", user, [IN_GZIP])
    path = f"/users/{answer['id']}"
    asked = [
        await exchange.ask("POST", "/users", user),
        await exchange.ask("GET", path),
        await exchange.ask(
            "PATCH", path, {"display_name": "Grace", "metadata": {"a": long_text(number)}}, [IN_GZIP]),
        await exchange.ask("POST", "/users", b"no gzip", [IN_GZIP]),
        await exchange.ask("GET", path, fields=TAKES_GZIP),
        await exchange.ask("GET", "/users?limit=20", fields=TAKES_GZIP),
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


async def redis(socket, command):
    """The answer of a Redis to a command: a line, or a string of many."""
    reader, writer = await asyncio.open_unix_connection(socket)
    writer.write(f"{command}\r\n".encode())
    line = (await reader.readline()).decode().strip()
    text = (await reader.readexactly(int(line[1:]))).decode() if line[0] == "$" else line
    writer.close()
    return text


async def metric(port, series):
    """What the service says of a series."""
    with await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    return int(re.search(rf"^{re.escape(series)} (\d+)$", text, re.M)[1])


async def redis_is_connected(port):
    """Waits until the service has a connection to Redis."""
    for _ in range(ATTEMPTS_MAX):
        if await metric(port, 'redis_connections{state="up"}') == 1:
            return
        await asyncio.sleep(0.1)
    raise RuntimeError("The service does not connect to Redis.")


async def main(port, rounds, programs, socket, redis_socket):
    """Converses so many times."""
    exchange, server, rounds = Exchange(int(port)), Server("", programs, socket), int(rounds)
    await log_in(exchange)
    for number in range(3):
        # A page of these is so long that it is compressed in another thread.
        await exchange.ask("POST", "/users", {
            "email": f"{rounds}-{number}@example.com", "display_name": "Long",
            "metadata": {"a": long_text(-number)}})
    await redis(redis_socket, "CONFIG RESETSTAT")
    for number in range(rounds):
        await log_in(exchange)
        await redis_is_connected(port)
        check(f"round {number} of {rounds}: statuses",
              (201, 409, 200, 200, 400, 200, 200, 200, 401, 204, 204),
              await converse(exchange, number))
        # The service loses its connections, with what libpq and hiredis keep for each.
        await server.terminate(NAME)
        await redis(redis_socket, "CLIENT KILL TYPE normal")
    await redis_is_connected(port)
    exchange.close()
    calls = re.search(r"cmdstat_evalsha:calls=(\d+)", await redis(redis_socket, "INFO commandstats"))
    check(f"{rounds} rounds: decisions of Redis", at_least(10 * rounds), int(calls[1]))
    check(f"{rounds} rounds: connections to Redis after lost ones", rounds,
          await metric(port, "redis_reconnects_total"))
    check(f"{rounds} rounds: answers in gzip", at_least(ANSWERS_IN_GZIP * rounds), await metric(
        port, 'http_response_compressions_total{outcome="compressed"}'))


asyncio.run(main(*sys.argv[1:]))

"""Clients that ask for too much, for a while. A process of its own; arguments: the name of a
flood, how many seconds, how many connections it may hold, the soak's seed, how many strangers there
have been, and the ports of the services. AUTHORIZATION is the value of that field for the floods
that ask for users.

It prints one line of JSON: how many requests there were, how many of them wait for an answer, how
often each answer came, and how many more strangers there have been. `broken` stands for a
connection that ended without one.
"""

import asyncio
import gzip
import itertools
import json
import os
import resource
import socket
import struct
import sys
import time

from flood import ANSWER_SECONDS_MAX, SOURCES, Flood, answer
from slowhttptest import modes

# Where proxies are that the services trust.
PROXY_NETWORK = "127.0.67.0/24"
PROXIES = [f"127.0.67.{number}" for number in range(1, 255)]
# Linux: a port is chosen when it is known where to; ip(7).
IP_BIND_ADDRESS_NO_PORT = 24
PIPELINED_COUNT = 500
# Requests that a proxy sends at once, each for another client.
FORWARDED_COUNT = 64
LIVE = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
# What slowhttptest says in the end when it could connect: that its time was up, or that the service
# had closed every connection.
SLOW_ENDS = (b"Hit test time limit", b"No open connections left")
# What is beyond every limit of a head.
ENORMOUS = {
    "fields": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(
        b"X-%d: 1\r\n" % number for number in range(20_000)) + b"\r\n",
    "field": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * (1 << 20) + b"\r\n\r\n",
    "target": b"GET /" + b"x" * (1 << 20) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
}
# Of 16 KiB it makes 16 MiB, sixteen times HTTP_BODY_MAX.
BOMB = gzip.compress(bytes(1 << 24), 9)


async def churn(flood):
    """Connections that are opened, used hardly or not at all, and closed in several ways."""
    choice = flood.random
    while flood.goes_on:
        for _ in range(100):
            if not flood.goes_on:
                break
            with socket.socket() as client:
                client.bind((choice.choice(SOURCES), 0))
                client.settimeout(ANSWER_SECONDS_MAX)
                flood.requests += 1
                deed = choice.randrange(4)
                flood.abandoned += deed != 0
                try:
                    client.connect(("127.0.0.1", choice.choice(flood.ports)))
                    if deed == 0:
                        client.sendall(LIVE)
                        flood.count(client.recv(65536))
                    elif deed == 1:
                        client.sendall(LIVE[:choice.randrange(len(LIVE))])
                    if deed != 2:
                        cut(client)
                except OSError:
                    flood.answers["broken"] += 1
        await asyncio.sleep(0)


def cut(client):
    """Has a connection end with a reset, which leaves no port behind that has to wait; socket(7)."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def connections(flood):
    """One client's connections that ask once and then stay, as many as there may be: more than
    HTTP_CONNECTIONS_PER_ADDRESS_MAX, in a soak.
    """
    held = []
    for port in itertools.cycle(flood.ports):
        if not flood.goes_on or len(held) >= flood.connections:
            break
        client = socket.socket()
        try:
            client.settimeout(ANSWER_SECONDS_MAX)
            client.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
            client.bind((SOURCES[0], 0))
            client.connect(("127.0.0.1", port))
            client.sendall(LIVE)
            held.append(client)
            flood.requests += 1
        except OSError:
            client.close()
            flood.answers["broken"] += 1
    while flood.goes_on:
        await asyncio.sleep(0.1)
    for client in held:
        client.settimeout(0)
        try:
            flood.count(client.recv(65536))
        except OSError:
            flood.answers["broken"] += 1
        cut(client)
        client.close()


async def pipelining(flood):
    """Many requests at once whose answers are not read for a while; then all of them are there."""

    async def attack(flood, reader, writer, _):
        flood.requests += PIPELINED_COUNT
        writer.write(LIVE * PIPELINED_COUNT)
        await asyncio.sleep(0.5)
        for _ in range(PIPELINED_COUNT):
            flood.count(await answer(reader))

    await flood.many(attack, 16)


async def single_bytes(flood):
    """Requests that come a byte at a time."""

    async def attack(flood, reader, writer, _):
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while flood.goes_on:
            flood.requests += 1
            for index in range(len(LIVE)):
                writer.write(LIVE[index:index + 1])
                await asyncio.sleep(0)
                # Of a connection that is lost it tells.
                await writer.drain()
            flood.count(await answer(reader))

    await flood.many(attack, 32)


async def heads(flood):
    """Enormous heads, and heads with enormously many fields."""

    async def attack(flood, reader, writer, number):
        flood.requests += 1
        writer.write(list(ENORMOUS.values())[number % len(ENORMOUS)])
        flood.count(await answer(reader))

    await flood.many(attack, 12)


async def gzip_bombs(flood):
    """Content that is small and becomes large when it is inflated, each time of another client."""

    async def attack(flood, reader, writer, _):
        flood.requests += 1
        writer.write(
            b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: %b\r\nContent-Type:"
            b" application/json\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"
            % (flood.stranger(), len(BOMB), BOMB))
        flood.count(await answer(reader))

    await flood.many(attack, 32, PROXIES)


async def addresses(flood):
    """Requests of clients that nobody has seen before, through a trusted proxy."""

    async def attack(flood, reader, writer, _):
        while flood.goes_on:
            flood.requests += FORWARDED_COUNT
            writer.write(b"".join(
                b"GET /users HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: %b\r\n\r\n"
                % flood.stranger() for _ in range(FORWARDED_COUNT)))
            for _ in range(FORWARDED_COUNT):
                flood.count(await answer(reader))

    await flood.many(attack, 16, PROXIES)


def logins(email):
    """Logins with a wrong password, for an address that a number gives."""

    async def flood_of_logins(flood):
        numbers = itertools.count()

        async def attack(flood, reader, writer, _):
            while flood.goes_on:
                flood.requests += 1
                content = json.dumps(
                    {"email": email(next(numbers)), "password": "wrong for everybody"}).encode()
                writer.write(
                    b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                    b" application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content))
                flood.count(await answer(reader))

        await flood.many(attack, 32)

    return flood_of_logins


def slow(mode):
    """A mode of slowhttptest(1), half of the time at each service. What is counted are the answers to
    somebody who is not slow, and as broken that slowhttptest could not do as it was told: it looks
    itself at intervals that are longer than the flood.
    """

    async def flood_of_slowness(flood):
        asking = asyncio.create_task(flood.many(ask_now_and_then, len(flood.ports)))
        for port in flood.ports:
            arguments = modes(f"http://127.0.0.1:{port}", os.environ["AUTHORIZATION"])[mode]
            count = min(1000, flood.connections)
            seconds = max(1, flood.seconds // len(flood.ports))
            command = ["slowhttptest", "-c", count, "-r", count, "-l", seconds, "-i", 1, "-p", 5]
            program = await asyncio.create_subprocess_exec(
                *(str(word) for word in [*command, *arguments]), stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
            output, _ = await program.communicate()
            if program.returncode != 0 or not any(end in output for end in SLOW_ENDS):
                flood.answers["broken"] += 1
        await asking

    return flood_of_slowness


async def ask_now_and_then(flood, reader, writer, _):
    """Somebody who waits for each answer, and then a little."""
    while flood.goes_on:
        flood.requests += 1
        writer.write(LIVE)
        flood.count(await answer(reader))
        await asyncio.sleep(0.05)


FLOODS = {
    "churn": churn,
    "connections": connections,
    "pipelining": pipelining,
    "single_bytes": single_bytes,
    "heads": heads,
    "gzip_bombs": gzip_bombs,
    "addresses": addresses,
    "logins_one": logins(lambda _: "administrator-of-none@example.com"),
    "logins_many": logins(lambda number: f"nobody{number}@example.com"),
    "slow_headers": slow("slow headers"),
    "slow_bodies": slow("slow bodies"),
    "slow_reading": slow("slow reading"),
    "ranges": slow("ranges"),
}
# Those that take the most memory, the last one when there are as many users as it asks for.
LARGE = ("connections", "slow_bodies", "logins_many", "gzip_bombs", "slow_reading")
USERS_MIN = 100
# What is to be answered: by name, else the first one; and by nobody, `broken`, when a fault ends his
# connection or he is one too many.
EXPECTED = {
    "": {"200"},
    "heads": {"414", "431"},
    "gzip_bombs": {"413", "503"},
    "addresses": {"401", "429"},
    "logins_one": {"401", "429", "503"},
    "logins_many": {"401", "429", "503"},
}
# Strangers whom the flood of addresses brings in a second of a soak: a million in ten minutes.
STRANGERS_PER_SECOND = 1_000_000 / 600
# The part of all that wait for an answer who have to get one: a fault may end their connections.
ANSWERED_MIN = 0.5


def main(name, seconds, count, seed, stranger_count, *ports):
    """Floods and reports."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    flood = Flood(
        int(seconds), int(count), seed, int(stranger_count), [int(port) for port in ports])
    asyncio.run(FLOODS[name](flood))
    print(json.dumps({
        "requests": flood.requests, "asked": flood.requests - flood.abandoned,
        "answers": flood.answers, "strangers": flood.stranger_count}))


if __name__ == "__main__":
    main(*sys.argv[1:])

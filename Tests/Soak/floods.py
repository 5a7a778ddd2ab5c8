"""Clients that ask for too much, for a while. A process of its own; arguments: the name of a flood,
how many seconds, how many connections it may hold, and the ports of the services. AUTHORIZATION is the
value of that field for the floods that ask for users.

It prints one line of JSON: how many requests there were, and how often each answer came. `broken`
stands for a connection that ended without one.

A flood of distinct clients behind a trusted proxy (`addresses`) and one of bodies that grow when they
are decompressed (`gzip_bombs`) belong here as soon as the service trusts a proxy and decompresses.
"""

import asyncio
import collections
import itertools
import json
import os
import random
import re
import resource
import socket
import struct
import subprocess
import sys
import time

from slowhttptest import modes

STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
# From where floods come: other clients, as far as limits of a client go.
SOURCES = [f"127.0.66.{number}" for number in range(1, 255)]
# Linux: a port is chosen when it is known where to; ip(7).
IP_BIND_ADDRESS_NO_PORT = 24
ANSWER_SECONDS_MAX = 20
PIPELINED_COUNT = 500
LIVE = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
# What is beyond every limit of a head.
ENORMOUS = {
    "fields": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(
        b"X-%d: 1\r\n" % number for number in range(20_000)) + b"\r\n",
    "field": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * (1 << 20) + b"\r\n\r\n",
    "target": b"GET /" + b"x" * (1 << 20) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


class Flood:
    """What all have in common: how long, where, and what came of it."""

    def __init__(self, seconds, connections, ports):
        self.seconds, self.connections, self.ports = seconds, connections, ports
        self.ends_at = time.monotonic() + seconds
        self.answers = collections.Counter()
        self.requests = 0

    @property
    def goes_on(self):
        """Whether it is not over."""
        return time.monotonic() < self.ends_at

    def count(self, answer):
        """Counts the status of an answer, or that there was none."""
        found = STATUS.match(answer)
        self.answers[found[1].decode() if found else "broken"] += 1

    async def many(self, attack, clients):
        """Has so many clients attack until the end."""
        await asyncio.gather(*(self._attack(attack, number) for number in range(clients)))

    async def _attack(self, attack, number):
        port = self.ports[number % len(self.ports)]
        while self.goes_on:
            writer = None
            try:
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", port, local_addr=(SOURCES[number % len(SOURCES)], 0))
                await asyncio.wait_for(attack(self, reader, writer, number), ANSWER_SECONDS_MAX)
            except (OSError, EOFError, TimeoutError):
                self.answers["broken"] += 1
                await asyncio.sleep(0.05)
            finally:
                if writer:
                    writer.close()


async def answer(reader):
    """The next answer, whole."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head.lower())
    return head + (await reader.readexactly(int(length[1])) if length else b"")


async def churn(flood):
    """Connections that are opened, used hardly or not at all, and closed in several ways."""
    choice = random.Random(flood.seconds)
    while flood.goes_on:
        for _ in range(100):
            with socket.socket() as client:
                client.bind((choice.choice(SOURCES), 0))
                client.settimeout(ANSWER_SECONDS_MAX)
                flood.requests += 1
                deed = choice.randrange(4)
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
            flood.count(await answer(reader))

    await flood.many(attack, 32)


async def heads(flood):
    """Enormous heads, and heads with enormously many fields."""

    async def attack(flood, reader, writer, number):
        flood.requests += 1
        writer.write(list(ENORMOUS.values())[number % len(ENORMOUS)])
        flood.count(await answer(reader))

    await flood.many(attack, 12)


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
    """A mode of slowhttptest(1), half of the time at each service."""

    async def flood_of_slowness(flood):
        for port in flood.ports:
            arguments = modes(f"http://127.0.0.1:{port}", os.environ["AUTHORIZATION"])[mode]
            count = min(1000, flood.connections)
            flood.requests += count
            seconds = max(1, flood.seconds // len(flood.ports))
            command = ["slowhttptest", "-c", count, "-r", count, "-l", seconds, "-i", 1, "-p", 5]
            subprocess.run(
                [str(word) for word in [*command, *arguments]], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)

    return flood_of_slowness


FLOODS = {
    "churn": churn,
    "connections": connections,
    "pipelining": pipelining,
    "single_bytes": single_bytes,
    "heads": heads,
    "logins_one": logins(lambda _: "administrator-of-none@example.com"),
    "logins_many": logins(lambda number: f"nobody{number}@example.com"),
    "slow_headers": slow("slow headers"),
    "slow_bodies": slow("slow bodies"),
    "slow_reading": slow("slow reading"),
    "ranges": slow("ranges"),
}
# Those that take the most memory, the last one when there are as many users as it asks for.
LARGE = ("connections", "slow_bodies", "logins_many", "slow_reading")
USERS_MIN = 100
# What may be answered: by name, else the first one.
EXPECTED = {
    "": {"200", "broken"},
    "heads": {"414", "431", "broken"},
    "logins_one": {"401", "429", "503", "broken"},
    "logins_many": {"401", "429", "503", "broken"},
}


def main(name, seconds, count, *ports):
    """Floods and reports."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    flood = Flood(int(seconds), int(count), [int(port) for port in ports])
    asyncio.run(FLOODS[name](flood))
    print(json.dumps({"requests": flood.requests, "answers": flood.answers}))


if __name__ == "__main__":
    main(*sys.argv[1:])

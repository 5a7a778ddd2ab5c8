"""What floods have in common."""

import asyncio
import collections
import random
import re
import time

from strangers import strangers

STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
# From where floods come: other clients, as far as limits of a client go.
SOURCES = [f"127.0.66.{number}" for number in range(1, 255)]
ANSWER_SECONDS_MAX = 20


class Flood:
    """One of them: how long, where, and what came of it. The soak's seed, and how many strangers
    there have been, give what is random and the strangers who come now.
    """

    def __init__(self, seconds, connections, seed, stranger_count, ports):
        self.seconds, self.connections, self.ports = seconds, connections, ports
        self.ends_at = time.monotonic() + seconds
        self.random = random.Random(f"{seed} {stranger_count}")
        self._strangers = strangers(seed, stranger_count)
        self.stranger_count = 0
        self.answers = collections.Counter()
        self.requests = 0
        # Requests that nobody wants to have answered.
        self.abandoned = 0

    @property
    def goes_on(self):
        """Whether it is not over."""
        return time.monotonic() < self.ends_at

    def stranger(self):
        """The address of a client that nobody has seen before."""
        self.stranger_count += 1
        return next(self._strangers)

    def count(self, answer):
        """Counts the status of an answer, or that there was none."""
        found = STATUS.match(answer)
        self.answers[found[1].decode() if found else "broken"] += 1

    async def many(self, attack, clients, sources=SOURCES):
        """Has so many clients attack until the end."""
        await asyncio.gather(*(
            self._attack(attack, number, sources[number % len(sources)])
            for number in range(clients)))

    async def _attack(self, attack, number, source):
        port = self.ports[number % len(self.ports)]
        while self.goes_on:
            writer = None
            try:
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", port, local_addr=(source, 0))
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

"""One HTTP connection of a client: a request, then its answer. It knows the little of HTTP/1.1 that
the service says: every answer has a Content-Length or no content.
"""

import asyncio
import collections
import gzip
import itertools
import json

# The longest that a client waits for an answer, in seconds; far beyond what the service may take.
ANSWER_SECONDS_MAX = 90
# The field of a request whose body is to be sent in gzip.
IN_GZIP = "Content-Encoding: gzip"

Answer = collections.namedtuple("Answer", "status body")


class BrokenError(Exception):
    """The connection ended, or nothing came, before an answer was complete."""


class Exchange:
    """A connection to a port of this machine, opened when it is needed."""

    def __init__(self, port, token=None):
        self.port, self.token = port, token
        self.streams = None

    async def ask(self, method, path, body=None, fields=()):
        """Sends a request and returns the answer; octets are sent as they are, as if they were JSON,
        and anything else as JSON, in gzip if `fields` has `IN_GZIP`."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                return await self._ask(method, path, body, fields)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            self.close()
            raise BrokenError(f"{type(error).__name__}: {error}") from error
        except asyncio.CancelledError:
            self.close()
            raise

    async def _ask(self, method, path, body, fields):
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        if body is None:
            content = b""
        elif IN_GZIP in fields and content is not body:
            content = gzip.compress(content)
        head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *fields]
        if self.token:
            head.append(f"Authorization: Bearer {self.token}")
        if content:
            head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
        writer.write("\r\n".join([*head, "", ""]).encode() + content)
        return await self._answer(reader)

    async def _answer(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        status = int(head[9:12])
        _, named, rest = head.partition("\r\ncontent-length:")
        length = int(rest.partition("\r\n")[0]) if named else 0
        body = await reader.readexactly(length)
        if "\r\nconnection: close\r\n" in head:
            self.close()
        if "\r\ncontent-encoding: gzip\r\n" in head:
            body = gzip.decompress(body)
        return Answer(status, json.loads(body) if body else None)

    def close(self):
        """Closes the connection; the next request opens another one."""
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


class Roaming(Exchange):
    """One that goes on to the next port when a connection has ended, as a client does that knows
    several services.
    """

    def __init__(self, ports, token=None):
        super().__init__(ports[0], token)
        self._ports = itertools.cycle([*ports[1:], ports[0]])

    def close(self):
        """Closes the connection; the next request opens another one, to the next port."""
        super().close()
        self.port = next(self._ports)

"""A proxy between clients and the service that lies: the soak must find it out. A process of its own;
arguments: the port to listen on, the service's port, and what to do:

  dropped  a change is answered as if it had been made
  doubled  a change is made twice, and answered once
  stale    a read of a user is answered with what was true at first
  leaked   a descriptor stays open for each request
  reset    each connection is reset once something has come
  mute     nothing is ever answered
"""

import asyncio
import json
import os
import sys


class Saboteur:
    """All connections, and what is done to them."""

    def __init__(self, port, deed):
        self._port, self._deed = port, deed
        self._first_answers = {}

    async def connected(self, reader, writer):
        """Serves one connection, a request at a time."""
        if self._deed in ("reset", "mute"):
            return await self._answer_nothing(reader, writer)
        streams = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            while True:
                head, body = await message(reader)
                writer.write(await self._answer(streams, head, body))
        except (OSError, EOFError):
            pass
        finally:
            writer.close()
            streams[1].close()

    async def _answer_nothing(self, reader, writer):
        try:
            while await reader.read(65536) and self._deed == "mute":
                pass
        except OSError:
            pass
        writer.transport.abort()

    async def _answer(self, streams, head, body):
        method, path, _ = head.split(b" ", 2)
        if self._deed == "leaked":
            os.open(os.devnull, os.O_RDONLY)
        if self._deed == "dropped" and method == b"PATCH":
            return await self._pretend(streams, head, json.loads(body))
        if self._deed == "doubled" and method == b"PATCH":
            first = await forward(streams, head, body)
            await forward(streams, head, body)
            return first
        answer = await forward(streams, head, body)
        if self._deed == "stale" and method == b"GET" and answer.startswith(b"HTTP/1.1 200"):
            return self._first_answers.setdefault(path, answer)
        return answer

    async def _pretend(self, streams, head, changes):
        """Reads the user, and answers as if it had been changed."""
        lines = head.replace(b"PATCH", b"GET", 1).split(b"\r\n")
        lines = [
            line for line in lines
            if not line.lower().startswith((b"content-", b"if-match:"))
        ]
        answer = await forward(streams, b"\r\n".join(lines), b"")
        answer_head, _, content = answer.partition(b"\r\n\r\n")
        if not answer_head.startswith(b"HTTP/1.1 200"):
            return answer
        user = json.loads(content)
        content = json.dumps({**user, **changes, "version": user["version"] + 1}).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)


async def message(reader):
    """A message's head and body, which has a Content-Length if there is one."""
    head = await reader.readuntil(b"\r\n\r\n")
    _, named, rest = head.lower().partition(b"\r\ncontent-length:")
    return head, await reader.readexactly(int(rest.partition(b"\r\n")[0]) if named else 0)


async def forward(streams, head, body):
    """The service's answer to a request."""
    streams[1].write(head + body)
    return b"".join(await message(streams[0]))


async def main(port, service_port, deed):
    """Serves until it is killed."""
    saboteur = Saboteur(int(service_port), deed)
    async with await asyncio.start_server(saboteur.connected, "127.0.0.1", int(port)) as server:
        print("ready", flush=True)
        await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))

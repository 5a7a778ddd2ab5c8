"""A proxy between the service and PostgreSQL that does harm when it is told to. A process of its
own; arguments: the socket to listen on, the server's socket, the socket to be told at, a seed.

It is told one word a line, which it says again when it obeys:
  pass      forward everything; also what a stall has held back
  cut       when the server says something, forget it and close the connection
  truncate  forward half of what the server, or the service, says next, and close the connection
  stall     forward nothing, in no direction, and keep the connections open
  delay     forward everything a while later
  swallow   forget whatever is said from now on, and on the same connections also later
"""

import asyncio
import random
import sys

CHUNK_BYTES_MAX = 65536
DELAY_SECONDS = (0.05, 0.3)


class Proxy:
    """All connections and what is done to them."""

    def __init__(self, server, seed):
        self.server = server
        self.random = random.Random(seed)
        self.mode = "pass"
        self.flowing = asyncio.Event()
        self.flowing.set()

    def obey(self, mode):
        """Does something else from now on."""
        self.mode = mode
        if mode == "stall":
            self.flowing.clear()
        else:
            self.flowing.set()

    async def connected(self, reader, writer):
        """Serves one connection."""
        try:
            there = await asyncio.open_unix_connection(self.server)
        except OSError:
            writer.close()
            return
        swallowed = asyncio.Event()
        ways = [
            asyncio.ensure_future(self._forward(reader, there[1], False, swallowed)),
            asyncio.ensure_future(self._forward(there[0], writer, True, swallowed)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        # An end that comes during a stall is news, too, and has to wait.
        await self.flowing.wait()
        for way in ways:
            way.cancel()
        for end in (writer, there[1]):
            end.close()

    async def _forward(self, reader, writer, is_answer, swallowed):
        """Forwards one direction until there is nothing more to forward."""
        try:
            while chunk := await reader.read(CHUNK_BYTES_MAX):
                await self.flowing.wait()
                if self.mode == "swallow":
                    swallowed.set()
                if swallowed.is_set():
                    continue
                if self.mode == "delay":
                    await asyncio.sleep(self.random.uniform(*DELAY_SECONDS))
                elif self.mode == "cut" and is_answer:
                    return
                elif self.mode == "truncate" and self.random.random() < (0.5, 0.1)[not is_answer]:
                    writer.write(chunk[:self.random.randrange(len(chunk))])
                    await writer.drain()
                    return
                writer.write(chunk)
                await writer.drain()
        except OSError:
            return

    async def told(self, reader, writer):
        """Obeys whoever connects to the socket for it."""
        while word := (await reader.readline()).decode().strip():
            self.obey(word)
            writer.write(f"{word}\n".encode())
        writer.close()


async def main(path, server, control, seed):
    """Serves until it is killed."""
    proxy = Proxy(server, seed)
    async with await asyncio.start_unix_server(proxy.told, control):
        async with await asyncio.start_unix_server(proxy.connected, path) as listener:
            await listener.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

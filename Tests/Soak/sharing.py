"""Faults of the Redis through which the services share their limits: it is killed, wiped, or stands
still. Nothing else depends on it, so no request may fail meanwhile.
"""

import asyncio
import os
import re
import signal

from checks import at_least, check
from faults import HOLD_SECONDS, Fault
from user_cache import life_max

# How long the services may take to notice, and it to answer, in seconds.
NOTICE_SECONDS_MAX = 20
CACHE_MILLISECONDS = 500
CACHE_LIFE = life_max(CACHE_MILLISECONDS / 1000)
DOWN = re.compile(rb'^redis_connections\{state="down"\} (\d+)$', re.MULTILINE)


class Redis:
    """A Redis that keeps nothing on a disk, at a socket in a folder."""

    def __init__(self, folder):
        self._socket = folder / "redis.socket"
        self.process = None

    @property
    def url(self):
        """The address for REDIS_URL."""
        return f"unix://{self._socket}"

    async def start(self):
        """Starts it and waits until it answers."""
        self.process = await asyncio.create_subprocess_exec(
            "setpriv", "--pdeathsig", "TERM", "redis-server", "--port", "0", "--unixsocket",
            str(self._socket), "--save", "", "--appendonly", "no",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL)
        async with asyncio.timeout(NOTICE_SECONDS_MAX):
            while True:
                try:
                    await self.ask("PING")
                    return
                except (OSError, EOFError):
                    await asyncio.sleep(0.02)

    async def ask(self, command):
        """The first line of the reply to a command without arguments."""
        reader, writer = await asyncio.open_unix_connection(self._socket)
        try:
            writer.write(f"{command}\r\n".encode())
            return (await reader.readuntil(b"\r\n")).decode().strip()
        finally:
            writer.close()

    async def kill(self):
        """Has it die as it stands."""
        self.process.kill()
        await self.process.wait()


async def killed(scene):
    """It is killed and starts again."""
    await scene.redis.kill()
    await noticed(scene, "killed", is_down=True)
    await asyncio.sleep(HOLD_SECONDS)
    await scene.redis.start()
    await noticed(scene, "killed", is_down=False)


async def stopped(scene):
    """It stands still: it answers nothing, and closes nothing."""
    os.kill(scene.redis.process.pid, signal.SIGSTOP)
    try:
        await noticed(scene, "stopped", is_down=True)
        await asyncio.sleep(HOLD_SECONDS)
    finally:
        os.kill(scene.redis.process.pid, signal.SIGCONT)
    await noticed(scene, "stopped", is_down=False)


async def wiped(scene):
    """It forgets everything."""
    kept = await scene.redis.ask("DBSIZE")
    check("redis_wiped: what it knew of clients", at_least(1), int(kept.removeprefix(":")))
    check("redis_wiped: what it says", "+OK", await scene.redis.ask("FLUSHALL"))


async def noticed(scene, name, is_down):
    """Waits until each loop of the service has lost its connection, or has one again."""
    seen = None
    try:
        async with asyncio.timeout(NOTICE_SECONDS_MAX):
            while seen is None or (seen > 0) != is_down:
                await asyncio.sleep(0.05)
                seen = await down_count(scene.instance.port)
    except TimeoutError:
        pass
    check(f"redis_{name}: the service knows that it is {'away' if is_down else 'back'}", True,
          seen is not None and (seen > 0) == is_down)


async def down_count(port):
    """How many loops of a service lack their connection to Redis, as it counts them itself."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n")
    text = await reader.read()
    writer.close()
    return int(DOWN.search(text)[1])


# Whoever asks for little may notice nothing.
HARMLESS = {
    "redis_killed": Fault(killed, "proxied", True),
    "redis_stopped": Fault(stopped, "proxied", True),
    "redis_wiped": Fault(wiped, "proxied", True),
}

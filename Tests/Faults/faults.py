"""The faults: each is brought about, holds for a while, and is taken away again.

A fault is a function of the scene. It returns when nothing is in the way any more, as far as it
knows; when the server takes connections again, the probe tells.
"""

import asyncio
import collections
import os
import signal

from server import ServerError, log_in

# How long a fault holds that is neither a moment nor `stop`, in seconds.
HOLD_SECONDS = 2
# Longer than a statement may take, DATABASE_STATEMENT_TIMEOUT: connections are given up meanwhile.
STALL_SECONDS = 8
# Connections are given up meanwhile, and the attempts to replace them are under way in the end.
SWALLOW_SECONDS = 6
# From the moment that the server takes connections again to the first success.
RECOVERY_SECONDS_MAX = 2.0
# An attempt to connect that met a dead path waits in vain until its deadline,
# DATABASE_CONNECT_TIMEOUT.
RECOVERY_FROM_DEAD_PATH_SECONDS_MAX = 5 + RECOVERY_SECONDS_MAX
# Segments of the log that a switch may have to go through until a new one is needed.
SWITCHES_MAX = 64
# Clients that take connections away.
CROWD_COUNT = 16

Scene = collections.namedtuple("Scene", "server services service random stop_seconds tell_proxy")
# `services` are all of them by name, `service` is the one that has the load: one that is connected
# directly, or through the proxy.
# `lasts` says that the fault's end counts, not only that the server takes connections again,
# `fails` that requests must have failed meanwhile, else it was none.
Fault = collections.namedtuple(
    "Fault", "run service lasts fails recovery_max", defaults=[False, False, RECOVERY_SECONDS_MAX])


async def terminate(scene):
    """All our sessions are ended."""
    if not await scene.server.terminate(*scene.services):
        raise RuntimeError("There was no session to end.")


async def kill_backend(scene):
    """A backend of ours dies, so the server ends all others and recovers."""
    backends = await scene.server.backends(scene.service)
    os.kill(scene.random.choice(backends), signal.SIGKILL)


async def restart_fast(scene):
    """The server ends all sessions, and starts again."""
    await scene.server.control("restart", "--mode=fast")


async def restart_immediate(scene):
    """The server dies, and recovers."""
    await scene.server.control("restart", "--mode=immediate")


async def stop(scene):
    """The server stands still: it answers nothing, and closes nothing."""
    stopped = []
    try:
        stopped += scene.server.stop_processes()
        await asyncio.sleep(scene.stop_seconds)
    finally:
        for process in reversed(stopped):
            os.kill(process, signal.SIGCONT)


def proxied(mode, seconds):
    """A fault that the proxy brings about."""

    async def run(scene):
        await scene.tell_proxy(mode)
        await asyncio.sleep(seconds)
        await scene.tell_proxy("pass")

    return run


async def read_only(scene):
    """New transactions are read-only, as on a server that became a standby."""
    await scene.server.sql(
        "ALTER SYSTEM SET default_transaction_read_only = on; SELECT pg_reload_conf();")
    await asyncio.sleep(HOLD_SECONDS)
    await scene.server.sql(
        "ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf();")


class Ballast:
    """A file that takes all the room of the server's file system, which is small and its own."""

    def __init__(self, server):
        self._path = server.folder / "ballast"

    async def __aenter__(self):
        await asyncio.to_thread(self._fill)

    async def __aexit__(self, *_):
        self._path.unlink()

    def _fill(self):
        with open(self._path, "wb", buffering=0) as file:
            for size in (1 << 24, 1 << 20, 1 << 12):
                try:
                    while True:
                        os.posix_fallocate(file.fileno(), file.tell(), size)
                        file.seek(0, os.SEEK_END)
                except OSError:
                    file.seek(0, os.SEEK_END)


async def disk_full(scene):
    """There is no room for tables to grow; what fits into them still goes."""
    async with Ballast(scene.server):
        await asyncio.sleep(HOLD_SECONDS)
    await revive(scene.server)


async def log_full(scene):
    """There is no room for the write-ahead log, so the server dies, and may not come back."""
    async with Ballast(scene.server):
        for _ in range(SWITCHES_MAX):
            try:
                # A segment without a record is not left; a message needs room nowhere else.
                await scene.server.sql(
                    "SELECT pg_logical_emit_message(false, '', ''); SELECT pg_switch_wal();")
            except ServerError:
                break
        else:
            raise ServerError("the write-ahead log did not run out of room")
        await asyncio.sleep(HOLD_SECONDS)
    await revive(scene.server)


async def revive(server):
    """Starts the server if it did not survive, as an operator would."""
    while server.postmaster is not None:
        try:
            await server.sql("SELECT 1;")
            return
        except ServerError:
            await asyncio.sleep(0.05)
    await server.control("restart")


async def no_connections(scene):
    """Others hold all connections while we have lost ours."""
    held = []
    crowd = [
        asyncio.create_task(take_all(scene.server.socket, held)) for _ in range(CROWD_COUNT)
    ]
    try:
        await asyncio.sleep(HOLD_SECONDS / 4)
        # Some of ours are faster than the crowd; in the end none is.
        while await scene.server.terminate(*scene.services):
            pass
        await asyncio.sleep(HOLD_SECONDS)
    finally:
        for taker in crowd:
            taker.cancel()
        await asyncio.wait(crowd)
        for _, writer in held:
            writer.close()


async def take_all(path, held):
    """Takes every connection that comes free."""
    while True:
        streams = await log_in(path, "crowd")
        if streams:
            held.append(streams)
        else:
            await asyncio.sleep(0.002)


async def forget(scene):
    """The server acknowledges what it has not kept, and dies: not a fault that the service can
    survive, but one that the check must find.
    """
    await scene.server.sql("ALTER SYSTEM SET synchronous_commit = off; SELECT pg_reload_conf();")
    # It writes at once what commits do not wait for, though it does not make sure that it is kept:
    # that would be lost with the machine, but not with the server.
    writer = await scene.server.log_writer()
    os.kill(writer, signal.SIGSTOP)
    await asyncio.sleep(HOLD_SECONDS)
    os.kill(writer, signal.SIGKILL)
    await scene.server.control("restart", "--mode=immediate")
    await scene.server.sql("ALTER SYSTEM RESET synchronous_commit; SELECT pg_reload_conf();")


FAULTS = {
    "terminate": Fault(terminate, "direct"),
    "kill_backend": Fault(kill_backend, "direct"),
    "restart_fast": Fault(restart_fast, "direct"),
    "restart_immediate": Fault(restart_immediate, "direct"),
    "stop": Fault(stop, "direct", True, True),
    "read_only": Fault(read_only, "direct", True, True),
    "disk_full": Fault(disk_full, "direct", True, True),
    "log_full": Fault(log_full, "direct", True, True),
    "no_connections": Fault(no_connections, "direct", True, True),
    "cut": Fault(proxied("cut", HOLD_SECONDS), "proxied", True, True),
    "truncate": Fault(proxied("truncate", HOLD_SECONDS), "proxied", True, True),
    "stall": Fault(proxied("stall", STALL_SECONDS), "proxied", True, True),
    "swallow": Fault(
        proxied("swallow", SWALLOW_SECONDS), "proxied", True, True,
        RECOVERY_FROM_DEAD_PATH_SECONDS_MAX),
    "delay": Fault(proxied("delay", HOLD_SECONDS), "proxied", True),
}

SABOTAGE = Fault(forget, "direct")


async def tell_proxy(socket, word):
    """Has the proxy that listens on a socket do something."""
    reader, writer = await asyncio.open_unix_connection(socket)
    writer.write(f"{word}\n".encode())
    await reader.readline()
    writer.close()


def with_faults(parser, known):
    """The arguments; their `faults` are names of some that are known, by default of all."""
    options = parser.parse_args()
    for name in options.faults:
        if name not in known:
            parser.error(f"There is no fault {name}: {', '.join(known)}.")
    options.faults = options.faults or list(known)
    return options

"""What the services hold: descriptors, threads, memory, sessions. Nothing may leak."""

import asyncio
import collections
import pathlib
import time

from checks import at_most, check

# How long a service may take to let go of what the load had, and to connect again, in seconds.
SETTLE_SECONDS_MAX = 10
# How long it may take to give memory back, which it looks at every ten seconds.
SHRINK_SECONDS_MAX = 60
# How long nothing may change until it counts as settled, in seconds.
QUIET_SECONDS = 1.5
# What the heap may have grown by, in KiB: it is never quite the same.
GROWTH_KIB_MAX = 8192

# The connections that a service may have in all: DATABASE_POOL_SIZE, and one that listens.
BACKENDS_MAX = 20 + 1

Census = collections.namedtuple(
    "Census", "descriptors threads workers backends listeners memory_kib")


def of_process(process):
    """What a process holds that can be seen of it, without connections to the server; proc(5).

    Workers are threads of libdispatch, which are named after a quality of service, or what they are.
    They come for what runs on Swift's global executor, and go when they have had nothing to do for five
    seconds. Its manager, which is named after one, too, stays and is not counted.
    """
    folder = pathlib.Path(f"/proc/{process}")
    descriptors = len(list((folder / "fd").iterdir()))
    names = [path.read_text().strip() for path in folder.glob("task/*/comm")]
    threads = sum("qos" not in name and not name.startswith("Dispatch") for name in names)
    workers = sum(name.endswith("-qos") or name.startswith("DispatchWorker") for name in names)
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    return Census(descriptors, threads, workers, 0, 0, int(status["VmRSS"].split()[0]))


async def count(server, services):
    """Counts once; by the names of the services."""
    found = {}
    for name, process in services.items():
        found[name] = of_process(process)._replace(
            backends=len(await server.backends(name)), listeners=await server.listeners(name))
    return found


async def renewed(server, services):
    """Counts when each pool holds only the connections that it opens by itself: how many it keeps
    depends on the load that it had, so all are ended first.
    """
    await server.terminate(*services)
    return await settled(server, services)


async def settled(server, services):
    """Counts when nobody asks for anything, nothing changes any more, and no worker is left."""
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    seen, since = None, 0.0
    while time.monotonic() < deadline:
        found = await count(server, services)
        bare = {name: census[:-1] for name, census in found.items()}
        if bare != seen:
            seen, since = bare, time.monotonic()
        elif time.monotonic() - since > QUIET_SECONDS and not any(
                census.workers for census in found.values()):
            break
        await asyncio.sleep(0.1)
    return found


async def shrunk(name, process, first_kib, growth_kib_max):
    """Checks that a service gives back what it took in memory, soon after it is no longer asked to."""
    deadline = time.monotonic() + SHRINK_SECONDS_MAX
    while (kib := of_process(process).memory_kib) > first_kib + growth_kib_max:
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(0.5)
    print(f"{name}: KiB of memory at first and in the end: {first_kib}, {kib}")
    check(f"{name}: KiB of memory more than at first", at_most(growth_kib_max), kib - first_kib)


def compare(name, first, idle, last, growth_kib_max=GROWTH_KIB_MAX):
    """Checks that a service leaked nothing: neither while its pools keep what they opened under load,
    nor with new connections, as at first.
    """
    print(f"{name}: before, idle, after\n    {first}\n    {idle}\n    {last}")
    check(f"{name}: backends while it is idle", at_most(BACKENDS_MAX), idle.backends)
    check(f"{name}: connections that listen", 1, last.listeners)
    check(f"{name}: threads afterwards", first.threads, last.threads)
    # libdispatch looks after its workers by way of /proc, and ends the process when it has no
    # descriptor for that.
    check(f"{name}: workers of libdispatch afterwards", 0, last.workers)
    # The listener's proofs, one a second, may find the pool busy with connecting: then it opens one
    # more.
    check(f"{name}: backends afterwards", at_most(first.backends + 1), last.backends)
    for when, then in (("while it is idle", idle), ("afterwards", last)):
        check(f"{name}: descriptors that are no backends and leaked {when}", 0, leaked(first, then))
    check(f"{name}: KiB of memory more than before", at_most(growth_kib_max),
          last.memory_kib - first.memory_kib)


def leaked(first, last):
    """How many descriptors there are more that are no connections to the server."""
    return (last.descriptors - last.backends) - (first.descriptors - first.backends)

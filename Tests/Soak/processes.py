"""Faults of the service's own process: it is ended or killed while another instance goes on, nobody
reads its log, it has too few descriptors, little memory, or a clock that is set.

All of them happen to the instance `proxied`.
"""

import asyncio
import contextlib
import os
import pathlib
import re
import resource
import signal
import time
from email.utils import parsedate_to_datetime

from checks import check
from exchange import Exchange
from faults import HOLD_SECONDS, Fault

# What a process may open more than it has, and connections that want to be opened then.
DESCRIPTORS_FREE = 4
CONNECTIONS_COUNT = 64
# The least that a container of it should have.
MEMORY_BYTES = 64 << 20
MEMORY_GROUPS = pathlib.Path("/sys/fs/cgroup/memory")
CLOCK_LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
# Logins that fail, each after a hash of 19 MiB.
GUESS_COUNT = 20
# How the clock is set, one after the other, and how many seconds that is.
CLOCK_STEPS = {"+1h": 3600, "-1h": -3600, "+0": 0}
# Where every write finds that there is no room; null(4).
FULL = "/dev/full"


async def ended(scene):
    """It is asked to end, does so in order, and starts again."""
    status = await scene.instance.end()
    check("ended: the exit status", 0, status)
    await asyncio.sleep(HOLD_SECONDS)
    await scene.instance.start()


async def killed(scene):
    """It is killed and starts again."""
    await scene.instance.end(signal.SIGKILL)
    await asyncio.sleep(HOLD_SECONDS)
    await scene.instance.start()


async def log_unread(scene):
    """Nobody reads the log."""
    os.kill(scene.instance.reader, signal.SIGSTOP)
    try:
        await asyncio.sleep(2 * HOLD_SECONDS)
    finally:
        os.kill(scene.instance.reader, signal.SIGCONT)


async def log_disk_full(scene):
    """There is no room for the log."""
    await scene.instance.restart(log=FULL)
    await asyncio.sleep(HOLD_SECONDS)
    await scene.instance.restart()


async def descriptors(scene):
    """It can open next to nothing more, and many want to connect."""
    process = scene.instance.process
    before = resource.prlimit(process, resource.RLIMIT_NOFILE)
    count = len(os.listdir(f"/proc/{process}/fd"))
    writers = []
    resource.prlimit(process, resource.RLIMIT_NOFILE, (count + DESCRIPTORS_FREE, before[1]))
    try:
        for _ in range(CONNECTIONS_COUNT):
            _, writer = await asyncio.open_connection("127.0.0.1", scene.instance.port)
            writers.append(writer)
        await asyncio.sleep(HOLD_SECONDS)
    finally:
        resource.prlimit(process, resource.RLIMIT_NOFILE, before)
        for writer in writers:
            writer.close()


async def memory(scene):
    """A control group allows little memory."""
    group = MEMORY_GROUPS / scene.instance.folder.name
    group.mkdir()
    try:
        (group / "memory.limit_in_bytes").write_text(str(MEMORY_BYTES))
        await scene.instance.restart(
            "sh", "-c", 'echo $$ >"$0" && exec "$@"', group / "cgroup.procs")
        process = scene.instance.process
        await asyncio.gather(*(guess(scene.instance.port, number) for number in range(GUESS_COUNT)))
        await asyncio.sleep(HOLD_SECONDS)
        check("memory: the process after a while", process, scene.instance.process)
        most = int((group / "memory.max_usage_in_bytes").read_text()) >> 20
        print(f"memory: at most {most} MiB of {MEMORY_BYTES >> 20} were taken")
        await scene.instance.restart()
    finally:
        # If the instance is in it still, scripts/soak removes it in the end.
        with contextlib.suppress(OSError):
            group.rmdir()


async def guess(port, number):
    """Tries to log in as nobody, whatever the answer."""
    exchange = Exchange(port)
    await exchange.ask("POST", "/auth/login", {
        "email": f"guess{number}@example.com", "password": "wrong for everybody"})
    exchange.close()


async def clock(scene):
    """The clock is an hour ahead, then an hour behind: then tokens are not good yet. Whether the
    service sees that, its answers tell.
    """
    path = scene.instance.folder / "clock"
    set_clock(path, "+0")
    await scene.instance.restart(
        LD_PRELOAD=CLOCK_LIBRARY, FAKETIME_TIMESTAMP_FILE=str(path), FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1")
    check("clock: seconds that it is wrong at first", near(0), await clock_error(scene.instance.port))
    for step, seconds in CLOCK_STEPS.items():
        set_clock(path, step)
        await asyncio.sleep(HOLD_SECONDS)
        check(f"clock: seconds that it is wrong after {step}", near(seconds),
              await clock_error(scene.instance.port))
    await scene.instance.restart()


async def clock_error(port):
    """How far the clock that a service puts into its answers is ahead, in seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    head = (await reader.read()).decode()
    writer.close()
    date = re.search(r"\r\nDate: ([^\r]+)\r\n", head)[1]
    return parsedate_to_datetime(date).timestamp() - time.time()


def near(seconds):
    """A condition for `check`: two seconds more or less."""
    def holds(value):
        return abs(value - seconds) <= 2

    holds.__doc__ = f"{seconds}, or two more or less"
    return holds


def set_clock(path, text):
    """Sets the clock of whoever looks at the file."""
    new = path.with_suffix(".new")
    new.write_text(f"{text}\n")
    new.replace(path)


# A client whose connection was cut cannot know more; a token from the future is none.
BROKEN, EARLY = "broken", "401 invalid_token"
# What these may be answered beside what every fault may.
ALSO_EXPECTED = {"killed": (BROKEN,), "clock": (EARLY,)}

FAULTS = {
    "ended": Fault(ended, "proxied", True),
    "killed": Fault(killed, "proxied", True, True),
    "log_unread": Fault(log_unread, "proxied", True),
    "log_disk_full": Fault(log_disk_full, "proxied", True),
    "descriptors": Fault(descriptors, "proxied", True),
    "clock": Fault(clock, "proxied", True),
}
if os.access(MEMORY_GROUPS / "cgroup.procs", os.W_OK):
    FAULTS["memory"] = Fault(memory, "proxied", True)

"""Shows that a soak fails when something is wrong: a saboteur between the clients and the service does
what the service must not do.
"""

import asyncio
import pathlib
import sys

import census
from checks import at_least, check
from exchange import Exchange
from history import DOUBLED, LOST, STALE
from load import Load, Period

PROGRAM = pathlib.Path(__file__).with_name("saboteur.py")
# How long each deed goes on, in seconds.
DEED_SECONDS = 2
CLIENT_COUNT = 8
# What a soak calls what the saboteur does; a leak is not of a history.
KINDS = {"dropped": LOST, "doubled": DOUBLED, "stale": STALE}


async def sabotage(server, port, free_port, token, numbers):
    """Has the saboteur do everything, in periods with these numbers."""
    for deed, number in zip((*KINDS, "leaked"), numbers):
        program = await asyncio.create_subprocess_exec(
            "setpriv", "--pdeathsig", "TERM", sys.executable, "-B", PROGRAM, str(free_port),
            str(port), deed, stdout=asyncio.subprocess.PIPE)
        await program.stdout.readline()
        before = census_of(program.pid)
        period = Period(number)
        load = Load(lambda: Exchange(free_port, token), period, deed, CLIENT_COUNT)
        await asyncio.sleep(DEED_SECONDS)
        await load.stop()
        after = census_of(program.pid)
        program.terminate()
        await program.wait()
        violations = period.history.audit(await server.users(number))
        if deed in KINDS:
            found = sum(violation.kind == KINDS[deed] for violation in violations)
        else:
            found = census.leaked(before, after)
        print(f"sabotage: {deed}: {found} found, {len(violations)} violations in all")
        check(f"sabotage: what was {deed} is found", at_least(1), found)


def census_of(process):
    """What a process holds that has no connections to the server."""
    found, threads, memory = census.of_process(process)
    return census.Census(found, threads, 0, 0, memory)

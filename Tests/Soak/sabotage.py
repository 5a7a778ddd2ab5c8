"""Shows that a soak fails when something is wrong: a saboteur between the clients and the service does
what the service must not do.
"""

import asyncio
import pathlib
import sys

import census
import floods
import judgement
import sharing
from checks import at_least, check
from exchange import Exchange
from history import DOUBLED, LOST, STALE
from load import Load, Period

PROGRAM = pathlib.Path(__file__).with_name("saboteur.py")
# How long each deed goes on, in seconds.
DEED_SECONDS = 2
CLIENT_COUNT = 8
CONNECTION_COUNT = 200
# What a soak calls what the saboteur does; a leak is not of a history.
KINDS = {"dropped": LOST, "doubled": DOUBLED, "stale": STALE}


async def sabotage(server, port, free_port, token, numbers, run_flood):
    """Has the saboteur do everything, and nothing, in periods with these numbers."""
    for deed, number in zip((*KINDS, "leaked", "none"), numbers):
        program = await begun(free_port, port, deed)
        before = census.of_process(program.pid)
        period = Period(number, sharing.CACHE_LIFE)
        load = Load(lambda: Exchange(free_port, token), period, deed, CLIENT_COUNT)
        await asyncio.sleep(DEED_SECONDS)
        await load.stop()
        after = await settled(program.pid)
        program.terminate()
        await program.wait()
        violations = period.history.audit(await server.users(number))
        leaked = census.leaked(before, after)
        print(f"sabotage: {deed}: {len(violations)} violations, {leaked} descriptors leaked")
        if deed == "none":
            check("sabotage: where there is none, none is found", (0, 0),
                  (len(violations), leaked))
        elif deed == "leaked":
            # Fewer than the clients' connections may be those that are about to close.
            check("sabotage: what was leaked is found", at_least(10 * CLIENT_COUNT), leaked)
        else:
            check(f"sabotage: what was {deed} is found", at_least(1),
                  sum(violation.kind == KINDS[deed] for violation in violations))


    for deed in ("reset", "mute"):
        program = await begun(free_port, port, deed)
        reports = await asyncio.gather(*(
            run_flood(name, DEED_SECONDS, CONNECTION_COUNT, free_port) for name in floods.FLOODS))
        program.terminate()
        await program.wait()
        check(f"sabotage: floods that find nothing wrong with {deed} connections", [], [
            flood.name for flood in reports
            if not list(judgement.faults_of_floods(flood.name, [flood.report]))])


async def begun(port, service_port, deed):
    """The saboteur's process, which listens."""
    program = await asyncio.create_subprocess_exec(
        "setpriv", "--pdeathsig", "TERM", sys.executable, "-B", PROGRAM, str(port),
        str(service_port), deed, stdout=asyncio.subprocess.PIPE)
    await program.stdout.readline()
    return program


async def settled(process):
    """What a process holds once it holds no less any more."""
    last, now = None, census.of_process(process)
    while last is None or now.descriptors < last.descriptors:
        await asyncio.sleep(0.5)
        last, now = now, census.of_process(process)
    return now

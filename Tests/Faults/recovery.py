"""How long the service took to be back after a fault, by what its clients were answered."""

import asyncio
import time

from tally import READS, WRITES

# What has gone on well for as long after a fault ends it, in seconds.
AFTER_SECONDS = 1.5
# How long the service has to succeed again, in seconds, before nobody waits any longer.
PATIENCE_SECONDS = 30


async def calm(probe, tally, began, ended):
    """Waits until all has gone well for a while, or too long.

    Returns when the server took connections again: when the probe, or the fault, said so last.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        back = max(ended, probe.changed_at)
        waits = recovery(tally, began, back).values()
        is_well = probe.is_up and None not in waits
        now = time.monotonic()
        if now > deadline or is_well and now > back + max(waits) + AFTER_SECONDS:
            return back
        await asyncio.sleep(0.1)


def recovery(tally, began, back):
    """How long the first read and the first write took to succeed after a time, in seconds."""
    firsts = {kind: tally.first_success(kind, began, back) for kind in (READS, WRITES)}
    return {kind: None if first is None else first - back for kind, first in firsts.items()}


def outline(period):
    """One line about a period."""
    tally = period.tally
    waits = ", ".join(
        "never" if wait is None else f"{wait:.2f}" for wait in period.recovery.values())
    text = (f"{tally.total} requests, {tally.count('2')} well, away {period.outage_seconds:.2f} s,"
            f" back after {waits} s, {period.unknown} unknown")
    for violation in period.violations[:5]:
        text += f"\n    {violation.kind}: {violation.what}"
    for what, example in tally.examples.items():
        text += f"\n    {what}: {example}"
    return text

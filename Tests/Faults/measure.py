"""Injects each fault many times under load and gives a verdict. scripts/check-faults starts what it
needs: the server, the services, the proxy.

It prints lines as Tests/Clients/checks.py describes them, and a table.
"""

import argparse
import asyncio
import random
import signal
import sys
import time

import census
import verdict
from checks import at_least, at_most, check
from faults import FAULTS, SABOTAGE, Scene
from history import LOST
from load import Client, Period
from server import Probe, Server
from sessions import Sessions, log_in
from tally import READS, WRITES

CLIENT_COUNT = 24
# Logins at a time that keep all threads busy that hash passwords.
LOGIN_COUNT = 12
# Load before a fault; what comes after it has gone on well for as long ends it. In seconds.
BEFORE_SECONDS = 1.0
AFTER_SECONDS = 1.5
# How long the service has to succeed again, in seconds, before nobody waits any longer.
PATIENCE_SECONDS = 30


class Load:
    """The clients of a period."""

    def __init__(self, port, token, period, seed):
        self._is_stopped = False
        self._clients = [
            asyncio.create_task(Client(port, token, period, f"{seed} {number}").run(self._ended))
            for number in range(CLIENT_COUNT)
        ]

    def _ended(self):
        return self._is_stopped

    async def stop(self):
        """Returns when every request has been answered."""
        self._is_stopped = True
        await asyncio.gather(*self._clients)


class Course:
    """All faults, one after the other."""

    def __init__(self, options):
        self.options = options
        self.server = Server(options.folder, options.programs, options.socket)
        self.probe = Probe(self.server.socket)
        self.administrator = dict(zip(("email", "password"), options.administrator.split(":")))
        self.ports, self.processes, self.tokens = {}, {}, {}
        for service in options.service:
            name, port, process = service.split(":")
            self.ports[name], self.processes[name] = int(port), int(process)
        self.random = random.Random(options.seed)
        self.periods_of = {}  # lists by the fault's name
        self.histories = {}  # by the period's number: the fault and the history

    async def run(self):
        """Injects everything and reports."""
        probing = asyncio.create_task(self.probe.run())
        for name in self.ports:
            await self.warm_up(name)
        before = await census.renewed(self.server, self.processes)
        order = [name for name in self.options.faults for _ in range(self.options.rounds)]
        self.random.shuffle(order)
        self.periods_of = {name: [] for name in self.options.faults}
        for number, name in enumerate(order, start=1):
            period = await self.period(number, FAULTS[name])
            self.periods_of[name].append(period)
            print(f"{number}/{len(order)} {name}: {outline(period)}", flush=True)
        for name, periods in self.periods_of.items():
            verdict.judge(name, periods, FAULTS[name].recovery_max)
            if FAULTS[name].fails:
                failed = sum(len(period.tally.failures) for period in periods)
                check(f"{name}: requests that failed", at_least(1), failed)
        await self.audit_all()
        idle = await census.settled(self.server, self.processes)
        self.compare(before, idle, await census.renewed(self.server, self.processes))
        await self.sabotage(len(order) + 1)
        probing.cancel()
        print("\n".join(verdict.table(self.periods_of)))

    async def warm_up(self, service):
        """Has a service open whatever it opens at first."""
        number = -len(self.histories)
        self.histories[number] = None
        # Each of the threads that hash keeps the memory that it has once taken.
        logins = [log_in(self.ports[service], self.administrator) for _ in range(LOGIN_COUNT)]
        self.tokens[service] = (await asyncio.gather(*logins))[0]
        load = Load(self.ports[service], self.tokens[service], Period(number), service)
        await asyncio.sleep(BEFORE_SECONDS)
        await load.stop()

    async def sabotage(self, number):
        """Shows that the check finds acknowledged writes that are lost."""
        period = await self.period(number, SABOTAGE)
        found = sum(violation.kind == LOST for violation in period.violations)
        print(f"sabotage: {found} lost writes found")
        check("sabotage: writes that are lost", at_least(1), found)

    async def period(self, number, fault):
        """One fault under load, and what came of it."""
        period = Period(number)
        self.histories[number] = fault, period.history
        port, token = self.ports[fault.service], self.tokens[fault.service]
        sessions = Sessions(self.server, port, self.administrator)
        await sessions.begin()
        load = Load(port, token, period, f"{self.options.seed} {number}")
        await asyncio.sleep(BEFORE_SECONDS)
        began = time.monotonic()
        await fault.run(Scene(
            self.server, fault.service, random.Random(f"{self.options.seed} {number}"),
            self.options.stop_seconds, self.tell_proxy))
        ended = time.monotonic() if fault.lasts else began
        back = await self.calm(period.tally, began, ended)
        await load.stop()
        await sessions.stop()
        last_statuses = await sessions.last_statuses()
        await sessions.end_all()
        rows = await self.server.users(number)
        return verdict.Period(
            period.tally, period.history.audit(rows), recovery(period.tally, began, back),
            back - began, max([0.0] + [time - back for time in period.tally.failures]),
            period.history.unknown_count, period.history.landed(rows),
            list(sessions.accepted(began, ended, fault.service == "proxied")),
            list(sessions.refused()), last_statuses)

    async def calm(self, tally, began, ended):
        """Waits until all has gone well for a while, or too long.

        Returns when the server took connections again: when the probe, or the fault, said so last.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            back = max(ended, self.probe.changed_at)
            waits = recovery(tally, began, back).values()
            is_well = self.probe.is_up and None not in waits
            now = time.monotonic()
            if now > deadline or is_well and now > back + max(waits) + AFTER_SECONDS:
                return back
            await asyncio.sleep(0.1)

    async def tell_proxy(self, word):
        """Has the proxy do something."""
        reader, writer = await asyncio.open_unix_connection(self.options.proxy)
        writer.write(f"{word}\n".encode())
        await reader.readline()
        writer.close()

    async def audit_all(self):
        """Compares everything once more: a write may have taken effect after its period."""
        rows_of = {number: [] for number in self.histories}
        strangers = []
        for row in await self.server.users():
            number = row.email[1:].partition(".")[0]
            rows_of.get(int(number), strangers).append(row)
        check("in the end: users of no period", [], strangers)
        shared = await self.server.shared_commits()
        for name in self.ports:
            counts = [
                shared.get(number, 0) for number, entry in self.histories.items()
                if entry and entry[0].service == name
            ]
            print(f"{name}: {sum(counts)} commits were the last one of more than one user,"
                  f" in {sum(map(bool, counts))} of {len(counts)} periods")
            if counts:
                check(f"{name}: commits that writes have shared", at_least(1), sum(counts))
        for fault in self.options.faults:
            found = [
                violation for number, entry in self.histories.items() if entry and
                entry[0] is FAULTS[fault] for violation in entry[1].audit(rows_of[number])
            ]
            check(f"{fault}: what is wrong in the end", [], found)

    def compare(self, before, idle, after):
        """Checks that nothing leaked: neither while the pools keep what they opened under load, nor
        with new connections, as before.
        """
        for name, first in before.items():
            kept, last = idle[name], after[name]
            print(f"{name}: before, idle, after\n    {first}\n    {kept}\n    {last}")
            check(f"{name}: backends while it is idle", at_most(census.BACKENDS_MAX), kept.backends)
            check(f"{name}: connections that listen", 1, last.listeners)
            check(f"{name}: threads afterwards", first.threads, last.threads)
            # The listener's proofs, one a second, may find the pool busy with connecting: then it
            # opens one more.
            check(f"{name}: backends afterwards", at_most(first.backends + 1), last.backends)
            for when, then in (("while it is idle", kept), ("afterwards", last)):
                check(f"{name}: descriptors that are no backends {when}",
                      first.descriptors - first.backends, then.descriptors - then.backends)
            check(f"{name}: KiB of memory more than before", at_most(census.GROWTH_KIB_MAX),
                  last.memory_kib - first.memory_kib)


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


def arguments():
    """What scripts/check-faults says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True, help="of the server")
    parser.add_argument("--programs", required=True, help="the folder of PostgreSQL's programs")
    parser.add_argument("--socket", required=True, help="the folder of the server's socket")
    parser.add_argument("--proxy", required=True, help="the socket at which the proxy is told")
    parser.add_argument("--service", action="append", required=True, help="name:port:process")
    parser.add_argument("--administrator", required=True, help="e-mail:password")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--stop-seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("faults", nargs="*", metavar="fault")
    options = parser.parse_args()
    for name in options.faults:
        if name not in FAULTS:
            parser.error(f"There is no fault {name}: {', '.join(FAULTS)}.")
    options.faults = options.faults or list(FAULTS)
    return options


if __name__ == "__main__":
    # Whoever ends the program early still has the fault taken away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asyncio.run(Course(arguments()).run())

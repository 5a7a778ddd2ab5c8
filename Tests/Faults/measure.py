"""Injects each fault many times under load and gives a verdict. scripts/check-faults starts what it
needs: the server, the services, the proxy.

It prints lines as Tests/Clients/checks.py describes them, and a table.
"""

import argparse
import asyncio
import functools
import random
import signal
import sys
import time

import census
import verdict
from checks import at_least, check
from exchange import Exchange
from faults import FAULTS, SABOTAGE, Scene, tell_proxy, with_faults
from history import LOST
from load import Load, Period
from recovery import calm, outline, recovery
from server import Probe, Server
from sessions import Sessions, log_in

# Logins at a time that keep all threads busy that hash passwords.
LOGIN_COUNT = 12
# Load before a fault, in seconds.
BEFORE_SECONDS = 1.0


class Course:
    """All faults, one after the other."""

    def __init__(self, options):
        self.options = options
        self.server = Server(options.folder, options.programs, options.socket)
        self.probe = Probe(self.server)
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
        after = await census.renewed(self.server, self.processes)
        for name, first in before.items():
            census.compare(name, first, idle[name], after[name])
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
        load = self.load(service, Period(number), service)
        await asyncio.sleep(BEFORE_SECONDS)
        await load.stop()

    def load(self, service, period, seed):
        """The clients of a service."""
        return Load(
            lambda: Exchange(self.ports[service], self.tokens[service]), period, seed)

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
        sessions = Sessions(self.server, self.ports[fault.service], self.administrator)
        await sessions.begin()
        load = self.load(fault.service, period, f"{self.options.seed} {number}")
        await asyncio.sleep(BEFORE_SECONDS)
        began = time.monotonic()
        await fault.run(Scene(
            self.server, tuple(self.ports), fault.service, random.Random(f"{self.options.seed} {number}"),
            self.options.stop_seconds,
            functools.partial(tell_proxy, self.options.proxy)))
        ended = time.monotonic() if fault.lasts else began
        back = await calm(self.probe, period.tally, began, ended)
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
    return with_faults(parser, FAULTS)


if __name__ == "__main__":
    # Whoever ends the program early still has the fault taken away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asyncio.run(Course(arguments()).run())

"""Faults and floods at once, in a random order that a seed tells, while clients write, read and are
checked, and a well-behaved client is measured. scripts/soak starts what it needs: the server, a place
for another one, the proxy.

It prints lines as Tests/Clients/checks.py describes them, and tables.
"""

import argparse
import asyncio
import collections
import functools
import itertools
import json
import os
import pathlib
import random
import signal
import sys
import time

import census
import faults
import floods
import judgement
import processes
import report
import sharing
import verdict
from bystanders import Bystanders
from checks import at_least, check
from exchange import Roaming
from instances import Instance
from load import Load, Period
from recovery import calm, outline, recovery
from sabotage import sabotage
from server import Probe
from sessions import log_in
from standby import FAILOVER, Pair

# Two services: of several hosts of the database it finds the one that takes writes by itself; and
# through the proxy.
SERVICES = ("direct", "proxied")
FAULTS = {**faults.FAULTS, **processes.FAULTS, **sharing.HARMLESS, "failover": FAILOVER}
# What stands in the order for a while without a fault.
CALM = "calm"
CALM_SECONDS = 6
# So many faults, then calm.
FAULTS_BETWEEN_CALMS = 2
# How long a fault holds that stops the server.
STOP_SECONDS = 6
FLOOD_SECONDS = 6
# At a time, in the warm-up; RATE_LIMIT_LOGIN_ID must allow as many.
LOGIN_COUNT = 12
BEFORE_SECONDS = 1.0
# What the heap may keep of all floods in KiB, since something in use is left in between: a thousand
# clients that do not read have the service hold HTTP_READ_AHEAD_MAX, 256 KiB, for each.
GROWTH_KIB_MAX = 64 << 10
# How often it is counted what a service holds, in seconds.
CENSUS_SECONDS = 2
# How long what a fault did to others may still show when it is over, in seconds.
AFTERMATH_SECONDS = 2.5
# Descriptors that are left to this program, and what it waits for a program of its own to end.
CONNECTIONS_MAX = 20_000
PROGRAM_SECONDS_MAX = 180

Scene = collections.namedtuple("Scene", (*faults.Scene._fields, "instance", "redis"))


class Soak:
    """Everything at once."""

    def __init__(self, options):
        self.options = options
        folder = pathlib.Path(options.folder)
        self.server = Pair(
            folder / "server", folder / "standby", options.programs, folder / "primary")
        self.probe = Probe(self.server)
        self.administrator = dict(zip(("email", "password"), options.administrator.split(":")))
        self.random = random.Random(options.seed)
        self.redis = sharing.Redis(folder)
        settings = {
            "ACCESS_TOKEN_LIFETIME": "24h", "SHUTDOWN_DELAY": "1s",
            # Those who are checked have one token, and are as fast as they can.
            "RATE_LIMIT_TOKEN": "1000000/1m",
            "RATE_LIMIT_LOGIN_ID": "100/5m", "REDIS_URL": self.redis.url,
            "REDIS_TIMEOUT": "20ms", "USER_CACHE_TTL": f"{sharing.CACHE_MILLISECONDS}ms",
            "TRUSTED_PROXIES": floods.PROXY_NETWORK,
            "HTTP_CONNECTIONS_PER_ADDRESS_MAX": "8192", "HTTP_IDLE_TIMEOUT": "20s",
            "HTTP_FIRST_BYTE_TIMEOUT": "3s", "HTTP_HEADER_TIMEOUT": "3s",
            "HTTP_BODY_TIMEOUT": "3s", "HTTP_WRITE_TIMEOUT": "3s", "HTTP_LINGER_TIMEOUT": "1s",
        }
        self.instances = {
            name: Instance(name, options.program, port, folder, {
                **settings, "DATABASE_URL": f"{url}&application_name={name}"})
            for name, port, url in zip(SERVICES, options.ports, options.urls)
        }
        self.token = self.fresh_kib = None
        self.windows, self.floods, self.samples = [], [], []
        self.periods_of = collections.defaultdict(list)  # by the fault's name
        self.stranger_count = 0
        self.histories = {}  # by the period's number: the fault and the history

    async def run(self):
        """Soaks the service and reports."""
        probing = asyncio.create_task(self.probe.run())
        await self.redis.start()
        for instance in self.instances.values():
            await instance.start()
        # A start needs some, so that they are known when they are seen.
        check("workers of libdispatch at the start", at_least(1),
              census.of_process(self.watched["direct"]).workers)
        await self.warm_up()
        before = await census.renewed(self.server, self.watched)
        deadline = time.monotonic() + self.options.seconds
        async with Bystanders(self) as bystanders:
            await asyncio.gather(
                self.bring_faults(deadline), self.flood(deadline), self.sample(deadline))
        await census.shrunk("direct", self.watched["direct"], self.fresh_kib, GROWTH_KIB_MAX)
        idle = await census.settled(self.server, self.watched)
        after = await census.renewed(self.server, self.watched)
        course = judgement.Course(
            self.periods_of, self.floods, self.windows, bystanders.answers, self.samples)
        judgement.judge(course, self.options.p99)
        judgement.judge_strangers(course, self.strangers_min, self.options.seed)
        judgement.judge_judgement()
        await self.audit_all()
        await sabotage(
            self.server, self.instances["direct"].port, self.options.saboteur_port, self.token,
            itertools.count(len(self.histories)), self.run_flood)
        for name, first in before.items():
            census.compare(name, first, idle[name], after[name], GROWTH_KIB_MAX)
        for instance in self.instances.values():
            check(f"{instance.name}: the exit status in the end", 0, await instance.end())
        probing.cancel()
        judgement.show(course)

    @property
    def watched(self):
        """The processes that nothing may grow in: those that live as long as the soak."""
        return {"direct": self.instances["direct"].process}

    @property
    def strangers_min(self):
        """How many strangers have to come."""
        return round(self.options.seconds * floods.STRANGERS_PER_SECOND)

    async def warm_up(self):
        """Has the services take what they take at most: what they had once, they keep."""
        for instance in self.instances.values():
            # Of logins that come at once, none may be in another one's way.
            tokens = await asyncio.gather(*(
                log_in(instance.port, self.administrator) for _ in range(LOGIN_COUNT)))
            self.token = tokens[0]
        period = self.new_period(CALM)
        load = self.load("direct", period)
        while len(period.all) < floods.USERS_MIN:
            await asyncio.sleep(0.1)
        self.fresh_kib = census.of_process(self.watched["direct"]).memory_kib
        for name in floods.LARGE:
            await self.flood_once(name)
        await load.stop()
        self.floods.clear()

    def new_period(self, fault):
        """The next period; its load is a fault's."""
        period = Period(len(self.histories), sharing.CACHE_LIFE)
        self.histories[period.number] = fault, period.history
        return period

    def load(self, service, period, **options):
        """Clients of a service that go on to the other one when they lose it."""
        ports = [instance.port for instance in self.instances.values()]
        if service != SERVICES[0]:
            ports.reverse()
        return Load(lambda: Roaming(ports, self.token), period,
                    f"{self.options.seed} {period.number}", **options)

    async def bring_faults(self, deadline):
        """Brings about one fault after the other until it is time."""
        for name in self.order():
            if time.monotonic() > deadline:
                break
            period = await self.period(name)
            print(f"{name}: {outline(period)}", flush=True)
            self.periods_of[name].append(period)

    def order(self):
        """Names without an end: of faults, and now and then of none."""
        while True:
            names = list(self.options.faults)
            self.random.shuffle(names)
            for number, name in enumerate(names):
                if number % FAULTS_BETWEEN_CALMS == 0:
                    yield CALM
                yield name

    async def period(self, name):
        """One fault under load, and what came of it."""
        fault = FAULTS.get(name, faults.Fault(rest, "direct"))
        period = self.new_period(name)
        load = self.load(fault.service, period)
        await asyncio.sleep(BEFORE_SECONDS)
        began = time.monotonic()
        await fault.run(Scene(
            self.server, SERVICES, fault.service,
            random.Random(f"{self.options.seed} {period.number}"), STOP_SECONDS,
            functools.partial(faults.tell_proxy, self.options.proxy),
            self.instances["proxied"], self.redis))
        ended = time.monotonic() if fault.lasts else began
        back = await calm(self.probe, period.tally, began, ended)
        await load.stop()
        waits = recovery(period.tally, began, back)
        if name != CALM and name not in sharing.HARMLESS:
            last = max((wait or 0 for wait in waits.values()), default=0)
            self.windows.append(judgement.Window(began, back + last + AFTERMATH_SECONDS))
        rows = await self.server.users(period.number)
        return verdict.Period(
            period.tally, period.history.audit(rows), waits, back - began,
            max([0.0] + [failed - back for failed in period.tally.failures]),
            period.history.unknown_count, period.history.landed(rows), [], [], ({401}, {200}))

    async def flood(self, deadline):
        """Lets one flood after the other loose until it is time and enough strangers have come."""
        names = []
        while time.monotonic() < deadline:
            if not names:
                names = list(floods.FLOODS)
                self.random.shuffle(names)
            await self.flood_once(names.pop())
        while judgement.strangers_answered(self.floods) < self.strangers_min:
            await self.flood_once("addresses")

    async def flood_once(self, name):
        """One flood; what others see meanwhile counts."""
        self.floods.append(await self.run_flood(
            name, FLOOD_SECONDS, CONNECTIONS_MAX - 500,
            *(instance.port for instance in self.instances.values())))
        self.stranger_count += self.floods[-1].report["strangers"]

    async def run_flood(self, name, seconds, connections, *ports):
        """Has a flood come to ports, and returns what came of it."""
        began = time.monotonic()
        # Where latency is judged, floods have what nobody else wants of the processors, as if they
        # came from another machine: others are to wait for what the service makes of them.
        idle = ("chrt", "--idle", "0") if self.options.p99 else ()
        program = await asyncio.create_subprocess_exec(
            *idle, "setpriv", "--pdeathsig", "TERM", sys.executable, "-B", floods.__file__, name,
            str(seconds), str(connections), str(self.options.seed), str(self.stranger_count),
            *map(str, ports), stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "AUTHORIZATION": f"Bearer {self.token}"})
        async with asyncio.timeout(PROGRAM_SECONDS_MAX):
            output, _ = await program.communicate()
        return report.Flood(name, began, time.monotonic(), json.loads(output))

    async def sample(self, deadline):
        """Counts now and then what the watched service holds; not while the server is away."""
        while time.monotonic() < deadline:
            await asyncio.sleep(CENSUS_SECONDS)
            try:
                found = await census.count(self.server, self.watched)
                self.samples += ((time.monotonic(), sample) for sample in found.values())
            except faults.ServerError:
                continue

    async def audit_all(self):
        """Compares everything once more: a write may have taken effect after its period."""
        rows_of = collections.defaultdict(list)
        strangers = []
        for row in await self.server.users():
            number = row.email[1:].partition(".")[0]
            known = number.isdecimal() and int(number) in self.histories
            (rows_of[int(number)] if known else strangers).append(row)
        check("in the end: users of no period", Bystanders.COUNT, len(strangers))
        check("in the end: what is wrong", [], [
            (fault, violation) for number, (fault, history) in self.histories.items()
            for violation in history.audit(rows_of[number])])


async def rest(_):
    """No fault."""
    await asyncio.sleep(CALM_SECONDS)


def arguments():
    """What scripts/soak says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True, help="of the servers' folders")
    parser.add_argument("--programs", required=True, help="the folder of PostgreSQL's programs")
    parser.add_argument("--program", required=True, help="the service")
    parser.add_argument("--proxy", required=True, help="the socket at which the proxy is told")
    parser.add_argument("--urls", required=True, nargs=2, help="of the database, by service")
    parser.add_argument("--ports", required=True, nargs=2, type=int, help="of the services")
    parser.add_argument("--saboteur-port", required=True, type=int)
    parser.add_argument("--administrator", required=True, help="e-mail:password")
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--p99", type=float, help="milliseconds; not judged without")
    parser.add_argument("--faults", nargs="*", default=[], metavar="fault")
    return faults.with_faults(parser, FAULTS)


if __name__ == "__main__":
    # Whoever ends the program early still has the fault taken away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asyncio.run(Soak(arguments()).run())

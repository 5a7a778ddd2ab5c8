"""Several hosts in one address, as libpq tries them, and the name of the application."""

import signal
import time

from checks import check
from machines import PASSWORD, ROLES, Server, Service, eventually

SESSIONS = "SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'plain'"


def address(*servers, **parameters):
    """The address of several servers, over TCP."""
    hosts = ",".join(f"127.0.0.1:{server.port}" for server in servers)
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return f"postgresql://{ROLES[1]}:{PASSWORD}@{hosts}/user_management?{query}"


def first_dead(first, second):
    """A first host that is dead at the start, and later the second one as well. A session of one is
    none of the other's.
    """
    first.stop()
    with Service("first dead", address(first, second)) as service:
        check("first host dead: ready", True, service.ready())
        check("first host dead: the second is used", ["t"], second.sql(SESSIONS))
        check("first host dead: no outage", [], service.causes())
        second.stop(signal.SIGQUIT)
        check("all hosts dead: readiness", True, service.becomes(503))
        check("all hosts dead: requests", 503, service.status("/users"))
        check("all hosts dead: liveness", 200, service.status("/health/live"))
        # Time for several attempts, which must not be told one by one.
        time.sleep(2)
        causes = service.causes()
        check("all hosts dead: told once", 1, len(causes))
        check(
            "all hosts dead: each is named", [True, True],
            [f"port {server.port}" in "".join(causes) for server in (first, second)])
        first.start()
        began = time.monotonic()
        service.token = None
        check("a host is back: ready", True, service.ready())
        check("a host is back: within 3 s", True, time.monotonic() - began < 3)
        check("a host is back: it is the first", ["t"], first.sql(SESSIONS))
        check("a host is back: told once", 1, service.recoveries())
    second.start()


def read_only(first, second):
    """A first host that takes no writes."""
    first.reload("default_transaction_read_only = on")
    url = address(first, second, target_session_attrs="read-write")
    with Service("read only", url) as service:
        check("first host read-only: ready", True, service.ready())
        check("first host read-only: the second is used", ["t"], second.sql(SESSIONS))
        check("first host read-only: it is not", ["f"], first.sql(SESSIONS))
        second.reload("default_transaction_read_only = on")
        second.cut()
        check("all hosts read-only: readiness", True, service.becomes(503))
        check(
            "all hosts read-only: the cause", ["session is read-only"],
            [cause[-len("session is read-only"):] for cause in eventually(service.causes)])
        first.reload("default_transaction_read_only = off")
        service.token = None
        check("a host takes writes again: ready", True, service.ready())
        check("a host takes writes again: it is the first", ["t"], first.sql(SESSIONS))
    second.reload("default_transaction_read_only = off")


def names(server):
    """The name that sessions go by."""
    cases = [
        ("neither", {}, {}, "user-management"),
        ("PGAPPNAME", {}, {"PGAPPNAME": "from-environment"}, "from-environment"),
        ("address", {"application_name": "from-url"}, {}, "from-url"),
        ("both", {"application_name": "from-url"}, {"PGAPPNAME": "from-environment"}, "from-url"),
    ]
    for name, parameters, variables, expected in cases:
        url = address(server, **parameters)
        with Service(f"name {name}", url, **variables) as service:
            check(f"application's name, {name}: ready", True, service.ready())
            found = server.sql(
                "SELECT DISTINCT application_name FROM pg_stat_activity WHERE usename = 'plain'")
            check(f"application's name, {name}", [expected], found)
        eventually(lambda: server.sql(SESSIONS) == ["f"])


def main():
    """Runs all of it on two servers, which are no copies of each other."""
    with Server("first") as first, Server("second") as second:
        for server in (first, second):
            server.start().prepare()
            server.sql(f"ALTER ROLE {ROLES[1]} SET ROLE {ROLES[0]}")
        names(first)
        first_dead(first, second)
        read_only(first, second)


main()

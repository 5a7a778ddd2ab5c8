"""What a token costs the database, and that one which is good no more is refused, whoever ended it
and whatever the service heard of that: directly, behind pgbouncer, and when it hears nothing.
"""

import collections
import contextlib
import time

from checks import at_most, check
from machines import PASSWORD, ROLES, Server, Service, eventually, free_port
from pgbouncer import ROLE, Pooler

# Requests on one connection, whose loop remembers a token after the first.
REQUESTS = 20
# In seconds: what the service promises where it listens.
HEARD_SECONDS_MAX = 1
# As long as a channel may be silent until it counts as dead, and longer.
DEAF_SECONDS = 4

# Whether a service listens, how its database is reached, and its own variables.
Setup = collections.namedtuple("Setup", "name listens url variables")


def setups(server, session, transaction):
    """All ways to reach the database."""
    direct = server.url(role=ROLE, sslmode="disable")
    nowhere = f"postgresql://127.0.0.1:{free_port()}/nowhere"
    unprepared = {"DATABASE_PREPARED_STATEMENTS": "off"}
    return [
        Setup("directly", True, direct, {}),
        Setup("pooled sessions", True, session.url(), {}),
        Setup("pooled transactions, and a direct address", True, transaction.url(), {
            "DATABASE_DIRECT_URL": direct, **unprepared}),
        Setup("pooled transactions alone", False, transaction.url(), unprepared),
        Setup("a direct address that leads nowhere", False, direct, {
            "DATABASE_DIRECT_URL": nowhere}),
    ]


@contextlib.contextmanager
def looks(server, counts):
    """Counts how often the database is asked what a token allows."""
    server.reload("log_statement = 'all'")
    before = len(server.logged())
    yield
    server.reload("log_statement = 'none'")
    lines = server.logged()[before:].splitlines()
    counts.append(sum("FROM sessions AS session" in line for line in lines))


def session_of(service, token):
    """The id of a token's session: the newest one."""
    return service.send("GET", "/users/me/sessions", token=token)[1]["items"][0]["id"]


def refused(service, token, seconds):
    """Whether a token is refused in time, on all of the service's loops, and from then on."""
    began = time.monotonic()

    def statuses():
        return {service.status("/users/me", token) for _ in range(8)}

    eventually(lambda: statuses() == {401}, seconds + 1)
    took = time.monotonic() - began
    return statuses() == {401} and took <= seconds + 0.2


def costs(setup, server, service):
    """What a token costs: one look for each loop where the service listens, else one each time."""
    counts = []
    with looks(server, counts):
        for _ in range(REQUESTS):
            service.status("/users/me")
    loops = int(service.variables["EVENT_LOOPS"])
    if setup.listens:
        check(f"{setup.name}: looks at the database", at_most(loops), counts[0])
    else:
        check(f"{setup.name}: looks at the database", REQUESTS, counts[0])


def ends(setup, server, service, other):
    """A session that another service, or SQL, ends; and a user who is disabled."""
    seconds = HEARD_SECONDS_MAX if setup.listens else 0
    for name, end in [
        ("another service", lambda session: other.send(
            "DELETE", f"/users/me/sessions/{session}", token=other.token)),
        ("this service", lambda session: service.send(
            "DELETE", f"/users/me/sessions/{session}", token=service.token)),
        ("SQL", lambda session: server.sql(f"DELETE FROM sessions WHERE id = '{session}'")),
    ]:
        token = service.log_in()
        session = session_of(service, token)
        check(f"{setup.name}: a new token", {200}, {
            service.status("/users/me", token) for _ in range(8)})
        end(session)
        check(f"{setup.name}, ended by {name}: refused in time", True,
              refused(service, token, 0 if name == "this service" else seconds))
    check(f"{setup.name}: the token of others", 200, service.status("/users/me"))


def losses(setup, server, service):
    """A session that is ended while nothing can be heard, not even the end of the connection."""
    token = service.log_in()
    session = session_of(service, token)
    check(f"{setup.name}: a token before a loss", {200}, {
        service.status("/users/me", token) for _ in range(8)})
    server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE usename = '{ROLE}' AND query LIKE 'LISTEN%';"
        f" DELETE FROM sessions WHERE id = '{session}'")
    check(f"{setup.name}, ended in a loss: refused in time", True,
          refused(service, token, HEARD_SECONDS_MAX))
    check(f"{setup.name}: the loss is told", 1, len(eventually(
        lambda: service.events("Notifications lost"))))
    check(f"{setup.name}: and its end", True, bool(eventually(
        lambda: len(service.events("Listening to the database")) == 2)))
    check(f"{setup.name}: a token of before the loss", 200, service.status("/users/me"))


def outage(setup, server, service):
    """A session that is ended while the service has no database."""
    token = service.log_in()
    session = session_of(service, token)
    server.sql("ALTER ROLE plain NOLOGIN")
    server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE usename = '{ROLE}'")
    check(f"{setup.name}: away", True, service.becomes(503))
    server.sql(f"DELETE FROM sessions WHERE id = '{session}'")
    check(f"{setup.name}, ended in an outage: not accepted meanwhile", 503,
          service.status("/users/me", token))
    server.sql("ALTER ROLE plain LOGIN")
    check(f"{setup.name}: back", True, service.ready())
    check(f"{setup.name}, ended in an outage: refused", True,
          refused(service, token, HEARD_SECONDS_MAX))


def tells(setup, service):
    """The log says whether the service listens; if it cannot, once."""
    time.sleep(0 if setup.listens else DEAF_SECONDS)
    check(f"{setup.name}: listens", setup.listens, bool(
        service.events("Listening to the database")))
    check(f"{setup.name}: says that it cannot listen", int(not setup.listens), len(
        service.events("Cannot listen to the database")))
    check(f"{setup.name}: no outage", [], service.causes())
    check(f"{setup.name}: no password in the log", False, PASSWORD in service.logged())


def main():
    """Runs all of it on one server."""
    with Server("server") as server:
        server.start("max_connections=150").prepare()
        server.sql(f"ALTER ROLE {ROLE} SET ROLE {ROLES[0]}")
        with (Pooler("sessions", server, "session", default_pool_size=60) as session,
              Pooler("transactions", server, "transaction") as transaction):
            for setup in setups(server, session, transaction):
                with (Service(setup.name, setup.url, **setup.variables) as service,
                      Service(f"{setup.name} too", setup.url, **setup.variables) as other):
                    check(f"{setup.name}: ready", True, service.ready() and other.ready())
                    if setup.listens:
                        check(f"{setup.name}: listening", True,
                              service.listens() and other.listens())
                    costs(setup, server, service)
                    ends(setup, server, service, other)
                    if setup.name == "directly":
                        losses(setup, server, service)
                        outage(setup, server, service)
                    else:
                        tells(setup, service)


main()

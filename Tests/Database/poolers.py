"""The service behind pgbouncer, which pools sessions or transactions."""

import pathlib
import signal
import threading
import time

from checks import at_least, check
from machines import PASSWORD, ROLES, Server, Service, free_port, migrate
from pgbouncer import ROLE, SESSIONS_MAX, Pooler
from traffic import Traffic

def service_of(pooler, mode, name="service", **variables):
    """The service behind a pooler, as the documentation says."""
    if mode == "transaction":
        variables = {"DATABASE_PREPARED_STATEMENTS": "off", **variables}
    return Service(f"{mode} {name}", pooler.url(), **variables)


def steady(server, pooler, mode):
    """Traffic that nothing disturbs: no request may fail."""
    with service_of(pooler, mode) as service:
        check(f"{mode}: ready", True, service.ready())
        with Traffic(service) as requests:
            time.sleep(5)
        requests.report(f"{mode}: traffic", server)
        sessions = server.sql(f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{ROLE}'")
        check(f"{mode}: sessions", True, int(sessions[0]) <= SESSIONS_MAX[mode])
        server.reload("log_statement = 'all'")
        before = len(server.logged())
        service.status("/users")
        named = "execute s" if mode == "session" else "execute <unnamed>"
        found = [line for line in server.logged()[before:].splitlines() if "LOG:  execute" in line]
        server.reload("log_statement = 'none'")
        check(f"{mode}: statements that are prepared, or not", [], [
            line for line in found if named not in line])
        check(f"{mode}: statements that were seen", at_least(1), len(found))


def disturbed(server, pooler, mode):
    """A pooler, and a server behind it, that are started again under traffic."""
    with service_of(pooler, mode, "disturbed") as service:
        check(f"{mode}, disturbed: ready", True, service.ready())
        with Traffic(service) as requests:
            for number in (signal.SIGTERM, signal.SIGKILL):
                time.sleep(0.7)
                pooler.stop(number)
                pooler.start()
                check(
                    f"{mode}, pooler started again: works within 3 s", True,
                    requests.recovers(time.monotonic(), 3))
            for number in (signal.SIGINT, signal.SIGQUIT):
                time.sleep(0.7)
                server.stop(number)
                server.start(*LOGGING)
                check(
                    f"{mode}, server started again: works within 5 s", True,
                    requests.recovers(time.monotonic(), 5))
            time.sleep(0.7)
        requests.report(f"{mode}, disturbed", server, failures=[503])


def away(server, pooler, mode):
    """A server that is away behind a pooler that is there."""
    with service_of(pooler, mode, "away", DATABASE_CONNECT_TIMEOUT="2s") as service:
        check(f"{mode}, server away: ready before", True, service.ready())
        server.stop()
        check(f"{mode}, server away: readiness", True, service.becomes(503))
        check(f"{mode}, server away: requests", 503, service.status("/users"))
        time.sleep(5)
        check(f"{mode}, server away: told once", 1, len(service.causes()))
        back = service.events("Database reachable again")
        check(f"{mode}, server away: not told to be back", [], back)
        server.start(*LOGGING)
        check(f"{mode}, server back: ready", True, service.ready())
        check(f"{mode}, server back: told once", 1, service.recoveries())
        check(f"{mode}: no password in the log", False, PASSWORD in service.logged())


def given_up(server, pooler, mode):
    """A statement that takes too long: the server gives it up."""
    if mode == "transaction":
        server.sql(f"ALTER ROLE {ROLE} SET statement_timeout = '900ms'")
        pooler.command_line("RECONNECT")
    message = "canceling statement due to statement timeout"
    before = server.logged().count(message)
    with service_of(pooler, mode, "given up", DATABASE_STATEMENT_TIMEOUT="1s") as service:
        check(f"{mode}, statement timeout: ready", True, service.ready())
        holder = threading.Thread(
            target=server.sql, args=("BEGIN; LOCK TABLE users; SELECT pg_sleep(3); COMMIT",))
        holder.start()
        time.sleep(0.5)
        began = time.monotonic()
        check(f"{mode}, statement timeout: answer", 503, service.status("/users"))
        check(f"{mode}, statement timeout: after 2 s at most", True, time.monotonic() - began < 2)
        holder.join()
        check(f"{mode}, statement timeout: ready afterwards", True, service.ready())
    check(
        f"{mode}, statement timeout: the server gave up", at_least(1),
        server.logged().count(message) - before)
    server.sql(f"ALTER ROLE {ROLE} RESET statement_timeout")


def neighbours(name, server, pooler, failures=(), **variables):
    """Two services that share sessions, of which one has used its statements in another order."""
    with (
            Service(f"{name} first", pooler.url(), **variables) as first,
            Service(f"{name} second", pooler.url(), **variables) as second):
        first.token = first.log_in()
        first.becomes(404, "/users/00000000-0000-7000-8000-000000000000")
        second.ready()
        with Traffic(first) as requests, Traffic(second) as others:
            time.sleep(4)
        requests.report(f"{name}, first", server, failures=failures)
        others.report(f"{name}, second", server, failures=failures)


def short_lives(server, pooler):
    """Sessions that the pooler replaces under traffic."""
    with service_of(pooler, "transaction", "short lives") as service:
        check("short lives: ready", True, service.ready())
        before = server.logged().count("connection authorized")
        with Traffic(service) as requests:
            time.sleep(7)
        requests.report("short lives", server)
        replaced = server.logged().count("connection authorized") - before
        check("short lives: sessions that were replaced", at_least(8), replaced)
        with Traffic(service) as requests:
            for _ in range(3):
                time.sleep(0.7)
                # If a login is under way, pgbouncer takes its end for a failure and tells those
                # who wait so.
                pooler.command_line("RECONNECT")
                time.sleep(0.7)
                pooler.command_line("PAUSE")
                time.sleep(0.3)
                pooler.command_line("RESUME")
        requests.report("replaced by command", server, failures=[503])


def direct(server):
    """Migrations go past the pooler."""
    head = migrate("heads")
    nowhere = f"postgresql://127.0.0.1:{free_port()}/nowhere"
    check(
        "migrate by DATABASE_DIRECT_URL", head,
        migrate("current", DATABASE_URL=nowhere, DATABASE_DIRECT_URL=server.socket_url()))
    file = pathlib.Path(server.folder / "direct-url")
    file.write_text(server.socket_url() + "\n")
    check(
        "migrate by DATABASE_DIRECT_URL_FILE", head,
        migrate("current", DATABASE_URL=nowhere, DATABASE_DIRECT_URL_FILE=str(file)))


LOGGING = ("max_connections=120",)


def main():
    """Runs all of it on one server, with pgbouncer in either mode."""
    with Server("server") as server:
        server.start(*LOGGING).prepare()
        server.sql(f"ALTER ROLE {ROLE} SET ROLE {ROLES[0]}")
        direct(server)
        for mode in SESSIONS_MAX:
            with Pooler(f"{mode} pooler", server, mode) as pooler:
                steady(server, pooler, mode)
                given_up(server, pooler, mode)
                disturbed(server, pooler, mode)
                away(server, pooler, mode)
        with Pooler("shared pooler", server, "transaction") as pooler:
            neighbours("neighbours", server, pooler, DATABASE_PREPARED_STATEMENTS="off")
            # The switch is forgotten: some requests fail, none goes astray.
            neighbours("forgotten switch", server, pooler, failures=[503])
        with Pooler("short lives pooler", server, "transaction", server_lifetime=1) as pooler:
            short_lives(server, pooler)


main()

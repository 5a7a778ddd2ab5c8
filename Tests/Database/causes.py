"""Why the database may be out of reach, what the service says, and that it comes back by itself."""

import signal
import socket
import time

from checks import check
from machines import ADMINISTRATOR, BINARIES, PASSWORD, ROLES, Server, Service, eventually, free_port


def outage(name, url, words, cure, *, token, server=None, **variables):
    """Starts the service with a database out of reach; `cure` puts that right. The token is good
    before and afterwards."""
    with Service(name, url, **variables) as service:
        eventually(service.causes)
        check(f"{name}: without a token", 401, service.status("/users"))
        check(f"{name}: a login", 503, service.send("POST", "/auth/login", ADMINISTRATOR)[0])
        service.token = token
        for path, status in [
                ("/health/ready", 503), ("/users", 503), ("/health/live", 200), ("/health", 200)]:
            check(f"{name}: {path}", status, service.status(path))
        time.sleep(1.5)
        causes = service.causes()
        check(f"{name}: told once", 1, len(causes))
        check(f"{name}: the cause", [], [word for word in words if word not in "".join(causes)])
        check(f"{name}: no password in the log", False, PASSWORD in service.logged())
        cure()
        check(f"{name}: ready afterwards", True, service.ready())
        check(f"{name}: listens", True, service.listens())
        check(f"{name}: the end told once", 1, service.recoveries())
        if server:
            # A second outage is told again.
            server.stop(signal.SIGQUIT)
            check(f"{name}: away again", True, service.becomes(503))
            server.start()
            check(f"{name}: ready again", True, service.ready())
            check(f"{name}: told twice", 2, len(service.causes()))


def main():
    """Runs all of it on one server."""
    with Server("server") as server:
        server.start().prepare()
        server.sql(f"ALTER ROLE {ROLES[1]} SET ROLE {ROLES[0]}")
        url = server.url(role=ROLES[1])
        with Service("before", url) as service:
            token = service.log_in()

        server.sql("ALTER DATABASE user_management RENAME TO elsewhere", "postgres")
        outage(
            "unknown database", url, ["database \"user_management\" does not exist"],
            lambda: server.sql("ALTER DATABASE elsewhere RENAME TO user_management", "postgres"),
            token=token)

        server.sql(f"ALTER ROLE {ROLES[1]} CONNECTION LIMIT 0")
        outage(
            "too many connections", url, ["too many connections for role"],
            lambda: server.sql(f"ALTER ROLE {ROLES[1]} CONNECTION LIMIT -1"), token=token)

        server.sql(f"ALTER ROLE {ROLES[1]} NOLOGIN")
        outage(
            "role that may not log in", url, ["is not permitted to log in"],
            lambda: server.sql(f"ALTER ROLE {ROLES[1]} LOGIN"), token=token)

        server.stop()
        outage("refused", url, ["Connection refused"], server.start, token=token, server=server)

        server.stop()
        silent = socket.create_server(("127.0.0.1", server.port))

        def speak():
            silent.close()
            server.start()

        outage(
            "silent", url, ["timeout expired"], speak, token=token, DATABASE_CONNECT_TIMEOUT="2s")

        # A standby that takes no queries answers as a server that starts does, with 57P03.
        server.stop()
        (server.folder / "data/standby.signal").touch()
        server.start("hot_standby=off", wait=False)
        eventually(lambda: "entering standby mode" in server.logged())

        def start_up():
            server.run(f"{BINARIES}/pg_ctl", "promote", "--no-wait", "--pgdata=data")

        outage("starting up", url, ["the database system is"], start_up, token=token)

    with Service("no such host", f"postgresql://db.invalid:{free_port()}/users") as service:
        causes = eventually(service.causes)
        check(
            "no such host: the cause", ["could not translate host name \"db.invalid\""],
            [cause[cause.find("could not"):][:42] for cause in causes])
        check("no such host: readiness", 503, service.status("/health/ready"))


main()

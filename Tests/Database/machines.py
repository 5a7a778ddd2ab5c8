"""PostgreSQL, pgbouncer and the service as processes of a check, each in a folder of its own.

They run on 127.0.0.1 and on Unix sockets, and end with the program that started them. A program
takes two arguments, the service's binary and a folder to work in.
"""

import contextlib
import glob
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request

PROGRAM, SCRATCH = sys.argv[1], pathlib.Path(sys.argv[2])
MIGRATIONS = pathlib.Path("migrations").resolve()
BINARIES = max(
    glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
# The longest that anything may take that is only a matter of time, in seconds.
PATIENCE = 30
# What nobody may say.
PASSWORD = "s3cret-otters"
# Who the checks are in the service's eyes.
ADMINISTRATOR = {"email": "administrator@example.com", "password": "seventeen brave otters"}
# The roles that the services log in as: one over TLS alone, one without, both with SCRAM.
ROLES = ("user_management", "plain")


def stop_on_signal(*_):
    """Ends the program as an exception does, so that whatever it started ends too."""
    sys.exit("stopped by a signal")


signal.signal(signal.SIGTERM, stop_on_signal)


def eventually(condition, seconds=PATIENCE):
    """The first value of `condition` that is true, or the last one, when time is up."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return value


def free_port():
    """A TCP port that nobody listens on, outside the range that clients get theirs from."""
    while True:
        port = random.randrange(20_000, 30_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Machine:
    """A process that can be started again; stopped at the end of a `with` statement."""

    def __init__(self, name, user=None):
        self.folder = SCRATCH / name
        self.folder.mkdir()
        self.log = self.folder / "log"
        self.process = None
        # PostgreSQL and pgbouncer refuse to run as root.
        self.user = user if os.geteuid() == 0 else None
        if self.user:
            self.run("chown", self.user, str(self.folder), as_user=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def command(self, arguments):
        """A command line that runs as the user and ends with this program."""
        prefix = ["setpriv", "--pdeathsig", "KILL"]
        if self.user:
            prefix += [f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"]
        return [*prefix, "--", *arguments]

    def run(self, *arguments, as_user=True):
        """Runs a command to its end; returns what it prints."""
        command = self.command(arguments) if as_user else arguments
        ended = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise RuntimeError(f"{arguments}: {ended.stdout}{ended.stderr}")
        return ended.stdout

    def spawn(self, arguments, variables=None):
        """Starts the process; what it says goes to its log."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(arguments), cwd=self.folder, env={**os.environ, **(variables or {})},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop(self, number=signal.SIGTERM):
        """Stops the process and waits for its end."""
        if not self.process:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def logged(self):
        """What the process has said since it was first started."""
        return self.log.read_text(errors="replace")


class Server(Machine):
    """PostgreSQL with TLS, if it has a certificate, and a migrated database for the service."""

    def __init__(self, name):
        super().__init__(name, user="postgres")
        self.port = free_port()
        self.run(
            f"{BINARIES}/initdb", "--pgdata=data", "--username=postgres", "--encoding=UTF8",
            "--locale=C.UTF-8", "--auth=trust", "--no-sync", "--no-instructions")
        rules = ["local all all trust"]
        rules += [f"hostssl all {ROLES[0]} 127.0.0.1/32 scram-sha-256"]
        rules += [f"hostnossl all {ROLES[1]} 127.0.0.1/32 scram-sha-256"]
        (self.folder / "data/pg_hba.conf").write_text("\n".join(rules) + "\n")

    def start(self, *settings, wait=True):
        """Starts it with settings `name=value`."""
        fixed = [
            f"port={self.port}", "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}", "fsync=off", "log_connections=on"]
        options = [word for setting in [*fixed, *settings] for word in ("-c", setting)]
        self.spawn([f"{BINARIES}/postgres", "-D", "data", *options])
        if wait and not eventually(self.answers):
            raise RuntimeError(self.logged()[-2000:])
        return self

    def prepare(self):
        """Makes the roles, the migrated database and the administrator; once, after the first
        start."""
        for role in ROLES:
            self.sql(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'", "postgres")
        self.sql(f"GRANT {ROLES[0]} TO {ROLES[1]}", "postgres")
        self.sql(f"CREATE DATABASE user_management OWNER {ROLES[0]}", "postgres")
        migrate(DATABASE_URL=self.socket_url())
        command(
            "admin", "create", "--email", ADMINISTRATOR["email"],
            input=ADMINISTRATOR["password"], DATABASE_URL=self.socket_url())
        return self

    def stop(self, number=signal.SIGINT):
        """Stops it fast, or at once by SIGQUIT."""
        super().stop(number)

    def answers(self):
        """Whether it accepts connections."""
        return subprocess.run(
            [f"{BINARIES}/pg_isready", "-q", "-h", str(self.folder), "-p", str(self.port)],
            check=False).returncode == 0

    def sql(self, text, database="user_management"):
        """Runs SQL as the superuser; returns its lines."""
        return self.run(
            f"{BINARIES}/psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-p",
            str(self.port), "-U", "postgres", "-d", database, "-c", text).splitlines()

    def reload(self, *settings):
        """Changes settings, SQL's `name = value`, while it runs; without any, reads its files."""
        for setting in settings:
            self.sql(f"ALTER SYSTEM SET {setting}", "postgres")
        loaded = "SELECT pg_conf_load_time()"
        before = self.sql(loaded)
        self.sql("SELECT pg_reload_conf()")
        eventually(lambda: self.sql(loaded) != before)

    def cut(self):
        """Ends the sessions of the services."""
        self.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")

    def socket_url(self):
        """The address of the database at the Unix socket."""
        return (
            f"postgresql:///user_management?host={self.folder}&port={self.port}&user={ROLES[0]}")

    def url(self, host="127.0.0.1", role=ROLES[0], password=PASSWORD, **parameters):
        """The address of the database over TCP."""
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return f"postgresql://{role}:{password}@{host}:{self.port}/user_management?{query}"


class Service(Machine):
    """The service on a port of its own; whoever asks it has a token once it has been ready."""

    def __init__(self, name, url, token=None, **variables):
        super().__init__(name)
        self.token = token
        self.variables = {
            "DATABASE_URL": url, "PORT": "0", "SHUTDOWN_DELAY": "0s", "ACCESS_LOG": "off",
            "EVENT_LOOPS": "2", "RATE_LIMIT_ENABLED": "false", **variables}
        self.spawn([PROGRAM, "serve"], self.variables)
        serving = eventually(lambda: self.events("Serving") or self.process.poll() is not None)
        if serving is True or not serving:
            raise RuntimeError(self.logged()[-2000:])
        self.url = serving[0]["address"]

    def events(self, message):
        """The events with this message, of which the log tells."""
        lines = [json.loads(line) for line in self.logged().splitlines() if line.endswith("}")]
        return [line for line in lines if line.get("message") == message]

    def causes(self):
        """Why the database could not be reached, for each outage."""
        return [event["cause"] for event in self.events("Database unreachable")]

    def recoveries(self):
        """How often all of its loops have found the database again; waits for the first time."""
        eventually(lambda: self.events("Database reachable again"))
        return len(self.events("Database reachable again"))

    def listens(self):
        """Whether it says, in time, that it hears of changes that others make."""
        return bool(eventually(lambda: self.events("Listening to the database")))

    def send(self, method, path, body=None, token=None):
        """Sends a request; returns the status and the answer's JSON, or None twice."""
        request = urllib.request.Request(
            self.url + path, method=method, data=body and json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **bearer(token)})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, parsed(answer)
        except urllib.error.HTTPError as error:
            return error.code, parsed(error)
        except OSError:
            return None, None

    def status(self, path, token=None):
        """The status that a GET with a token is answered with; None if it is not."""
        return self.send("GET", path, token=token or self.token)[0]

    def becomes(self, status, path="/health/ready"):
        """Whether a GET is answered with a status in time."""
        return eventually(lambda: self.status(path) == status)

    def log_in(self):
        """A token of a new session of the administrator, in time."""
        return eventually(lambda: (
            self.send("POST", "/auth/login", ADMINISTRATOR)[1] or {}).get("access_token"))

    def ready(self):
        """Whether it can work, in time, and its token is good: never does it say that it is not."""
        is_ready = self.becomes(200)
        self.token = self.token or self.log_in()
        return is_ready and 200 == eventually(
            lambda: (status := self.status("/users")) not in (None, 503) and status)


def bearer(token):
    """The fields by which a token is presented."""
    return {"Authorization": f"Bearer {token}"} if token else {}


def parsed(answer):
    """The JSON of an answer that has any."""
    text = answer.read()
    return json.loads(text) if text else None


def migrate(*verb, **variables):
    """Runs `migrate`; returns what it prints. Raises what it says when it fails."""
    return command("migrate", *(verb or ("upgrade", "head")), **variables)


def command(*words, input=None, **variables):
    """Runs one of the service's other commands, as :func:`migrate` does."""
    ended = subprocess.run(
        [PROGRAM, *words], cwd=SCRATCH, capture_output=True, input=input or "",
        env={**os.environ, "MIGRATIONS_DIRECTORY": str(MIGRATIONS), **variables}, text=True,
        check=False)
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    return ended.stdout

"""The PostgreSQL server under test: its folder, its processes, its SQL; and a probe that tells when
it takes connections.
"""

import asyncio
import os
import pathlib
import signal
import struct
import time

from history import Row

# How often the probe logs in, in seconds: as much may a measured recovery be too short.
PROBE_SECONDS = 0.05
ROLE = "user_management"
# A new session would be read-only, too, while that is the fault.
OPTIONS = {"PGOPTIONS": "-c default_transaction_read_only=off", "PGAPPNAME": "check"}


class ServerError(Exception):
    """A program of PostgreSQL failed."""


class Server:
    """A server as scripts/postgres.sh starts it, whose files belong to a user of its own."""

    def __init__(self, folder, programs, socket):
        self.folder, self.programs = pathlib.Path(folder), pathlib.Path(programs)
        self.socket = f"{socket}/.s.PGSQL.5432"
        self.socket_folder = socket

    async def sql(self, text):
        """Runs SQL with psql as the superuser; returns the rows of columns."""
        output = await run(
            self.programs / "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
            "--field-separator=\t", "--set=ON_ERROR_STOP=1", f"--host={self.socket_folder}",
            "--port=5432", "--username=postgres", f"--dbname={ROLE}", input=text,
            environment=OPTIONS)
        return [line.split("\t") for line in output.splitlines()]

    async def users(self, period=None):
        """All users but administrators, or those of one period."""
        condition = "NOT roles @> '{admin}'" if period is None else f"email LIKE 'p{period}.%'"
        rows = await self.sql(
            "SELECT id, email, display_name, version, deleted_at IS NOT NULL"
            f" FROM users WHERE {condition};")
        return [
            Row(identity, email, name, int(version), is_deleted == "t")
            for identity, email, name, version, is_deleted in rows
        ]

    async def shared_commits(self):
        """How many transactions were the last one of more than one user, by period."""
        rows = await self.sql(
            "SELECT period, count(*) FROM ("
            "    SELECT substring(min(email) FROM '^p(-?[0-9]+)[.]') AS period FROM users"
            "    GROUP BY xmin::text HAVING count(*) > 1"
            ") AS commits GROUP BY period;")
        return {int(period): int(count) for period, count in rows}

    async def backends(self, service):
        """The processes of a service's connections."""
        rows = await self.sql(
            f"SELECT pid FROM pg_stat_activity WHERE application_name = '{service}';")
        return [int(process) for process, in rows]

    async def log_writer(self):
        """The process that writes the log when no commit waits for it."""
        rows = await self.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter';")
        return int(rows[0][0])

    async def listeners(self, service):
        """How many of a service's connections listen."""
        rows = await self.sql(
            "SELECT count(*) FROM pg_stat_activity"
            f" WHERE application_name = '{service}' AND query LIKE 'LISTEN %';")
        return int(rows[0][0])

    async def terminate(self, *services):
        """Ends all connections of services; returns how many there were."""
        names = ", ".join(f"'{service}'" for service in services)
        ended = await self.sql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            f" WHERE application_name IN ({names});")
        return int(ended[0][0])

    async def control(self, action, *options):
        """Runs pg_ctl, as the owner of the folder, and waits until it has its effect."""
        owner = self.folder.stat()
        await run(
            "setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups",
            self.programs / "pg_ctl", action, "--silent", "--wait", "--timeout=60",
            "--pgdata=data", "--log=server.log", *options, cwd=self.folder,
            environment={"LC_ALL": "C.UTF-8"})

    @property
    def postmaster(self):
        """The first process; None if there is none."""
        try:
            process = int((self.folder / "data/postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(process, 0)
            return process
        except (OSError, ValueError):
            return None

    def stop_processes(self):
        """Stops all processes; returns them, to be continued. The first one starts no others then.
        """
        stopped = [self.postmaster]
        os.kill(stopped[0], signal.SIGSTOP)
        for process in children(stopped[0]):
            os.kill(process, signal.SIGSTOP)
            stopped.append(process)
        return stopped


def children(parent):
    """The processes that another one started; proc(5)."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(path.parent.name))
    return found


async def run(*command, input=None, cwd=None, environment=()):
    """Runs a program and returns its output; an error if it fails."""
    # pg_ctl's server would keep a pipe open, so the output of a program without input is dropped.
    output = asyncio.subprocess.DEVNULL if input is None else asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *map(str, command), cwd=cwd, env={**os.environ, **dict(environment)},
        stdin=asyncio.subprocess.DEVNULL if input is None else asyncio.subprocess.PIPE,
        stdout=output, stderr=output)
    out, err = await process.communicate(None if input is None else input.encode())
    if process.returncode != 0:
        raise ServerError(f"{command[0]}: {(err or b'').decode().strip()}")
    return (out or b"").decode()


def startup_message(application):
    """What begins a session (PostgreSQL documentation, section 55.7, StartupMessage)."""
    text = f"user\0{ROLE}\0database\0{ROLE}\0application_name\0{application}\0\0".encode()
    return struct.pack("!ii", 8 + len(text), 196608) + text


async def log_in(path, application):
    """Opens a session and leaves it open; returns its streams, or None if it is refused."""
    writer = None
    try:
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(startup_message(application))
        while True:
            kind, length = struct.unpack("!ci", await reader.readexactly(5))
            await reader.readexactly(length - 4)
            if kind == b"Z":
                return reader, writer
            if kind == b"E":
                break
    except (OSError, EOFError):
        pass
    except asyncio.CancelledError:
        if writer:
            writer.close()
        raise
    if writer:
        writer.close()
    return None


class Probe:
    """Logs in again and again, with the role that the service has, and notes the changes."""

    def __init__(self, server):
        self._server = server
        self.is_up = True
        self.changed_at = 0.0

    async def run(self):
        """Goes on until it is cancelled."""
        while True:
            streams = await log_in(self._server.socket, "probe")
            if streams:
                streams[1].write(b"X\0\0\0\x04")
                streams[1].close()
            if self.is_up != bool(streams):
                self.is_up, self.changed_at = bool(streams), time.monotonic()
            await asyncio.sleep(PROBE_SECONDS)

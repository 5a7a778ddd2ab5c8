"""Pgbouncer, as a process of a check."""

import os
import subprocess

from machines import BINARIES, PASSWORD, ROLES, Machine, eventually, free_port

ROLE = ROLES[1]
# Sessions that the pooler may have, and the service's connections to it: fewer where transactions
# are pooled.
SESSIONS_MAX = {"session": 40, "transaction": 5}


class Pooler(Machine):
    """Pgbouncer in front of a server; settings follow the mode."""

    def __init__(self, name, server, mode, **settings):
        super().__init__(name, user="postgres")
        self.port = free_port()
        (self.folder / "users").write_text(
            "".join(f'"{role}" "{PASSWORD}"\n' for role in (ROLE, "postgres")))
        settings = {
            "listen_addr": "127.0.0.1", "listen_port": self.port, "unix_socket_dir": self.folder,
            "auth_type": "scram-sha-256", "auth_file": self.folder / "users",
            "admin_users": "postgres", "pool_mode": mode, "server_login_retry": 1,
            "default_pool_size": SESSIONS_MAX[mode], **settings}
        lines = [f"{name} = {value}" for name, value in settings.items()]
        target = f"user_management = host=127.0.0.1 port={server.port}"
        (self.folder / "pgbouncer.ini").write_text(
            "\n".join(["[databases]", target, "[pgbouncer]", *lines]) + "\n")
        self.start()

    def start(self):
        """Starts it, again if need be."""
        self.spawn(["/usr/sbin/pgbouncer", str(self.folder / "pgbouncer.ini")])
        socket = self.folder / f".s.PGSQL.{self.port}"
        if not eventually(socket.exists):
            raise RuntimeError(self.logged()[-2000:])

    def command_line(self, text):
        """Gives a command to its console."""
        subprocess.run(
            [f"{BINARIES}/psql", "-XAtq", "-h", str(self.folder), "-p", str(self.port), "-U",
             "postgres", "-d", "pgbouncer", "-c", text],
            check=True, env={**os.environ, "PGPASSWORD": PASSWORD})

    def url(self, **parameters):
        """The address of the database through it."""
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return f"postgresql://{ROLE}:{PASSWORD}@127.0.0.1:{self.port}/user_management?{query}"

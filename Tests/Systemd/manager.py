"""A service manager that does for one service what systemd does: it keeps the listening socket, passes
it as descriptor 3 (sd_listen_fds(3)), and hears how the service fares (sd_notify(3)).
"""

import os
import select
import signal
import socket
import sys
import time

TIMEOUT = 30


def listening_socket():
    """A socket that listens on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    return listener


class Manager:
    """Starts a program, with these settings, and stops it."""

    def __init__(self, program, settings, notify_address, log):
        self.program, self.settings, self.log = program, settings, log
        self.news = []
        self.process = None
        self.address = notify_address
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + notify_address[1:] if notify_address[0] == "@" else notify_address)

    def start(self, sockets=(), names=None, ignored=(), **settings):
        """Starts the service with these sockets as its descriptors from 3 on, and these signals
        ignored.
        """
        environment = {**self.settings, **settings, "NOTIFY_SOCKET": self.address}
        self.news = []
        self.process = os.fork()
        if self.process == 0:
            self.become_service(sockets, names, ignored, environment)

    def become_service(self, sockets, names, ignored, environment):
        """What the new process does."""
        try:
            for number in ignored:
                signal.signal(number, signal.SIG_IGN)
            environment.setdefault("LISTEN_PID", str(os.getpid()))
            environment.setdefault("LISTEN_FDS", str(len(sockets)))
            if names:
                environment["LISTEN_FDNAMES"] = names
            os.dup2(self.log.fileno(), 1)
            os.dup2(self.log.fileno(), 2)
            # Out of the way of the numbers that they are to have.
            numbers = [os.dup2(each.fileno(), 100 + n) for n, each in enumerate(sockets)]
            for place, number in enumerate(numbers):
                os.dup2(number, 3 + place, inheritable=True)
                os.close(number)
            os.execve(self.program, [self.program, "serve"], environment)
        finally:
            os._exit(70)

    def hear(self, timeout):
        """Takes the next datagram, if one comes in time; each line is a piece of news."""
        if not select.select([self.socket], [], [], timeout)[0]:
            return False
        self.news += self.socket.recv(65536).decode().split("\n")
        return True

    def wait_for(self, news):
        """Whether the service tells this."""
        deadline = time.monotonic() + TIMEOUT
        while news not in self.news and time.monotonic() < deadline:
            self.hear(0.1)
            if news not in self.news and os.waitid(
                    os.P_PID, self.process, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                break
        return news in self.news

    def ended(self):
        """The exit status of the service, once it has ended, as shells have it."""
        _, status = os.waitpid(self.process, 0)
        self.process = None
        code = os.waitstatus_to_exitcode(status)
        while self.hear(0):
            pass
        return code if code >= 0 else 128 - code

    def stop(self):
        """Asks the service to end, and waits for that."""
        os.kill(self.process, signal.SIGTERM)
        return self.ended()

    def kill(self):
        """Leaves nothing behind."""
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            self.ended()


def main(check_all):
    """Runs checks with the program, the database and a folder of the command line."""
    program, database, folder = sys.argv[1:4]
    settings = {
        "DATABASE_URL": database, "HOST": "127.0.0.1", "PORT": "0", "RATE_LIMIT_ENABLED": "false",
        "SHUTDOWN_DELAY": "0s", "PATH": os.environ["PATH"],
    }
    os.chdir(folder)
    with open(f"{folder}/service.log", "ab") as log:
        check_all(program, settings, log)

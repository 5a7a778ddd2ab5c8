"""What a service manager may pass to the service, and what it may not. Arguments: the program, its
database, and a folder.
"""

import http.client
import os
import pathlib
import signal
import socket
import uuid

from checks import TIMEOUT, attempt, check
from manager import Manager, listening_socket, main


def status_of(port, path="/health/live"):
    """The status of what a path has."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    connection.request("GET", path)
    return connection.getresponse().status


def refused(name, manager, log, expected, sockets, **given):
    """A start that fails with status 2, no word of being ready, and a line that tells why."""
    before = pathlib.Path(log.name).stat().st_size
    manager.start(sockets, **given)
    check(f"{name}: status", 2, manager.ended())
    check(f"{name}: not ready", [], manager.news)
    told = pathlib.Path(log.name).read_bytes()[before:].decode().splitlines()
    check(f"{name}: what it says", [f"user-management: {expected}"], told)


def check_refusals(manager, log):
    """What is not a socket that the service can listen on."""
    one, other = listening_socket(), listening_socket()
    refused("two sockets", manager, log,
            "2 sockets are passed to the service, which takes one, or two with the names http and "
            "metrics: http:other", [one, other], names="http:other")
    refused("no number of sockets", manager, log, "LISTEN_FDS=x is no number", [],
            LISTEN_FDS="x")
    described = "which was passed to the service, is no TCP socket that listens"
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, \
            socket.socket(socket.AF_UNIX) as local, open("/dev/null", "rb") as file:
        local.bind(f"{pathlib.Path.cwd()}/local")
        local.listen()
        for name, given in [("not listening", bound), ("datagrams", datagrams),
                            ("of this machine alone", local), ("no socket", file)]:
            refused(name, manager, log, f"descriptor 3, {described}", [given])


def start(program, settings, log):
    """Tries each in turn, telling an abstract address how it fares."""
    manager = Manager(program, settings, f"@user-management-{uuid.uuid4()}", log)
    try:
        listener = listening_socket()
        passed = listener.getsockname()[1]
        manager.start([listener], names="user-management.socket")
        check("abstract address: READY=1", True, manager.wait_for("READY=1"))
        check("one socket: served", 200, status_of(passed))
        variables = pathlib.Path(f"/proc/{manager.process}/fdinfo/3").read_text()
        flags = int(variables.split("flags:")[1].split()[0], 8)
        check("one socket: neither blocks nor is handed on",
              os.O_NONBLOCK | os.O_CLOEXEC, flags & (os.O_NONBLOCK | os.O_CLOEXEC))
        check("abstract address: status 0", 0, manager.stop())
        check("abstract address: STOPPING=1", True, "STOPPING=1" in manager.news)
        extension = [news for news in manager.news if news.startswith("EXTEND_TIMEOUT_USEC=")]
        check("abstract address: how long it may take", ["EXTEND_TIMEOUT_USEC=25000000"], extension)

        other = listening_socket()
        manager.start([other, listener], names="metrics:http")
        check("two sockets: READY=1", True, manager.wait_for("READY=1"))
        check("two sockets: one for clients, one for /metrics", [200, 404, 404, 200], [
            status_of(number, path) for number in (passed, other.getsockname()[1])
            for path in ("/health/live", "/metrics")])
        check("two sockets: status 0", 0, manager.stop())

        manager.start([listener], LISTEN_PID="1")
        check("another's socket: READY=1", True, manager.wait_for("READY=1"))
        check("another's socket: it listens on its own", False,
              f"STATUS=Serving on 127.0.0.1:{passed}" in manager.news)
        os.kill(manager.process, signal.SIGINT)
        check("another's socket: status 0", 0, manager.ended())

        manager.start([listener], ignored=[signal.SIGHUP])
        manager.wait_for("READY=1")
        os.kill(manager.process, signal.SIGHUP)
        check("nohup: a closed terminal is nothing to it", 200, status_of(passed))
        check("nohup: status 0", 0, manager.stop())

        manager.start([listener], SHUTDOWN_DELAY="1h")
        manager.wait_for("READY=1")
        os.kill(manager.process, signal.SIGTERM)
        check("a second signal: it drains", True, manager.wait_for("STOPPING=1"))
        os.kill(manager.process, signal.SIGINT)
        check("a second signal: status", 130, manager.ended())
        check_refusals(manager, log)
    finally:
        manager.kill()


attempt("start", lambda: main(start))

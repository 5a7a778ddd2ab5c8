"""What is in the log when the service has ended: a line for whatever was answered."""

import signal
import socket

from checks import TIMEOUT, attempt, check
from service import Service, lines

COUNT = 3000


def answered(service):
    """Has many requests answered at once, and gives their ids."""
    head = "GET /version HTTP/1.1\r\nHost: a\r\nX-Request-ID: "
    asked = [f"{head}r{n}\r\n\r\n" for n in range(COUNT)]
    with socket.create_connection(("127.0.0.1", service.port), timeout=TIMEOUT) as connection:
        connection.sendall("".join(asked).encode())
        text = b""
        while text.count(b"HTTP/1.1 200 OK") < COUNT:
            text += connection.recv(65536)
    return [f"r{n}" for n in range(COUNT)]


def ends_by(number):
    name = signal.Signals(number).name
    service = Service()
    ids = answered(service)
    status, text = service.end(number)
    is_clean = number in (signal.SIGTERM, signal.SIGINT)
    check(f"{name}: the status", 0 if is_clean else -number, status)
    seen = [line["request_id"] for line in lines(text) if "request_id" in line]
    check(f"{name}: each answer has one line, in order", True, seen == ids)


for number in (
    signal.SIGTERM, signal.SIGINT, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS,
    signal.SIGSEGV,
):
    attempt(str(number), lambda: ends_by(number))

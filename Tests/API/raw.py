"""Requests as octets over a socket, and what must hold for the answer to a bad one."""

import http.client
import re
import socket

from api import HOST, PORT, Answer
from checks import TIMEOUT
from identity import ADMINISTRATOR

PROBLEM = "application/problem+json"
CODE = re.compile(r"[a-z][a-z0-9_]*")


def exchange(octets, ends=False):
    """Sends octets over a connection of their own and reads one answer.
    `ends` closes our side after them, so that the server sees their end.
    """
    with socket.create_connection((HOST, PORT), TIMEOUT) as connection:
        connection.sendall(octets)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return Answer(response)


def request(
        method, target, body=None, length=None, media_type="application/json",
        identity=ADMINISTRATOR):
    """A request's octets, its length perhaps said to be another. The target is octets or text.
    `identity` are the fields that tell who asks.
    """
    target = target.encode() if isinstance(target, str) else target
    head = method.encode() + b" " + target + b" HTTP/1.1\r\nHost: a.example\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in identity.items()).encode()
    if body is not None:
        count = len(body) if length is None else length
        head += f"Content-Type: {media_type}\r\nContent-Length: {count}\r\n".encode()
    return head + b"\r\n" + (body or b"")


def flaw(answer, status, code, faults=()):
    """What is wrong with the answer to a bad request; None if it is the problem that it must be.
    `faults` are pairs of a pointer and a code.
    """
    if answer.status != status:
        return f"status {answer.status}, not {status}: {answer.body[:200]!r}"
    try:
        seen = answer.json
    except ValueError:
        return f"no JSON: {answer.body[:200]!r}"
    expected = {
        "status": status, "code": code, "type": f"/problems/{code}",
        "request_id": answer.headers["X-Request-ID"] or "one",
    }
    wrong = {name: seen.get(name) for name in expected if seen.get(name) != expected[name]}
    if answer.headers["Content-Type"] != PROBLEM:
        wrong["Content-Type"] = answer.headers["Content-Type"]
    if not seen.get("title"):
        wrong["title"] = seen.get("title")
    told = [(fault["pointer"], fault["code"]) for fault in seen.get("errors", [])]
    if told != list(faults):
        wrong["errors"] = told
    return f"{wrong}, not {code} {list(faults)}" if wrong else None

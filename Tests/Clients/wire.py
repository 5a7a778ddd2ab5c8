"""Checks with `http.client`, which shows the connection beneath a request. Argument: the URL."""

import concurrent.futures
import http.client
import json
import sys
import urllib.parse

from checks import TIMEOUT, attempt, check, expected_problem, new_user, problem
from identity import ADMINISTRATOR

HOST, PORT = urllib.parse.urlsplit(sys.argv[1]).netloc.split(":")
JSON = {"Content-Type": "application/json"}
BODY_MAX = 1024 * 1024


def connect(version=11):
    """An open connection that speaks HTTP/1.0 (10) or HTTP/1.1 (11)."""
    connection = http.client.HTTPConnection(HOST, int(PORT), timeout=TIMEOUT)
    connection._http_vsn = version
    connection._http_vsn_str = f"HTTP/{version // 10}.{version % 10}"
    connection.connect()
    connection.auto_open = 0
    return connection


def named(text):
    """A check's name with the client's before it."""
    return f"http.client: {text}"


def ask(connection, method="GET", path="/health/live", body=None, headers=None, **options):
    """Sends a request and reads the whole answer: status, headers, body."""
    connection.request(method, path, body, {**ADMINISTRATOR, **(headers or {})}, **options)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def problem_of(status, headers, body):
    """What `check` compares of an answer that tells of a problem."""
    return problem(status, headers.get("Content-Type"), body)


def last_answer(connection, headers):
    """What an answer says of the connection, and whether the server has then closed its side, not
    by a reset. http.client closes its socket when the answer says so, hence the duplicate.
    """
    with connection.sock.dup() as duplicate:
        status, fields, _ = ask(connection, headers=headers)
        return status, fields.get("Connection"), duplicate.recv(1) == b""


def one_connection():
    """Many requests over a connection that is not opened again."""
    connection = connect()
    statuses = {ask(connection)[0] for _ in range(500)}
    check(named("500 requests over one connection"), {200}, statuses)


def many_connections():
    """Connections at the same time, each with requests of its own."""

    def talk(number):
        connection = connect()
        for step in range(20):
            name = f"client-{number}-{step}"
            status, headers, _ = ask(connection, headers={"X-Request-ID": name})
            if (status, headers["X-Request-ID"]) != (200, name):
                return False
        return True

    with concurrent.futures.ThreadPoolExecutor(32) as threads:
        right = sum(threads.map(talk, range(64)))
    check(named("64 connections with 20 requests each"), 64, right)


def heads():
    """HEAD on a connection that then goes on."""
    connection = connect()
    for path in ("/health/live", "/users?limit=3", "/users/x", "/nowhere"):
        status, got, _ = ask(connection, "GET", path)
        same = ask(connection, "HEAD", path)
        length = {"Content-Length": got["Content-Length"], "Content-Type": got["Content-Type"]}
        if "request_id" not in ask(connection, "GET", path)[2].decode():
            check(
                named(f"HEAD {path}"), (status, length, b""),
                (same[0], {name: same[1][name] for name in length}, same[2]))
        else:
            check(named(f"HEAD {path}"), (status, b""), (same[0], same[2]))


def chunked():
    """Bodies in chunks: of one octet, of several, empty."""
    connection = connect()
    text = json.dumps(new_user(display_name="Çédille")).encode()
    for size in (1, 10, 1000):
        text = json.dumps(new_user(display_name="Çédille")).encode()
        parts = [text[at:at + size] for at in range(0, len(text), size)]
        made = ask(
            connection, "POST", "/users", iter(parts), {**JSON, "Transfer-Encoding": "chunked"},
            encode_chunked=True)
        check(named(f"chunks of {size} octets"), 201, made[0])
    made = ask(
        connection, "POST", "/users", iter([]), {**JSON, "Transfer-Encoding": "chunked"},
        encode_chunked=True)
    check(named("no chunks"), expected_problem(400, "malformed_json"), problem_of(*made))


def expect():
    """100 (Continue), and a refusal in its stead."""
    connection = connect()
    text = json.dumps(new_user()).encode()
    announce(connection, len(text))
    interim = connection.sock.recv(25, 0x100)  # MSG_WAITALL: all of it or the end.
    check(named("100 Continue"), b"HTTP/1.1 100 Continue\r\n\r\n", interim)
    connection.send(text)
    check(named("the answer after 100 Continue"), 201, connection.getresponse().status)

    connection = connect()
    announce(connection, BODY_MAX + 1)
    answer = connection.getresponse()
    check(
        named("no 100 Continue for a body that is too large"),
        expected_problem(413, "body_too_large"),
        problem_of(answer.status, answer.headers, answer.read()))

    connection = connect()
    refused = ask(connection, "POST", "/users", b"{}", {**JSON, "Expect": "the-unexpected"})
    check(
        named("another expectation"), expected_problem(417, "unsupported_expectation"),
        problem_of(*refused))


def announce(connection, length):
    """Sends the head of a POST and waits to be told to send the body."""
    connection.putrequest("POST", "/users")
    fields = {**ADMINISTRATOR, **JSON, "Content-Length": length, "Expect": "100-continue"}
    for name, value in fields.items():
        connection.putheader(name, value)
    connection.endheaders()


def too_large():
    """A refusal is read by a client that was still sending, whatever became of its sending."""
    for size in (BODY_MAX + 1, 2 * BODY_MAX, 16 * BODY_MAX):
        check_refusal(f"a body of {size} octets", size, 413, "body_too_large")
    chunks = iter([b" " * 65536] * 64)
    check_refusal(
        "a chunked body of 4 MiB", chunks, 413, "body_too_large", {"Transfer-Encoding": "chunked"})
    fields = {f"X-{number}": "x" * 15_000 for number in range(3)}
    check_refusal("a header section of 45 kB", 0, 431, "header_too_large", fields)
    check_refusal("a field of 20 kB", 0, 431, "field_too_large", {"X-Large": "x" * 20_000})
    check_refusal("a field of 2 MB", 0, 431, "field_too_large", {"X-Large": "x" * 2_000_000})
    fields = {f"X-{number}": "x" for number in range(101)}
    check_refusal("101 fields", 0, 431, "too_many_fields", fields)
    check_refusal("a target of 20 kB", 0, 414, "target_too_long", path="/" + "x" * 20_000)


def check_refusal(name, body, status, code, headers=None, path="/users"):
    """Sends what is too large and checks the answer and the end of the connection."""
    connection = connect()
    content = b" " * body if isinstance(body, int) else body
    try:
        connection.request(
            "POST", path, content, {**JSON, **(headers or {})},
            encode_chunked=not isinstance(body, int))
    except (BrokenPipeError, ConnectionResetError):
        pass  # The server no longer reads; what it has said is there to be read.
    answer = connection.getresponse()
    check(
        named(f"{name} is refused"), expected_problem(status, code),
        problem_of(answer.status, answer.headers, answer.read()))
    check(named(f"{name} ends the connection"), "close", answer.headers.get("Connection"))


def persistence():
    """When the connection ends: HTTP/1.0, and `Connection: close`."""
    connection = connect(version=10)
    seen = last_answer(connection, {})
    check(named("HTTP/1.0 ends the connection"), (200, "close", True), seen)

    connection = connect(version=10)
    keep = {"Connection": "keep-alive"}
    answers = [ask(connection, headers=keep) for _ in range(10)]
    seen = {(status, headers.get("Connection")) for status, headers, _ in answers}
    check(named("HTTP/1.0 with keep-alive goes on"), {(200, "keep-alive")}, seen)

    for value in ("close", "x, Close", "keep-alive,close"):
        connection = connect()
        seen = last_answer(connection, {"Connection": value})
        check(named(f"Connection: {value} ends the connection"), (200, "close", True), seen)

    connection = connect()
    statuses = {ask(connection, headers={"Connection": "enclose"})[0] for _ in range(2)}
    check(named("Connection: enclose does not"), {200}, statuses)


def problems():
    """Problem Details for what goes wrong before an endpoint, on a connection that goes on."""
    connection = connect()
    for method, path, headers, body, status, code in (
        ("GET", "/nowhere", {}, None, 404, "not_found"),
        ("PUT", "/users", JSON, b"{}", 405, "method_not_allowed"),
        ("POST", "/users", JSON, b"{", 400, "malformed_json"),
        ("POST", "/users", {"Content-Type": "text/plain"}, b"{}", 415, "unsupported_media_type"),
        ("POST", "/users", JSON, b"{}", 422, "validation_failed"),
        ("GET", "/users/x", {}, None, 400, "malformed_id"),
        ("GET", "/users?limit=0", {}, None, 400, "invalid_limit"),
        ("GET", "/users", {"Authorization": "Bearer x.y.z"}, None, 401, "invalid_token"),
        ("GET", "/users", {"Authorization": "Basic eDp5"}, None, 401,
         "authentication_required"),
    ):
        answer = ask(connection, method, path, body, headers)
        check(
            named(f"{status} {code}"), expected_problem(status, code), problem_of(*answer))
    status, headers, body = ask(connection, "OPTIONS", "/users")
    allowed = set(headers.get("Allow", "").replace(" ", "").split(","))
    check(
        named("OPTIONS"), (204, {"GET", "HEAD", "OPTIONS", "POST"}, b""), (status, allowed, body))


for conversation in (
    one_connection, many_connections, heads, chunked, expect, too_large, persistence, problems
):
    attempt(named(conversation.__name__.replace("_", " ")), conversation)

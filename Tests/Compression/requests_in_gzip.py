"""Sends compressed requests, sound and unsound, and bombs, while the kernel tells what memory the
service takes.

The arguments are the URL of a service and the number of its process.
"""

import concurrent.futures
import gzip
import json
import pathlib
import random
import socket
import sys
import time
import urllib.parse
import zlib

from checks import TIMEOUT, at_most, attempt, check, expected_problem, problem
from exchange import ask

URL, PROCESS = sys.argv[1:3]
MIB = 1 << 20
# What a service may take more while it is sent bombs, or asked for long lists, in KiB: threads and
# the answers themselves take it, and no bomb.
GROWTH_MAX = 64 * 1024
# Every route that takes content.
ROUTES = [
    ("POST", "/users"), ("PUT", "/users/me"), ("PATCH", "/users/me"), ("PUT", "/users/me/roles"),
    ("PUT", "/users/me/password"), ("POST", "/roles"), ("PATCH", "/roles/editor"),
    ("POST", "/auth/login"), ("POST", "/auth/refresh"), ("POST", "/auth/logout"),
]
SEED = random.randrange(1 << 32)


def peak_memory():
    """The most that has been resident since the last reset, in KiB; proc(5)."""
    for line in pathlib.Path(f"/proc/{PROCESS}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise AssertionError("no VmHWM")


def reset_peak_memory():
    pathlib.Path(f"/proc/{PROCESS}/clear_refs").write_text("5")


def send(content, method="POST", path="/users", coding="gzip", **fields):
    return ask(URL, path, method, content, {"Content-Encoding": coding, **fields})


def answer_of(answer):
    return problem(answer.status, answer["Content-Type"], answer.content)


def packed(text, choice):
    """The text in gzip, in one of the forms that programs write."""
    if choice.random() < 0.2:
        # Several members, as of files put together.
        half = choice.randrange(len(text) + 1)
        return packed(text[:half], choice) + packed(text[half:], choice)
    packer = zlib.compressobj(
        choice.randrange(10), zlib.DEFLATED, choice.choice([25, 28, 31]), choice.randrange(1, 10),
        choice.randrange(5))
    octets, start = b"", 0
    while start < len(text):
        end = start + choice.randrange(1, len(text) + 1)
        octets += packer.compress(text[start:end])
        octets += packer.flush(choice.choice([zlib.Z_NO_FLUSH, zlib.Z_SYNC_FLUSH,
                                              zlib.Z_FULL_FLUSH]))
        start = end
    return octets + packer.flush()


def check_round_trips():
    """What was compressed by zlib in any way is read as it was."""
    choice = random.Random(SEED)
    content = json.dumps({"email": "packed@example.com", "display_name": "Packed"}).encode()
    made = send(gzip.compress(content))
    check("a user is made of content in gzip", 201, made.status)
    wrong = []
    for number in range(150):
        text = "".join(choice.choices("aé漢\N{OTTER} x\"\\", k=choice.randrange(2000)))
        metadata = {"text": text, "number": number}
        spaces = b" " * choice.choice([0, 0, 100, 60_000])
        patch = json.dumps({"metadata": metadata}, ensure_ascii=choice.random() < 0.5)
        answer = send(packed(patch.encode() + spaces, choice), "PATCH", made["Location"],
                      choice.choice(["gzip", "x-gzip", "GZIP", "gzip, identity"]),
                      **{"Accept-Encoding": choice.choice(["gzip", "identity"])})
        is_packed = answer["Content-Encoding"] == "gzip"
        body = gzip.decompress(answer.content) if is_packed else answer.content
        if answer.status != 200 or json.loads(body)["metadata"] != metadata:
            wrong.append((number, answer.status, body[:200]))
    check(f"150 contents come out as they went in, seed {SEED}", [], wrong)


def check_unsound():
    """Every route refuses what is not whole, and what it does not know."""
    content = gzip.compress(b'{"email":"nobody@example.com"}' * 10)
    checksum = bytearray(content)
    checksum[-8] ^= 1
    length = bytearray(content)
    length[-1] ^= 1
    cases = [
        ("not gzip", b"{}", "gzip", 400, "malformed_gzip"),
        ("zlib's own format", zlib.compress(b"{}"), "gzip", 400, "malformed_gzip"),
        ("without its end", content[:-9], "gzip", 400, "malformed_gzip"),
        ("a wrong checksum", bytes(checksum), "gzip", 400, "malformed_gzip"),
        ("a wrong length", bytes(length), "gzip", 400, "malformed_gzip"),
        ("something behind it", content + b"\0" * 10, "gzip", 400, "malformed_gzip"),
        ("Brotli", content, "br", 415, "unsupported_content_coding"),
        ("twice", gzip.compress(content), "gzip, gzip", 415, "unsupported_content_coding"),
        ("too long", gzip.compress(b" " * 2 * MIB), "gzip", 413, "body_too_large"),
    ]
    for method, path in ROUTES:
        merge = {"Content-Type": "application/merge-patch+json"} if path == "/roles/editor" else {}
        for name, octets, coding, status, code in cases:
            answer = send(octets, method, path, coding, **merge)
            check(f"{method} {path}: {name}", expected_problem(status, code), answer_of(answer))
            if status == 415:
                check(f"{method} {path}: {name}: what is known", "gzip, identity",
                      answer["Accept-Encoding"])


def bombs():
    """Contents that stand for very much more, by their names."""
    zeros = b"\0" * MIB
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    large = b"".join(packer.compress(zeros) for _ in range(500)) + packer.flush()
    return {
        "500 MiB of zeros": large,
        "a string without end": gzip.compress(b'{"email":"' + b"a" * 300 * MIB, 1),
        "members of nothing": gzip.compress(b"") * 60_000,
        "members of a MiB": gzip.compress(zeros) * 500,
    }


def blocks_of_nothing(length):
    """Blocks without content, each with codes of its own (RFC 1951 §3.2.7), that are never ended:
    what takes the most time for what it stands for.
    """
    bits = "001" + "00000"[::-1] + "00000" + "0111"  # Not the last, dynamic; 257, 1 and 18 lengths.
    lengths = ["000"] * 18
    lengths[2] = lengths[17] = "100"  # Those of "repeat 0" and of 1 are 1.
    bits += "".join(lengths)
    bits += "1" + format(127, "07b")[::-1] + "1" + format(107, "07b")[::-1]  # 256 of none.
    bits += "0" + "0"  # The end of the block, and a distance.
    bits += "0"  # The end of the block.
    four = int((bits * 4)[::-1], 2).to_bytes(len(bits) * 4 // 8, "little")
    return gzip.compress(b"")[:10] + four * (length // len(four))


def check_bombs():
    """A bomb is 413, and takes neither memory nor the time of others."""
    contents = bombs()
    reset_peak_memory()
    before = peak_memory()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        sent = [(name, pool.submit(send, content))
                for _ in range(8) for name, content in contents.items()]
        slowest = 0
        while not all(future.done() for _, future in sent):
            began = time.monotonic()
            ask(URL, "/health/live", token=None)
            slowest = max(slowest, time.monotonic() - began)
        for name in contents:
            answers = {answer_of(future.result()) for each, future in sent if each == name}
            check(f"eight times {name}", {expected_problem(413, "body_too_large")}, answers)
    check("others wait for bombs at most a second", at_most(1), slowest)
    check("what bombs take of the memory, in KiB", at_most(GROWTH_MAX), peak_memory() - before)


def check_nothing():
    """What stands for nothing keeps nobody else from the service."""
    content = blocks_of_nothing(MIB - 64)
    check("blocks of nothing are deflate's", b"", zlib.decompressobj(31).decompress(content))
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        sent = [pool.submit(send, content) for _ in range(64)]
        times = []
        while not all(future.done() for future in sent):
            began = time.monotonic()
            ask(URL, "/health/live", token=None)
            times.append(time.monotonic() - began)
        refused = {expected_problem(400, "malformed_gzip"), expected_problem(503, "unavailable")}
        check("blocks of nothing are refused", set(),
              {answer_of(future.result()) for future in sent} - refused)
    check("others wait for blocks of nothing at most a second", at_most(1), max(times))


def check_stalled():
    """What has not come to its end takes no more than was sent."""
    content = zlib.compressobj(9, zlib.DEFLATED, 31)
    octets = b"".join(content.compress(b" " * 1300) + content.flush(zlib.Z_FULL_FLUSH)
                      for _ in range(800))
    address = urllib.parse.urlsplit(URL)
    head = (f"POST /auth/refresh HTTP/1.1\r\nHost: {address.netloc}\r\n"
            "Content-Type: application/json\r\nContent-Encoding: gzip\r\n"
            f"Content-Length: {len(octets) + 100}\r\n\r\n").encode()
    reset_peak_memory()
    before = peak_memory()
    clients = []
    for _ in range(300):
        client = socket.create_connection((address.hostname, address.port), TIMEOUT)
        client.sendall(head + octets)
        clients.append(client)
    for _ in range(20):
        check("others are served meanwhile", 200, ask(URL, "/health/live", token=None).status)
    check("what 300 contents take that are never ended, in KiB", at_most(GROWTH_MAX),
          peak_memory() - before)
    for client in clients:
        client.close()


def check_long_lists():
    """Long answers are compressed within bounds, for many at once."""
    plain = ask(URL, "/users?limit=1000").content
    reset_peak_memory()
    before = peak_memory()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(
            lambda _: ask(URL, "/users?limit=1000", fields={"Accept-Encoding": "gzip"}),
            range(64)))
    wrong = [answer.status for answer in answers
             if answer["Content-Encoding"] != "gzip" or gzip.decompress(answer.content) != plain]
    check("64 long lists for 16 clients come out as they are", [], wrong)
    check("what they take of the memory, in KiB", at_most(GROWTH_MAX), peak_memory() - before)


for checks in (check_round_trips, check_unsound, check_bombs, check_nothing, check_stalled,
               check_long_lists):
    attempt(checks.__doc__, checks)

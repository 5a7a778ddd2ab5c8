"""Reads compressed answers with the clients that people use, and holds each against the same answer
as it is; then asks every route what it says of caches.

The argument is the URL of the service.
"""

import gzip
import json
import subprocess
import sys

import httpx
import requests
import urllib3

from checks import TIMEOUT, attempt, check
from exchange import AUTHORIZATION, ask

URL = sys.argv[1]
LENGTHS = [1, 2, 3, 5, 20, 60, 63, 64, 65, 70, 200, 500, 1000]
PRIVATE, DOCUMENT = "private, no-cache", "public, no-cache"
# What each route says of caches: the path, Cache-Control, and whether there is an entity tag.
CACHING = [
    ("/users", PRIVATE, False), ("/users/me", PRIVATE, True), ("/users/me/roles", PRIVATE, True),
    ("/users/me/sessions", "no-store", False), ("/roles", PRIVATE, False),
    ("/roles/admin", PRIVATE, False), ("/.well-known/jwks.json", "public, max-age=300", False),
    ("/health", "no-store", False), ("/health/live", "no-store", False),
    ("/health/ready", "no-store", False), ("/metrics", "no-store", False),
    ("/version", "no-store", False), ("/openapi.json", DOCUMENT, True), ("/docs", DOCUMENT, True),
    ("/problems", "public, max-age=3600", True),
    ("/problems/email_taken", "public, max-age=3600", True), ("/nothing", "no-store", False),
]


def with_curl(path):
    return subprocess.run(
        ["curl", "--silent", "--show-error", "--fail", "--compressed", "--max-time", str(TIMEOUT),
         "--header", f"Authorization: {AUTHORIZATION}", URL + path],
        stdout=subprocess.PIPE, check=True).stdout


def with_requests(path):
    answer = requests.get(
        URL + path, headers={"Authorization": AUTHORIZATION}, timeout=TIMEOUT)
    assert answer.headers["Content-Encoding"] == "gzip"
    return answer.content


def with_urllib3(path):
    answer = urllib3.request(
        "GET", URL + path,
        headers={"Authorization": AUTHORIZATION, "Accept-Encoding": "gzip"}, timeout=TIMEOUT)
    assert answer.headers["Content-Encoding"] == "gzip"
    return answer.data


def with_httpx(path):
    answer = httpx.get(URL + path, headers={"Authorization": AUTHORIZATION}, timeout=TIMEOUT)
    assert answer.headers["Content-Encoding"] == "gzip"
    return answer.content


def check_clients():
    """Every client reads what there is without compression."""
    for path in ("/users?limit=1000", "/users?limit=10", "/openapi.json", "/problems"):
        plain = ask(URL, path).content
        for client in (with_curl, with_requests, with_urllib3, with_httpx):
            name = client.__name__.removeprefix("with_")
            check(f"{name} reads {path}", True, client(path) == plain)


def check_lengths():
    """Answers of every length come out as they are, octet for octet."""
    seen = []
    for length in LENGTHS:
        path = f"/users?limit={length}"
        plain = ask(URL, path)
        packed = ask(URL, path, fields={"Accept-Encoding": "gzip"})
        is_packed = packed["Content-Encoding"] == "gzip"
        content = gzip.decompress(packed.content) if is_packed else packed.content
        if content != plain.content or is_packed != (len(plain.content) >= 1024):
            seen.append(length)
        head = ask(URL, path, "HEAD", fields={"Accept-Encoding": "gzip"})
        if (head["Content-Length"], head.content) != (packed["Content-Length"], b""):
            seen.append(f"HEAD {length}")
    check("lists of every length come out as they are", [], seen)


def check_preferences():
    """Accept-Encoding is weighed as RFC 9110 §12.5.3 has it."""
    for field, expected in [
            ("gzip", "gzip"), ("x-gzip", "gzip"), ("*", "gzip"), ("br, gzip;q=0.1", "gzip"),
            ("identity;q=0, gzip;q=0.1", "gzip"), ("", None), ("br", None), ("gzip;q=0", None),
            ("gzip;q=0.5, identity", None), ("identity;q=0, *;q=0", None), ("gzip;q=x", None)]:
        answer = ask(URL, "/users?limit=50", fields={"Accept-Encoding": field})
        check(f"Accept-Encoding: {field}",
              (200, expected, "Authorization, Accept-Encoding"),
              (answer.status, answer["Content-Encoding"], answer["Vary"]))


def check_tags():
    """Each form has its entity tag, and any of them says which version it is."""
    content = json.dumps({"email": "tagged@example.com", "display_name": "Tagged",
                          "metadata": {"text": "otter " * 300}}).encode()
    gzip_field = {"Accept-Encoding": "gzip"}
    made = ask(URL, "/users", "POST", content, gzip_field)
    check("an answer that is compressed has its own tag", '"1-a-gzip"', made["ETag"])
    path = made["Location"]
    for tag in ('"1-a-gzip"', '"1-a"', '"1"', '"1-gzip"'):
        known = tag if tag == '"1-a-gzip"' else '"1-a"'
        same = ask(URL, path, fields={**gzip_field, "If-None-Match": tag})
        check(f"If-None-Match: {tag}", (304, known, None),
              (same.status, same["ETag"], same["Content-Encoding"]))
    changed = ask(URL, path, "PATCH", b'{"locale":"en"}', {"If-Match": '"1-a-gzip"'})
    check('If-Match: "1-a-gzip"', 200, changed.status)
    late = ask(URL, path, "PATCH", b'{"locale":"de"}', {"If-Match": '"1-a-gzip"'})
    check("If-Match of an earlier version", 412, late.status)


def check_caching():
    """Every route says what docs/api.md has."""
    links = [part.split('"')[0] for part in ask(URL, "/docs").content.decode().split('"docs/')[1:]]
    check("the page loads three files", 3, len(links))
    forever = [(f"/docs/{link}", "public, max-age=31536000, immutable", True) for link in links]
    for path, caching, has_tag in CACHING + forever:
        for encoding in ("identity", "gzip"):
            fields = {"Accept-Encoding": encoding}
            answer = ask(URL, path, fields=fields)
            check(f"{path} in {encoding}: caching", (caching, has_tag),
                  (answer["Cache-Control"], answer["ETag"] is not None))
            if caching == "no-store" and path != "/metrics":
                check(f"{path} in {encoding}: as it is", None, answer["Content-Encoding"])
            if has_tag:
                same = ask(URL, path, fields={**fields, "If-None-Match": answer["ETag"]})
                check(f"{path} in {encoding}: not sent again",
                      (304, answer["ETag"], caching, answer["Vary"], b""),
                      (same.status, same["ETag"], same["Cache-Control"], same["Vary"],
                       same.content))
    for path in ("/docs/swagger-ui.css", "/docs/initializer.js"):
        check(f"{path} is gone", 404, ask(URL, path).status)


for checks in (check_clients, check_lengths, check_preferences, check_tags, check_caching):
    attempt(checks.__doc__, checks)

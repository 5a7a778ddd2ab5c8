"""Holds /metrics against Prometheus' own parsers, its linter, the kernel, and what was asked.

The arguments are the URL of a service that serves it with everything else, the number of its
process, and the URLs of one that has a port for it and of that port.
"""

import concurrent.futures
import gzip
import http.client
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.parse

from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_open
from prometheus_client.parser import text_string_to_metric_families as parse_text

from checks import TIMEOUT, at_most, attempt, check

SERVICE, PROCESS, OTHER_SERVICE, METRICS = sys.argv[1:5]
TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8"
# What Prometheus 2.42 sends.
PROMETHEUS_ACCEPT = ("application/openmetrics-text;version=1.0.0,"
                     "application/openmetrics-text;version=0.0.1;q=0.75,"
                     "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")


def ask(url, path="/metrics", method="GET", **fields):
    """Sends a request on a connection of its own; returns status, fields and content."""
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=TIMEOUT)
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in fields.items()})
    response = connection.getresponse()
    answer = response.status, response.headers, response.read()
    connection.close()
    return answer


def samples(url=SERVICE):
    """The value of each sample by its name and labels."""
    status, _, content = ask(url)
    assert status == 200, status
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in parse_text(content.decode()) for sample in family.samples}


def sample(found, name, **labels):
    """The value of one sample; 0 if there is none."""
    return found.get((name, tuple(sorted(labels.items()))), 0)


def check_formats():
    """Both formats are what their parsers read, and say the same."""
    # A scrape is counted once it has been answered, so the first one adds series.
    ask(SERVICE)
    status, fields, content = ask(SERVICE)
    check("text: status and type", (200, TEXT), (status, fields["Content-Type"]))
    check("text: caches", ("no-store", "Accept, Accept-Encoding"),
          (fields["Cache-Control"], fields["Vary"]))
    text = list(parse_text(content.decode()))
    lint = subprocess.run(["promtool", "check", "metrics"], input=content, capture_output=True)
    check("text: promtool finds nothing", (0, b"", b""),
          (lint.returncode, lint.stdout, lint.stderr))
    status, fields, content = ask(SERVICE, Accept=PROMETHEUS_ACCEPT)
    check("OpenMetrics: status and type", (200, OPEN), (status, fields["Content-Type"]))
    families = list(parse_open(content.decode()))
    check("OpenMetrics: every family has a type and a help", [],
          [family.name for family in families
           if family.type == "unknown" or not family.documentation])
    check("OpenMetrics: units", {"", "seconds", "bytes"}, {family.unit for family in families})
    check("both have the same series", set(), identities(text) ^ identities(families))
    check("no series is there twice", len(identities(text)),
          sum(len(family.samples) for family in text))


def identities(families):
    return {(sample.name, tuple(sorted(sample.labels.items())))
            for family in families for sample in family.samples}


def check_choice():
    """What is sent is what is preferred."""
    for accept, expected in {
        "*/*": TEXT, "text/plain": TEXT, "text/*;q=0.1": TEXT,
        "application/openmetrics-text": OPEN,
        "application/openmetrics-text;q=0.1,text/plain;q=0.2": TEXT,
        "application/openmetrics-text;q=0.2,text/plain;q=0.1": OPEN,
        "text/plain;q=0,*/*": OPEN,
    }.items():
        check(f"Accept: {accept}", expected, ask(SERVICE, Accept=accept)[1]["Content-Type"])
    check("Accept: application/json", 406, ask(SERVICE, Accept="application/json")[0])
    for coding, expected in {
        "gzip": "gzip", "deflate, gzip;q=0.5": "gzip", "gzip;q=0": None, "br": None, "": None,
    }.items():
        fields = ask(SERVICE, Accept_Encoding=coding)[1]
        check(f"Accept-Encoding: {coding}", expected, fields["Content-Encoding"])
    content = ask(SERVICE, Accept_Encoding="gzip", Accept=PROMETHEUS_ACCEPT)[2]
    text = gzip.decompress(content).decode()
    check("gzip holds OpenMetrics to its end", True, text.endswith("\n# EOF\n"))
    check("gzip is worth it", at_most(len(text) / 4), len(content))
    status, fields, content = ask(SERVICE, method="HEAD")
    check("HEAD", (200, b"", True), (status, content, int(fields["Content-Length"]) > 5000))
    check("POST", (405, "GET, HEAD, OPTIONS"),
          (lambda answer: (answer[0], answer[1]["Allow"]))(ask(SERVICE, method="POST")))


def check_counts():
    """The numbers are what happened."""
    before = samples()
    for _ in range(100):
        ask(SERVICE, "/version")
    for _ in range(7):
        ask(SERVICE, "/users/" + os.urandom(8).hex(), method=os.urandom(4).hex())
    after = samples()

    def grown(name, **labels):
        return sample(after, name, **labels) - sample(before, name, **labels)

    check("requests are counted", 100,
          grown("http_requests_total", method="GET", route="/version", status="200"))
    check("times are", 100,
          grown("http_request_duration_seconds_count", method="GET", route="/version"))
    check("methods that nobody knows are one", 7,
          grown("http_requests_total", method="other", route="-", status="501"))
    check("a scrape counts the one before it", 1,
          grown("http_requests_total", method="GET", route="/metrics", status="200"))
    check("connections are counted", 108, grown("http_connections_accepted_total"))
    check("lines are logged", 108, grown("log_lines_total"))


def check_octets():
    """The octets are those of the wire."""
    address = urllib.parse.urlsplit(SERVICE)
    request = b"GET /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    # What is read first by either scrape is the other's own request.
    first, own = samples(), samples()
    with socket.create_connection((address.hostname, address.port), timeout=TIMEOUT) as connection:
        connection.sendall(request)
        answer = connection.makefile("rb").read()
    last = samples()
    for name, count in (("http_request_bytes_total", len(request)),
                        ("http_response_bytes_total", len(answer))):
        scrape = sample(own, name) - sample(first, name)
        # The length of a scrape differs by a few digits.
        check(name, at_most(200), abs(sample(last, name) - sample(own, name) - scrape - count))


def check_process():
    """The kernel says the same of the process."""
    found = samples()
    folder = pathlib.Path("/proc") / PROCESS
    check("open descriptors", at_most(2),
          abs(sample(found, "process_open_fds") - len(list((folder / "fd").iterdir()))))
    check("threads", len(list((folder / "task").iterdir())), sample(found, "process_threads"))
    pages = int((folder / "statm").read_text().split()[1])
    resident = pages * os.sysconf("SC_PAGE_SIZE")
    check("memory", at_most(4 << 20),
          abs(sample(found, "process_resident_memory_bytes") - resident))
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    check("processor time", at_most(0.2), abs(
        sample(found, "process_cpu_seconds_total") - (int(fields[11]) + int(fields[12])) / ticks))
    uptime = float(pathlib.Path("/proc/uptime").read_text().split()[0])
    started = time.time() - uptime + int(fields[19]) / ticks
    check("start", at_most(1.5), abs(sample(found, "process_start_time_seconds") - started))
    limits = dict(line.rsplit(maxsplit=3)[:2] for line in
                  (folder / "limits").read_text().splitlines() if line.startswith("Max open"))
    check("descriptors that may be open", {str(int(sample(found, "process_max_fds")))},
          set(limits.values()))


def check_port():
    """With a port of its own it is there and nowhere else."""
    check("the service's port has none", 404, ask(OTHER_SERVICE)[0])
    check("the port for it has", 200, ask(METRICS)[0])
    for path in ("/", "/health", "/version", "/users", "/openapi.json", "/metrics/"):
        check(f"and nothing else: {path}", 404, ask(METRICS, path)[0])
    ask(OTHER_SERVICE, "/version")
    check("it counts the service's requests", 1, sample(
        samples(METRICS), "http_requests_total", method="GET", route="/version", status="200"))


def check_crowd(url):
    """Many who scrape at once, and one who reads nothing, hold up nobody."""
    address = urllib.parse.urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=TIMEOUT) as deaf:
        deaf.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n" * 200)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: ask(url)[0], range(64)))
    check(f"a crowd: {url == METRICS}", {200}, set(answers))


attempt("formats", check_formats)
attempt("choice", check_choice)
attempt("counts", check_counts)
attempt("octets", check_octets)
attempt("process", check_process)
attempt("port", check_port)
attempt("crowd", lambda: check_crowd(SERVICE))
attempt("crowd at its port", lambda: check_crowd(METRICS))

"""Looks at the lines that the traffic has left, and at what jq and rsyslog's mmjsonparse made of
them.

The arguments are the log, a folder with `ids` and `secrets` of the traffic, and what jq and rsyslog
made of the log.
"""

import json
import pathlib
import re
import sys

from checks import at_least, check

LOG, FOLDER, JQ, RSYSLOG = (pathlib.Path(argument) for argument in sys.argv[1:5])
COMMON = ["timestamp", "log_level", "service", "message"]
# Every member that a line may have, and what it is.
MEMBERS = {
    "timestamp": str, "log_level": str, "service": str, "message": str, "request_id": str,
    "trace_id": str, "span_id": str, "method": str, "route": str, "status": int,
    "duration_ms": float, "bytes": int, "user_id": str, "session_id": str, "user_status": str,
    "role": str, "cause": str, "error": str, "address": str, "event_loops": str, "version": str,
    "variable": str, "connections": str, "signal": str,
}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def refused(members):
    """Raises an error if a member occurs twice, else gives the object."""
    names = [name for name, _ in members]
    if len(set(names)) < len(names):
        raise ValueError(f"a member occurs twice in {names}")
    return dict(members)


def faults(line):
    """What is wrong with the shape of a line."""
    if list(line)[:4] != COMMON:
        yield "the first members"
    if not TIME.fullmatch(line["timestamp"]) or line["service"] != "user-management":
        yield "timestamp or service"
    if line["log_level"] not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        yield "log_level"
    for name, value in line.items():
        if type(value) is not MEMBERS.get(name):
            yield f"{name}: {value!r}"
    if "user_id" in line and not UUID.fullmatch(line["user_id"]):
        yield "user_id"


def differences(texts):
    """A few of the texts that are not what the lines in their places are, with these."""
    pairs = zip((json.loads(text) for text in texts), lines, strict=False)
    return [pair for pair in pairs if pair[0] != pair[1]][:2]


octets = LOG.read_bytes()
check("lines: the log ends with a line break", b"\n", octets[-1:])
texts = octets.decode("utf-8", "strict").split("\n")[:-1]
lines = [json.loads(text, object_pairs_hook=refused) for text in texts]
check("lines: all are of the shape", [], [f for line in lines for f in faults(line)][:5])
check("lines: none was dropped", 0, sum("lines_dropped" in line for line in lines))

ids = set((FOLDER / "ids").read_text().split())
requests = [line for line in lines if "status" in line]
logged = [line["request_id"] for line in requests]
check("lines: each answer has one", [], sorted(ids - set(logged))[:5])
check("lines: no request has two", len(logged), len(set(logged)))
others = [line["route"] for line in requests if line["request_id"] not in ids]
check("lines: nobody else but the health check has one", set(), set(others) - {"/health"})
events = [line for line in lines if "status" not in line and "user_id" in line]
registered = [line for line in events if line["message"] == "User registered successfully"]
check("lines: registrations have one with the user's id", at_least(10), len(registered))
check("lines: who has a token is named by the id", at_least(len(ids) // 4),
      sum("user_id" in line for line in requests))

secrets = json.loads((FOLDER / "secrets").read_text())
told = [secret for secret in secrets if secret.encode() in octets]
check("lines: nothing personal or secret stands in any", [], told)
check("lines: nor an at sign, as addresses of people have", False, b"@" in octets)

seen = JQ.read_text().split("\n")[:-1]
check("jq: it reads as many objects as there are lines", len(lines), len(seen))
check("jq: and the same in them", [], differences(seen))
seen = RSYSLOG.read_text().split("\n")[:-1]
check("rsyslog: mmjsonparse reads every line", len(lines),
      sum(text.startswith("OK ") for text in seen))
check("rsyslog: and the same in them", [], differences(text[3:] for text in seen))
print(f"{len(lines)} lines of {len(requests)} requests, {len(octets)} octets", flush=True)

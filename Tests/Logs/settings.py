"""What an operator may set of the log."""

import re

from checks import attempt, check
from service import lines, log

ASKED = ["/version", "/nowhere", "/version"]
TEXT = re.compile(r"\S+Z (DEBUG|INFO|WARNING|ERROR|CRITICAL) +\S.*")
COLOURED = re.compile(r"\x1b\[2m\S+Z\x1b\[0m \x1b\[3[2-6]m[A-Z]+ *\x1b\[0m \S.*")


def requests(text):
    """The lines of requests."""
    return [line for line in lines(text) if "status" in line]


def policies():
    for policy, expected in {"off": [], "errors": [404], "all": [200, 404, 200]}.items():
        seen = [line["status"] for line in requests(log(*ASKED, ACCESS_LOG=policy))]
        check(f"ACCESS_LOG={policy}", expected, seen)


def sample():
    paths = ["/version"] * 100 + ["/nowhere"]
    seen = requests(log(*paths, ACCESS_LOG_SAMPLE="10", ACCESS_LOG_SLOW="1h"))
    weights = [line["sample_weight"] for line in seen if line["status"] == 200]
    check("ACCESS_LOG_SAMPLE=10: ten lines stand for a hundred", [10] * 10, weights)
    others = [line.get("sample_weight") for line in seen if line["status"] != 200]
    check("ACCESS_LOG_SAMPLE=10: what failed stands for itself", [None], others)


def levels():
    levels = {line["log_level"] for line in lines(log(*ASKED, ACCESS_LOG="off"))}
    check("LOG_LEVEL: info unless it is set", {"INFO", "WARNING"}, levels)
    text = log(*ASKED, ACCESS_LOG="off", LOG_LEVEL="warning")
    check("LOG_LEVEL=warning", {"WARNING"}, {line["log_level"] for line in lines(text)})
    check("LOG_LEVEL=critical", "", log(*ASKED, ACCESS_LOG="off", LOG_LEVEL="critical"))
    seen = requests(log(*ASKED, LOG_LEVEL="critical"))
    check("LOG_LEVEL=critical: requests have lines all the same", len(ASKED), len(seen))


def addresses():
    for setting, expected in {"false": {None}, "true": {"127.0.0.1"}}.items():
        seen = {line.get("client") for line in requests(log(*ASKED, LOG_CLIENT_ADDRESS=setting))}
        check(f"LOG_CLIENT_ADDRESS={setting}", expected, seen)


def texts():
    text = log(*ASKED, LOG_FORMAT="text").split("\n")[:-1]
    seen = [line for line in text if not TEXT.fullmatch(line)]
    check("LOG_FORMAT=text: plain into a pipe", [], seen)
    text = log(*ASKED, LOG_FORMAT="text", on_terminal=True).replace("\r", "").split("\n")[:-1]
    seen = [line for line in text if not COLOURED.fullmatch(line)]
    check("LOG_FORMAT=text: coloured on a terminal", [], seen)
    check("LOG_FORMAT=text: a terminal shows requests", 3, sum("duration_ms" in t for t in text))
    text = log(*ASKED, on_terminal=True)
    check("LOG_FORMAT=json: never coloured", False, "\x1b" in text)


for action in (policies, sample, levels, addresses, texts):
    attempt(action.__name__, action)

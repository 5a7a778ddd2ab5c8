"""Sends requests through a proxy, nginx, in front of services whose quota of policy `ip` is that
below. The arguments are the URL of nginx before one service that trusts it, before two that do, and
before one that trusts nobody, and the log of the last one.
"""

import pathlib
import sys

from checks import attempt, check
from limits import Client, use_up, wait_until

TRUSTED, PAIR, UNTRUSTED, LOG = sys.argv[1:5]
HOUR = 3600
IP = 8


def clients():
    """Each client behind the proxy has a quota, whatever it says of itself."""
    plain, forger = Client(TRUSTED), Client(TRUSTED)
    use_up("behind nginx", "ip", IP, HOUR, lambda _: plain.send("GET", "/nothing"), 404)
    use_up(
        "a forged X-Forwarded-For", "ip", IP, HOUR, lambda number: forger.send(
            "GET", "/nothing", X_Forwarded_For=f"203.0.113.{number}, 127.0.0.1"), 404)
    # The proxy adds to the one field only, so the other one is the client's own word: whoever sends
    # both counts for the proxy.
    contradicting = Client(TRUSTED)
    use_up(
        "Forwarded that contradicts the proxy", "ip", IP, HOUR, lambda number: contradicting.send(
            "GET", "/nothing", Forwarded=f"for=203.0.113.{number}"), 404)
    answer = contradicting.send("GET", "/nothing")
    check("the client itself has its quota yet", (404, IP - 1),
          (answer.status, answer.standings["ip"][0]))


def replicas():
    """Two services that count by themselves admit each client twice the quota."""
    client = Client(PAIR)
    statuses = [client.send("GET", "/nothing").status for _ in range(2 * IP + 2)]
    check("two services: twice the quota", [404] * 2 * IP + [429] * 2, statuses)


def strangers():
    """A proxy that nobody has told of is counted, and nobody behind it is refused."""
    client = Client(UNTRUSTED)
    answers = [client.send("GET", "/nothing") for _ in range(IP + 4)]
    check("an unknown proxy: nobody is refused", [404] * (IP + 4),
          [answer.status for answer in answers])
    check("an unknown proxy: it is counted", [*range(IP - 1, -1, -1)] + [0] * 4,
          [answer.standings["ip"][0] for answer in answers])
    series = 'rate_limit_exceeded_total{policy="ip",enforced="false"} 4'
    check("an unknown proxy: what it was spared is counted", True,
          series in client.send("GET", "/metrics").body.decode().splitlines())
    # Lines are written by a thread of their own, in order.
    wait_until("an unknown proxy: a warning", warning_count)
    check("an unknown proxy: one warning", 1, warning_count())


def warning_count():
    """How many warnings of unknown proxies are in the log."""
    return sum("TRUSTED_PROXIES" in line for line in pathlib.Path(LOG).read_text().splitlines())


attempt("clients", clients)
attempt("replicas", replicas)
attempt("strangers", strangers)

"""The end of a service: what its last requests were is exported, and a collector that says nothing
does not hold it up. The service of the fourth argument is stopped.
"""

import os
import signal
import sys
import time

from checks import at_most, attempt, check
from collector import Collector
from service import COLLECTOR_PORT, PROCESS, Client, Trace, count_of

IS_SILENT = sys.argv[7] == "silent"


def ended_after():
    """Stops the service, and returns how many seconds it took."""
    began = time.monotonic()
    os.kill(PROCESS, signal.SIGTERM)
    while os.path.exists(f"/proc/{PROCESS}") and state() != "Z" and time.monotonic() < began + 30:
        time.sleep(0.02)
    return time.monotonic() - began


def state():
    """The state of the service's process; proc(5)."""
    try:
        with open(f"/proc/{PROCESS}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"


def check_flush():
    """What waits for its export at the end."""
    with Collector(COLLECTOR_PORT) as collector:
        trace = Trace()
        Client().send("GET", "/version", trace=trace)
        seconds = ended_after()
        check("the last spans are sent at the end", 1, len(collector.trace(trace.id)))
        check("that takes no time to speak of", at_most(4), seconds)


def check_silent():
    """A collector that does not answer."""
    with Collector(COLLECTOR_PORT) as collector:
        collector.otherwise = "silent"
        Client().send("GET", "/version", trace=Trace())
        check("a silent collector does not hold up the end", at_most(10), ended_after())
        check("it was asked", True, len(collector.requests) > 0)
        check("an operator is told", 1, count_of("The last spans were not sent in time"))


attempt("the end", check_silent if IS_SILENT else check_flush)

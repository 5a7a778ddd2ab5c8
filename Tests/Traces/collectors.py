"""Collectors that are away, slow, broken or rude: no request waits for them, and once they are well
again they get what is new.
"""

import concurrent.futures
import time

from checks import at_least, at_most, attempt, check
from collector import HUGE, Collector
from service import COLLECTOR_PORT, Client, Trace, count_of

# The longest that a request may take: far less than the service waits for a collector.
REQUEST_SECONDS_MAX = 5
FAILING, WELL = "The trace collector takes no spans", "The trace collector takes spans again"


def slowest(count=200):
    """Sends so many requests, by four clients, and returns how long the slowest one took."""

    def ask(_):
        client, worst = Client(), 0
        for _ in range(count // 4):
            began = time.monotonic()
            status, _ = client.send("GET", "/version")
            worst = max(worst, time.monotonic() - began if status == 200 else TimeoutError)
        return worst

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return max(pool.map(ask, range(4)))


def is_exported(collector, trace):
    """Whether a trace's span arrives."""
    return collector.wait_for(lambda it: any(span.trace == trace.id for span in it.spans), 40)


def check_dead():
    """Nobody listens."""
    check("without a collector no request waits", at_most(REQUEST_SECONDS_MAX), slowest())
    deadline = time.monotonic() + 20
    while not count_of(FAILING) and time.monotonic() < deadline:
        time.sleep(0.05)
    check("an operator is told, once", 1, count_of(FAILING))
    trace = Trace()
    with Collector(COLLECTOR_PORT) as collector:
        Client().send("GET", "/version", trace=trace)
        check("a collector that comes back gets what is new", True, is_exported(collector, trace))
        check("all of it is of the protocol", [], collector.faults)
    check("an operator is told of that too", 1, count_of(WELL))


def check_silent():
    """It takes everything and says nothing."""
    with Collector(COLLECTOR_PORT) as collector:
        collector.otherwise = "silent"
        check("beside a collector that does not answer no request waits",
              at_most(REQUEST_SECONDS_MAX), slowest(6000))
        check("it was asked", True, collector.wait_for(lambda it: it.requests))
        collector.otherwise = "accept"
        collector.released.set()
        trace = Trace()
        check("once it answers it gets what is new", True, is_exported_later(collector, trace))


def is_exported_later(collector, trace):
    """Whether one of a trace's spans arrives; those that found the queue full do not."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        Client().send("GET", "/version", trace=trace)
        if collector.wait_for(lambda it: any(span.trace == trace.id for span in it.spans), 1):
            return True
    return False


def check_busy():
    """It asks for patience, and has it."""
    with Collector(COLLECTOR_PORT) as collector:
        collector.next = ["busy", "busy"]
        trace = Trace()
        Client().send("GET", "/version", trace=trace)
        check("what was answered 503 is sent again", True, is_exported(collector, trace))
        (first, _, one), (second, _, two), (third, _, three) = collector.requests[:3]
        check("it is the same each time", True, one == two == three)
        check("it is not sent before the time that was asked for", at_least(0.99),
              min(second - first, third - second))


def check_broken():
    """It answers 500, and what it was sent is given up."""
    with Collector(COLLECTOR_PORT) as collector:
        collector.next = ["broken"]
        lost, trace = Trace(), Trace()
        Client().send("GET", "/version", trace=lost)
        check("500 is an answer", True, collector.wait_for(lambda it: it.requests))
        Client().send("GET", "/version", trace=trace)
        check("what comes after 500 is sent", True, is_exported(collector, trace))
        check("what was answered 500 is not sent again", [], collector.trace(lost.id))


def check_rude():
    """It closes connections instead of answering."""
    with Collector(COLLECTOR_PORT) as collector:
        collector.next = ["rude"]
        trace = Trace()
        Client().send("GET", "/version", trace=trace)
        check("what got no answer is sent again", True, is_exported(collector, trace))


def check_large(behaviour):
    """It answers with more than anybody wants."""
    with Collector(COLLECTOR_PORT) as collector:
        collector.next = [behaviour]
        first, second = Trace(), Trace()
        Client().send("GET", "/version", trace=first)
        check(f"{behaviour}: the spans are taken", True, is_exported(collector, first))
        Client().send("GET", "/version", trace=second)
        check(f"{behaviour}: so are those after them", True, is_exported(collector, second))
        check(f"{behaviour}: nobody reads all of the answer", at_most(HUGE // 4), collector.written)
        check(f"{behaviour}: what was taken is not sent again", 1,
              len(collector.trace(first.id)))


def main():
    """All checks, each beside a collector of its own."""
    attempt("a dead collector", check_dead)
    attempt("a silent collector", check_silent)
    attempt("a busy collector", check_busy)
    attempt("a broken collector", check_broken)
    attempt("a rude collector", check_rude)
    attempt("a huge answer", lambda: check_large("huge"))
    attempt("an endless answer", lambda: check_large("endless"))


main()

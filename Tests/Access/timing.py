"""Logins with a known and an unknown address: nothing tells which it was, nor does the time.

The two are sent in turns, in an order that chance decides. Whether their times differ is the question
of a Mann-Whitney test; a difference that no attacker could see over a network is none.
"""

import math
import random
import statistics
import time

from access import EMAIL, TIMED, Caller
from checks import at_least, check

ADDRESSES = {"known": EMAIL, "unknown": "nobody.at.all@example.com"}


def told(answer):
    """What an answer tells, but for what is another each time."""
    fields = sorted(
        (name, value) for name, value in answer.headers.items()
        if name not in ("Date", "X-Request-ID", "RateLimit"))
    body = answer.json
    body.pop("request_id")
    return answer.status, fields, len(answer.body), body


def probability(first, second):
    """How probable it is that two samples of one kind differ as much (Mann-Whitney, two-sided)."""
    values = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks = sum(rank for rank, (_, sample) in enumerate(values, 1) if sample == 0)
    n, m = len(first), len(second)
    mean, deviation = n * m / 2, math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(ranks - n * (n + 1) / 2 - mean) / deviation / math.sqrt(2))


def main():
    caller = Caller()
    times, answers = {name: [] for name in ADDRESSES}, {name: [] for name in ADDRESSES}
    order = list(ADDRESSES) * TIMED
    random.Random(1).shuffle(order)
    for name in order:
        start = time.perf_counter()
        answer = caller.send("POST", "/auth/login", {
            "email": ADDRESSES[name], "password": "not the right password"})
        times[name].append(time.perf_counter() - start)
        answers[name].append(told(answer))
    first = answers["known"][0]
    check("the status", 401, first[0])
    for name in ADDRESSES:
        check(f"{name}: all say the same", 0, sum(answer != first for answer in answers[name]))
    medians = {name: statistics.median(values) * 1000 for name, values in times.items()}
    difference = abs(medians["known"] - medians["unknown"])
    chance = probability(times["known"], times["unknown"])
    print(f"{TIMED} each: median {medians['known']:.3f} ms known, {medians['unknown']:.3f} ms"
          f" unknown; p = {chance:.3f}")
    check("the times", at_least(0.001), chance if difference > 0.2 else 1)


main()

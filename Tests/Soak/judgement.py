"""What has to hold of a soak, and its tables."""

import collections

import census
import floods
import processes
import report
import verdict
from checks import at_least, at_most, check

# While a fault was about, and what it did to others may have shown.
Window = collections.namedtuple("Window", "began ended")
# The periods by their fault, the floods, the windows, what the well-behaved clients saw, and what the
# watched service held and when.
Course = collections.namedtuple("Course", "periods_of floods windows answers samples")


def judge(course, p99):
    """Checks what can be checked of faults and floods; `p99` are the milliseconds that 99 of 100 of
    others' requests may take, if that matters.
    """
    for name, periods in course.periods_of.items():
        judge_fault(name, periods)
    for flood in course.floods:
        expected = floods.EXPECTED.get(flood.name, floods.EXPECTED[""])
        check(f"{flood.name}: answers that nobody expects", set(),
              set(flood.report["answers"]) - expected)
        check(f"{flood.name}: requests", at_least(1), flood.report["requests"])
    judge_memory(course)
    calm = calm_answers(course)
    check("others: requests while nothing but floods was about", at_least(100), len(calm))
    check("others: those that failed", {}, dict(collections.Counter(
        answer.verdict for answer in calm if answer.verdict != "ok")))
    check("others: reads that one instance had and another one had not", 0,
          sum(answer.verdict == "stale" for answer in course.answers))
    if p99:
        check("others: milliseconds of 99 of 100 requests", at_most(p99),
              float(report.percentile(calm, 0.99)))


def judge_fault(name, periods):
    """Checks what came of one."""
    expected = verdict.EXPECTED + processes.ALSO_EXPECTED.get(name, ())
    verdict.judge_writes(name, periods, expected)
    for kind in (verdict.READS, verdict.WRITES):
        check(f"{name}: {kind} succeed again", True,
              verdict.worst_recovery(periods, kind) < float("inf"))


def judge_memory(course):
    """Checks that what the heap keeps grows no more once there has been every flood: in a soak that
    is long enough.
    """
    seen = {}
    for flood in course.floods:
        seen.setdefault(flood.name, flood.ended)
    if set(seen) != set(floods.FLOODS):
        return
    parts = [[], []]
    for moment, sample in course.samples:
        parts[moment > max(seen.values())].append(sample.memory_kib)
    if all(parts):
        check("memory: KiB more after every flood has been there once",
              at_most(census.GROWTH_KIB_MAX), max(parts[1]) - max(parts[0]))


def calm_answers(course):
    """What others saw while no fault was about."""
    return [
        answer for answer in course.answers
        if not any(window.began <= answer.time < window.ended for window in course.windows)]


def show(course):
    """Prints the tables."""
    for table in (
            verdict.table(course.periods_of),
            report.floods(floods.FLOODS, course.floods, calm_answers(course)),
            report.drift([sample for _, sample in course.samples])):
        print("\n".join(["", *table]))

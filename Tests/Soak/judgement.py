"""What has to hold of a soak, and its tables."""

import collections
import itertools

import census
import floods
import processes
import report
import sharing
import verdict
from checks import at_least, at_most, check
from strangers import strangers

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
    for name in sorted({flood.name for flood in course.floods}):
        check(f"{name}: what is wrong with the answers", [], list(faults_of_floods(
            name, [flood.report for flood in course.floods if flood.name == name])))
    judge_memory(course)
    check("workers of libdispatch, whatever the service did", 0, max(
        sample.workers for _, sample in course.samples))
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
    if name in sharing.HARMLESS:
        check(f"{name}: requests that failed", 0,
              sum(len(period.tally.failures) for period in periods))


def faults_of_floods(name, reports):
    """What is wrong with the answers to a flood: some that nobody expects, or too few."""
    expected = floods.EXPECTED.get(name, floods.EXPECTED[""])
    answers = collections.Counter()
    for each in reports:
        answers.update(each["answers"])
    strangers = set(answers) - expected - {"broken"}
    if strangers:
        yield f"{sorted(strangers)} came"
    answered, asked = (sum(numbers) for numbers in (
        (answers[status] for status in expected), (each["asked"] for each in reports)))
    if asked == 0 or answered < floods.ANSWERED_MIN * asked:
        yield f"{answered} of {asked} were answered"


def judge_strangers(course, count_min, seed):
    """Checks that so many strangers were answered, and that a million differ from each other."""
    check("addresses: strangers who were answered", at_least(count_min),
          strangers_answered(course.floods))
    million = 1_000_000
    check("addresses: different ones among the first million", million, len(
        set(itertools.islice(strangers(seed, 0), million))))


def strangers_answered(all_floods):
    """How many had an answer of those whom the floods of addresses brought: one each."""
    return sum(
        count for flood in all_floods if flood.name == "addresses"
        for answer, count in flood.report["answers"].items() if answer != "broken")


def judge_memory(course):
    """Checks that what is left between floods grows no more once there has been each: in a soak that
    is long enough. What is left in the end is judged in any (census.compare).
    """
    growth = memory_growth(course)
    if growth is None:
        missing = sorted(set(floods.FLOODS) - {flood.name for flood in course.floods})
        print(f"memory: not judged by its growth: too short for {missing or 'two rounds'}")
    else:
        check("memory: KiB more after every flood has been there once",
              at_most(census.GROWTH_KIB_MAX), growth)


def memory_growth(course):
    """How many KiB more a service held at the least, once there had been every flood: what it holds at
    the most is a matter of what comes together. Nothing if they have not been there, or not long ago.
    """
    seen = {}
    for flood in course.floods:
        seen.setdefault(flood.name, flood.ended)
    if set(seen) != set(floods.FLOODS):
        return None
    parts = [[], []]
    for moment, sample in course.samples:
        parts[moment > max(seen.values())].append(sample.memory_kib)
    return min(parts[1]) - min(parts[0]) if len(parts[1]) >= len(parts[0]) > 0 else None


def judge_judgement():
    """Shows that it finds memory that grows, and says when it cannot."""
    def course(names, *memory):
        return Course({}, [report.Flood(name, 0, 1, {}) for name in names], [], [], [
            (moment, census.Census(0, 0, 0, 0, 0, kib)) for moment, kib in enumerate(memory)])

    check("judgement: memory that grows is found", at_least(census.GROWTH_KIB_MAX + 1),
          memory_growth(course(floods.FLOODS, 50_000, 90_000, 90_000, 70_000)))
    check("judgement: memory that is given back", 0,
          memory_growth(course(floods.FLOODS, 50_000, 60_000, 90_000, 50_000)))
    check("judgement: too few floods for a judgement", None,
          memory_growth(course(list(floods.FLOODS)[1:], 50_000, 60_000, 90_000, 90_000)))


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

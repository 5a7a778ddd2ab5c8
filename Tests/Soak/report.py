"""What came of a soak, as tables."""

import collections

from verdict import lines

Flood = collections.namedtuple("Flood", "name began ended report")
# What the well-behaved client saw: when, how long it took in seconds, "ok" or what was wrong.
Answer = collections.namedtuple("Answer", "time seconds verdict")

FLOOD_COLUMNS = (
    "flood", "times", "requests", "strangers", "answers", "others' requests", "failed", "p50 ms",
    "p99 ms")
DRIFT_COLUMNS = ("drift", "first", "least", "median", "most", "last")


def percentile(answers, share):
    """How long the given share of answers took at most, in milliseconds; nothing without any."""
    if not answers:
        return "–"
    times = sorted(answer.seconds for answer in answers)
    return f"{times[min(len(times) - 1, int(share * len(times)))] * 1000:.1f}"


def floods(names, all_floods, calm_answers):
    """The lines of the table of floods. `calm_answers` are those of the well-behaved client while
    nothing else was wrong.
    """
    rows = [FLOOD_COLUMNS]
    for name in names:
        mine = [flood for flood in all_floods if flood.name == name]
        if mine:
            rows.append(figures(name, mine, [
                answer for answer in calm_answers
                if any(flood.began <= answer.time < flood.ended for flood in mine)]))
    rows.append(figures("all", all_floods, calm_answers))
    return lines(rows)


def figures(name, mine, answers):
    """One row of it."""
    statuses = collections.Counter()
    for flood in mine:
        statuses.update(flood.report["answers"])
    failed = sum(answer.verdict != "ok" for answer in answers)
    return (
        name, str(len(mine)),
        *(str(sum(flood.report[what] for flood in mine)) for what in ("requests", "strangers")),
        " ".join(f"{status}:{count}" for status, count in sorted(statuses.items())),
        str(len(answers)), str(failed), percentile(answers, 0.5), percentile(answers, 0.99))


def drift(samples):
    """The lines of the table of what the service held, by samples in order."""
    rows = [DRIFT_COLUMNS]
    for field in samples[0]._fields:
        values = [getattr(sample, field) for sample in samples]
        ordered = sorted(values)
        rows.append((field, *map(str, (
            values[0], ordered[0], ordered[len(ordered) // 2], ordered[-1], values[-1]))))
    return lines(rows)

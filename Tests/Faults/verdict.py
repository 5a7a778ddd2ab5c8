"""What was measured of each fault, as a table, and whether it is good enough."""

import collections

from checks import at_least, at_most, check
from history import BACKWARDS, DOUBLED, KINDS, LOST, REFUSED, STALE, WRONG
from tally import READS, WRITES

# A request waits for a connection (DATABASE_ACQUIRE_TIMEOUT, 2 s) and for the answer to a statement
# (DATABASE_STATEMENT_TIMEOUT, 5 s); a write may look afterwards why it found nothing. A second is
# the machine's.
LONGEST_SECONDS_MAX = {READS: 2 + 5 + 1.0, WRITES: 2 * (2 + 5) + 1.0}
# What may be answered: a success, a race, that it is not done, that it is not known.
EXPECTED = ("2", "404 user_not_found", "412 version_mismatch", "503 unavailable",
            "503 outcome_unknown")
# Requests of a period, below which it shows nothing.
SUCCESSES_MIN = 100

# One fault, once: the tally, the violations, the longest waits for a read and for a write (None:
# it never came), how long the server was away, when the last failure was, creations and changes of
# unknown outcome and how many of them took effect; tokens that were accepted though their session
# had ended, or refused though it had not, and how the tokens of both kinds were answered in the end.
Period = collections.namedtuple(
    "Period", "tally violations recovery outage_seconds trouble_seconds unknown landed"
    " accepted refused last_statuses")

COLUMNS = (
    "fault", "times", "away s", "requests", "2xx", "503 un-", "503 out-", "404 412", "other",
    "lost", "doubled", "refused,", "stale,", "wrong", "unknown", "longest s", "longest s",
    "recovery", "recovery", "last 503")
UNITS = (
    "", "", "median", "", "", "available", "come_unk.", "", "", "", "", "but done", "backw.", "",
    "(landed)", "reads", "writes", "reads s", "writes s", "after s")


def judge_writes(name, periods, expected=EXPECTED):
    """Reports what is wrong with writes and reads, and answers that nobody expects."""
    kinds = collections.Counter(
        violation.kind for period in periods for violation in period.violations)
    for kind in KINDS:
        check(f"{name}: writes or reads that are {kind}", 0, kinds[kind])
    check(f"{name}: answers that tell nothing useful", {}, {
        what: number for period in periods
        for (_, what), number in period.tally.answers.items() if not what.startswith(expected)})


def judge(name, periods, recovery_max):
    """Reports the checks of one fault, after which the service may take so many seconds."""
    judge_writes(name, periods)
    check(f"{name}: tokens accepted after their session", [], [
        found for period in periods for found in period.accepted])
    check(f"{name}: tokens refused during their session", [], [
        found for period in periods for found in period.refused])
    for index, (whose, status) in enumerate((("that have ended", 401), ("that go on", 200))):
        check(f"{name}: how sessions {whose} are answered", {status}, {
            found for period in periods for found in period.last_statuses[index]})
    for kind in (READS, WRITES):
        check(f"{name}: seconds until {kind} succeed again", at_most(recovery_max),
              worst_recovery(periods, kind))
        check(f"{name}: seconds of the longest of {kind}", at_most(LONGEST_SECONDS_MAX[kind]),
              max(period.tally.longest[kind] for period in periods))
        check(f"{name}: {kind} that succeeded", at_least(SUCCESSES_MIN),
              min(period.tally.count("2", kind=kind) for period in periods))


def worst_recovery(periods, kind):
    """The longest wait for the first success in seconds; infinite if it never came."""
    waits = [period.recovery[kind] for period in periods]
    return float("inf") if None in waits else max(waits)


def table(periods_of):
    """The lines of the table."""
    rows = [COLUMNS, UNITS]
    rows += [figures(name, periods) for name, periods in periods_of.items()]
    rows.append(figures("all", sum(periods_of.values(), [])))
    return lines(rows)


def lines(rows):
    """Rows of texts as lines with columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths)))
        yield "  ".join(cells).rstrip()


def figures(name, periods):
    """One row of the table."""
    kinds = collections.Counter(
        violation.kind for period in periods for violation in period.violations)

    def answers(*prefixes):
        return sum(period.tally.count(*prefixes) for period in periods)

    total = sum(period.tally.total for period in periods)
    landed, unknown = (sum(getattr(each, field) for each in periods) for field in
                       ("landed", "unknown"))
    seconds = [
        *(max(each.tally.longest[kind] for each in periods) for kind in (READS, WRITES)),
        *(worst_recovery(periods, kind) for kind in (READS, WRITES)),
        max(each.trouble_seconds for each in periods),
    ]
    outages = sorted(each.outage_seconds for each in periods)
    return (
        name, str(len(periods)), f"{outages[len(outages) // 2]:.2f}", str(total), str(answers("2")),
        str(answers("503 unavailable")), str(answers("503 outcome_unknown")),
        str(answers("404", "412")), str(total - answers(*EXPECTED)),
        str(kinds[LOST]), str(kinds[DOUBLED]), str(kinds[REFUSED]),
        str(kinds[STALE] + kinds[BACKWARDS]), str(kinds[WRONG]), f"{unknown} ({landed})",
        *(f"{each:.2f}" for each in seconds))

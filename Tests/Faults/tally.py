"""What came of the requests of a period: how many, with which answer, and how long they took."""

import collections

READS, WRITES = "reads", "writes"


class Tally:
    """Counts requests by their answers and remembers when the successes were."""

    def __init__(self):
        self.answers = collections.Counter()  # by (reads or writes, status and code)
        self.longest = {READS: 0.0, WRITES: 0.0}
        self.successes = {READS: [], WRITES: []}  # (began, ended)
        self.failures = []  # when, in order
        self.examples = {}

    def add(self, kind, what, began, ended):
        """A request ended; `what` is its status and, of a problem, the code."""
        self.answers[kind, what] += 1
        self.longest[kind] = max(self.longest[kind], ended - began)
        if what[0] == "2":
            self.successes[kind].append((began, ended))
        elif what[0] == "5" or what == "broken":
            self.failures.append(ended)

    def note(self, what, text):
        """Keeps an example of something unexpected."""
        self.examples.setdefault(what, text)

    def first_success(self, kind, began_after, ended_after):
        """When the first success ended after a time, of those that began after another one."""
        times = (
            ended for began, ended in self.successes[kind]
            if began >= began_after and ended >= ended_after)
        return min(times, default=None)

    def count(self, *prefixes, kind=None):
        """How many answers begin with one of the texts."""
        return sum(
            number for (of, what), number in self.answers.items()
            if what.startswith(prefixes) and kind in (None, of))

    @property
    def total(self):
        """How many requests there were."""
        return self.answers.total()

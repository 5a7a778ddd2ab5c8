"""Shows that the history finds what it is for, and nothing else: small stories with a known fault.

It prints lines as Tests/Clients/checks.py describes them.
"""

from checks import check
from history import BACKWARDS, DOUBLED, LOST, REFUSED, STALE, WRONG, History, Row

EMAIL = "a@example.com"


class Story:
    """A history of one user, told in short words; the clock ticks with each."""

    def __init__(self, life=0):
        self.history, self.time, self.user = History(life), 0, None

    def now(self):
        """The next moment."""
        self.time += 1
        return self.time

    def create(self):
        """An acknowledged creation."""
        self.history.creation_sent(EMAIL, "a1")
        self.user = self.history.creation_acknowledged(EMAIL, "id", 1, self.now())
        return self

    def change(self, expected, name, outcome="acknowledged", version=None):
        """A change, or without a name a deletion, and its outcome."""
        write = self.history.write_sent(self.user, expected, name)
        if outcome == "acknowledged":
            self.history.write_acknowledged(write, version or expected + 1, name, self.now())
        elif outcome == "unknown":
            self.history.write_unknown(write)
        elif outcome == "mismatched":
            self.history.write_mismatched(write, self.now())
        else:
            self.history.write_refused(write)
        return self

    def read(self, version, name, sent_at=None):
        """A read that began at a time, or now."""
        sent_at = sent_at or self.now()
        self.history.observed(self.user, version, name, sent_at, self.now())
        return self

    def kinds(self, *rows):
        """The kinds of what an audit finds."""
        return {violation.kind for violation in self.history.audit(rows)}


def told(life=0):
    """A user who was changed once; with the life of a cache."""
    return Story(life).create().change(1, "a2")


def shown(life):
    """A change that nobody was told of, which a reader sees, and then another one does not."""
    return told(life).change(2, "a3", "unknown").read(3, "a3").read(2, "a2").kinds(row(3, "a3"))


def row(version, name, is_deleted=False, email=EMAIL, identity="id"):
    """A row of the database."""
    return Row(identity, email, name, version, is_deleted)


def clean_histories():
    """Histories in which nothing is wrong."""
    yield "acknowledged changes", told().read(2, "a2").kinds(row(2, "a2"))
    yield "a deletion", told().change(2, None).kinds(row(3, "a2", True))
    doubtful = told().change(2, "a3", "unknown")
    yield "an unknown change that did not happen", doubtful.kinds(row(2, "a2"))
    yield "an unknown change that happened", doubtful.kinds(row(3, "a3"))
    yield "another change in its place", doubtful.change(2, "b3").kinds(row(3, "b3"))
    yield "an unknown deletion", told().change(2, None, "unknown").kinds(row(3, "a2", True))
    yield "a refused change", told().change(2, "a3", "refused").kinds(row(2, "a2"))
    lost_race = told().change(2, "a3", "mismatched").change(2, "b3")
    yield "a lost race", lost_race.kinds(row(3, "b3"))
    early = Story().create()
    early.change(1, "a2")
    yield "a read that began before a change", early.read(1, "a1", sent_at=1).kinds(row(2, "a2"))
    yield "a change that nobody was told of, for the life of a cache", shown(life=10)
    yield "a refused creation", created("refused").kinds()
    yield "an unknown creation that happened", created("unknown").kinds(row(1, "a1"))
    yield "an unknown creation that did not", created("unknown").kinds()


def created(outcome):
    """A creation that was not acknowledged."""
    story = Story()
    story.history.creation_sent(EMAIL, "a1")
    getattr(story.history, f"creation_{outcome}")(EMAIL)
    return story


def faulty_histories():
    """Histories with a fault, and its kind."""
    yield "a dropped creation", LOST, Story().create().kinds()
    yield "a dropped change", LOST, told().kinds(row(1, "a1"))
    yield "a dropped deletion", LOST, told().change(2, None).kinds(row(2, "a2"))
    yield "a change that was overwritten", LOST, told().kinds(row(2, "b2"))
    yield "a change that two clients made", LOST, told().change(1, "b2").kinds(row(2, "b2"))
    yield "a user who vanished", LOST, vanished().kinds(row(2, "a2"))
    yield "a doubled change", DOUBLED, told().kinds(row(3, "a2"))
    yield "a doubled change, told by its answer", DOUBLED, Story().create().change(
        1, "a2", version=3).kinds(row(3, "a2"))
    yield "a doubled unknown change", DOUBLED, told().change(2, "a3", "unknown").kinds(row(4, "a3"))
    yield "a doubled creation", DOUBLED, told().kinds(row(2, "a2"), row(1, "a1", identity="other"))
    yield "a creation that met itself", DOUBLED, created("conflicted").kinds(row(1, "a1"))
    yield "a refused change that happened", REFUSED, told().change(2, "a3", "refused").kinds(
        row(3, "a3"))
    yield "a mismatch of a change with itself", REFUSED, told().change(
        2, "a3", "mismatched").kinds(row(3, "a3"))
    yield "a refused creation that happened", REFUSED, created("refused").kinds(row(1, "a1"))
    yield "a stale read", STALE, told().read(1, "a1").kinds(row(2, "a2"))
    yield "a stale read of a cache", STALE, told(life=10).read(1, "a1").kinds(row(2, "a2"))
    yield "a version that went backwards", BACKWARDS, shown(life=0)
    yield "the same when a cache has it no longer", BACKWARDS, shown(life=0.5)
    lost_race = told(life=10).change(2, "a3", "unknown").read(3, "a3").change(2, "b3", "mismatched")
    yield "the same after a lost race", BACKWARDS, lost_race.read(2, "a2").kinds(row(3, "a3"))
    rolled_back = told().change(2, "a3", "unknown").read(3, "a3")
    yield "a version that was seen and is gone", BACKWARDS, rolled_back.kinds(row(2, "a2"))
    yield "a value that nobody wrote", WRONG, told().read(2, "x").kinds(row(2, "a2"))
    yield "a user whom nobody asked for", WRONG, told().kinds(
        row(2, "a2"), row(1, "x", email="x@example.com", identity="x"))


def vanished():
    """A user of whom a reader is told that there is none."""
    story = told()
    story.history.missed(story.user)
    return story


for name, kinds in clean_histories():
    check(f"history: {name}", set(), kinds)
for name, kind, kinds in faulty_histories():
    check(f"history: {name}", {kind}, kinds)

"""What clients were told about users, and whether the database agrees. Pure: no input, no output,
no clock.

A write is told of twice: when it is sent, and when its answer is known. From the answers follows
what each version of a user may hold; each version is made by one write. At the end `audit` compares
that with the rows, and with what readers saw on the way.
"""

import bisect
import collections

# What can be wrong, from the worst.
LOST = "lost"  # An acknowledged write is not there, or not as it was acknowledged.
DOUBLED = "doubled"  # There is more than the writes that were sent account for.
REFUSED = "refused but done"  # A write of which the answer said that it was not carried out.
STALE = "stale"  # A read that began after a write's acknowledgement did not see it.
BACKWARDS = "backwards"  # A read saw less than an earlier one.
WRONG = "wrong"  # Something else that nobody wrote.
KINDS = (LOST, DOUBLED, REFUSED, STALE, BACKWARDS, WRONG)

Violation = collections.namedtuple("Violation", "kind what")
Row = collections.namedtuple("Row", "id email name version is_deleted")


class Write:
    """A change that was sent for version `makes - 1` of a user; without a name a deletion."""

    __slots__ = ("user", "makes", "name")

    def __init__(self, user, makes, name):
        self.user, self.makes, self.name = user, makes, name


class Floor:
    """The least version that is known at a time; it only rises."""

    __slots__ = ("times", "versions")

    def __init__(self):
        self.times, self.versions = [], []

    def rise(self, version, time):
        """The version is known from a time on."""
        index = end = bisect.bisect_right(self.times, time)
        if self.at(time) >= version:
            return
        # What is no more, and known later only, tells nothing any more.
        while end < len(self.times) and self.versions[end] <= version:
            end += 1
        self.times[index:end], self.versions[index:end] = [time], [version]

    def at(self, time):
        """The version that was known at a time; 0 for none."""
        index = bisect.bisect_right(self.times, time)
        return self.versions[index - 1] if index else 0

    @property
    def last(self):
        """The version that is known now."""
        return self.versions[-1] if self.versions else 0


class Step:
    """What may have made one version of a user."""

    __slots__ = ("acknowledged", "unknown", "refused", "seen")

    def __init__(self):
        self.acknowledged, self.unknown, self.refused, self.seen = None, [], [], None


class User:
    """A user whose creation was acknowledged."""

    __slots__ = ("id", "email", "name", "steps", "acknowledged", "seen", "is_doubtful", "pending")

    def __init__(self, identity, email, name):
        self.id, self.email, self.name = identity, email, name
        self.steps = {}
        self.acknowledged, self.seen = Floor(), Floor()
        # The outcome of a write is unknown: it may still take effect, at any time.
        self.is_doubtful = False
        # Writes under way.
        self.pending = 0

    def step(self, version):
        """What is known of a version."""
        if version not in self.steps:
            self.steps[version] = Step()
        return self.steps[version]

    def may_be(self, version):
        """The pairs of name and deletion that a version may hold; empty if nobody made it."""
        if version == 1:
            return {(self.name, False)}
        step = self.steps.get(version)
        if step is None:
            return set()
        writes = [step.acknowledged] if step.acknowledged else step.unknown
        found = {(write.name, False) for write in writes if write.name is not None}
        if any(write.name is None for write in writes):
            found |= {(name, True) for name, _ in self.may_be(version - 1)}
        return found

    @property
    def may_be_deleted(self):
        """Whether a deletion was acknowledged, or may still take effect."""
        for step in self.steps.values():
            writes = step.unknown + ([step.acknowledged] if step.acknowledged else [])
            if any(write.name is None for write in writes):
                return True
        return False


class History:
    """The users of one period, and everything that was found wrong with them.

    Where there is a cache, its `life` is how long others may still read less than a reader has seen:
    of a change that nobody has been told of yet. That life begins before the commit.
    """

    def __init__(self, life=0):
        self.life = life
        self.users = {}  # by id
        self.creations = {}  # by e-mail: "sent", "unknown", "refused", or the user
        self.names = {}  # by e-mail
        self.violations = []
        self.unknown_count = 0
        self.acknowledged_count = 0

    def _find(self, kind, what):
        self.violations.append(Violation(kind, what))

    # What clients tell.

    def creation_sent(self, email, name):
        """A user was asked for."""
        self.creations[email], self.names[email] = "sent", name

    def creation_acknowledged(self, email, identity, version, now):
        """The user was made; returns it."""
        user = User(identity, email, self.names[email])
        if version != 1 or identity in self.users:
            self._find(DOUBLED, f"{email} was made as {identity} in version {version}")
        user.acknowledged.rise(1, now)
        self.users[identity] = self.creations[email] = user
        self.acknowledged_count += 1
        return user

    def creation_unknown(self, email):
        """It may have been made."""
        self.creations[email] = "unknown"
        self.unknown_count += 1

    def creation_refused(self, email):
        """It was not made, said the answer."""
        self.creations[email] = "refused"

    def creation_conflicted(self, email):
        """The e-mail address, which nobody else uses, was said to be in use."""
        self.creations[email] = "unknown"
        self._find(DOUBLED, f"the only creation of {email} was told that it exists")

    def write_sent(self, user, expected, name):
        """A change of the version expected was sent; name None stands for a deletion."""
        user.pending += 1
        return Write(user, expected + 1, name)

    def write_acknowledged(self, write, version, name, now):
        """It was carried out; the answer shows the version and the name."""
        user, step = write.user, write.user.step(write.makes)
        user.pending -= 1
        self.acknowledged_count += 1
        if version != write.makes:
            kind = DOUBLED if version > write.makes else LOST
            self._find(kind, f"{user.id}: a change of version {write.makes - 1} made {version}")
        elif step.acknowledged:
            self._find(LOST, f"{user.id}: two acknowledged changes made version {version}")
        elif name != write.name:
            self._find(WRONG, f"{user.id}: a change to {write.name} was answered with {name}")
        step.acknowledged = write
        user.acknowledged.rise(write.makes, now)

    def write_unknown(self, write):
        """It may take effect, now or later."""
        write.user.pending -= 1
        write.user.is_doubtful = True
        write.user.step(write.makes).unknown.append(write)
        self.unknown_count += 1

    def write_refused(self, write):
        """It was not carried out and will not be, said the answer."""
        write.user.pending -= 1
        write.user.step(write.makes).refused.append(write)

    def write_mismatched(self, write, now):
        """It was not carried out because another write had made its version."""
        self.write_refused(write)
        write.user.seen.rise(write.makes, now)

    def write_found_nothing(self, write):
        """It was not carried out because there was no such user."""
        self.write_refused(write)
        if not write.user.may_be_deleted:
            self._find(LOST, f"{write.user.id}: not there for a change")

    def observed(self, user, version, name, sent_at, now):
        """A reader who asked at a time saw a user."""
        if version < user.acknowledged.at(sent_at):
            self._find(STALE, f"{user.id}: version {version}, of which more was acknowledged")
        elif version < user.seen.at(sent_at):
            self._find(BACKWARDS, f"{user.id}: version {version}, of which more had been seen")
        user.seen.rise(version, now + self.life)
        step = user.step(version)
        if step.seen not in (None, name):
            self._find(WRONG, f"{user.id}: two values of version {version}")
        step.seen = name

    def missed(self, user):
        """A reader was told that there is no such user."""
        if user.pending == 0 and not user.may_be_deleted:
            self._find(LOST, f"{user.id}: not there for a reader")

    # What the database tells.

    def audit(self, rows):
        """Everything that is wrong, by the rows of all users of the period."""
        found = list(self.violations)
        by_email = collections.defaultdict(list)
        for row in rows:
            by_email[row.email].append(row)
        for email, there in by_email.items():
            if email not in self.creations:
                found.append(Violation(WRONG, f"nobody asked for {email}"))
            elif len(there) > 1:
                found.append(Violation(DOUBLED, f"{len(there)} users have {email}"))
        for email, creation in self.creations.items():
            found += self._faults(email, creation, by_email.get(email, []))
        return found

    def landed(self, rows):
        """How many writes of unknown outcome took effect."""
        made = sum(self.creations.get(row.email) == "unknown" for row in rows)
        for row in rows:
            user = self.users.get(row.id)
            made += sum(
                version <= row.version and not step.acknowledged and bool(step.unknown)
                for version, step in (user.steps.items() if user else ()))
        return made

    def _faults(self, email, creation, there):
        if creation == "refused" and there:
            return [Violation(REFUSED, f"{email} was refused, and made")]
        if isinstance(creation, str):
            return [
                Violation(WRONG, f"{email} is {row}") for row in there
                if row[2:] != (self.names[email], 1, False)
            ]
        mine = [row for row in there if row.id == creation.id]
        if not mine:
            return [Violation(LOST, f"{creation.id} with {email}")]
        return list(_faults_of_user(creation, mine[0]))


def _faults_of_user(user, row):
    last = user.acknowledged.last
    if row.version < last:
        for version in range(row.version + 1, last + 1):
            if version in user.steps and user.steps[version].acknowledged:
                yield Violation(LOST, f"{user.id}: version {version}; it is {row.version}")
    elif row.version < user.seen.last:
        yield Violation(BACKWARDS, f"{user.id}: {row.version} is less than was seen")
    for version in range(2, row.version + 1):
        if not user.may_be(version):
            is_refused = version in user.steps and user.steps[version].refused
            yield Violation(
                REFUSED if is_refused else DOUBLED,
                f"{user.id}: no change accounts for version {version} of {row.version}")
    for version, step in user.steps.items():
        if step.seen and version <= row.version:
            yield from _fault_of_value(user, version, step.seen, False, WRONG)
    yield from _fault_of_value(user, row.version, row.name, row.is_deleted, LOST)


def _fault_of_value(user, version, name, is_deleted, kind):
    possible = user.may_be(version)
    if not possible or (name, is_deleted) in possible:
        return
    refused = user.steps[version].refused if version in user.steps else []
    if any(write.name == (None if is_deleted else name) for write in refused):
        kind = REFUSED
    yield Violation(kind, f"{user.id}: version {version} is {name}, deleted: {is_deleted}")

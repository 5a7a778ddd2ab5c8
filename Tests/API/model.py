"""Sequences of calls, made up by Hypothesis, against the service and against a dictionary: each
answer must be in full what the dictionary says. An administrator calls, and a plain user.
"""

import collections
import copy
import datetime
import traceback
import uuid

import hypothesis
from hypothesis import stateful
from hypothesis import strategies as some

import dictionary
from api import ROUNDS, SEED, Caller, newcomer
from checks import at_least, check

SEQUENCES_IN_A_ROUND = 150
STEPS = 40
LIMITS = (1, 2, 3, 5, 50, 1000)
METADATA = some.dictionaries(
    some.sampled_from("abc"),
    some.recursive(
        some.sampled_from((None, True, 0, "x", [])),
        lambda value: some.dictionaries(some.sampled_from("abc"), value, max_size=2)),
    max_size=3)
OWN_MEMBERS = {
    "metadata": METADATA, "nickname": some.none(),
    **{name: some.sampled_from(list(texts)) for name, texts in dictionary.OWN_KEPT_AS.items()},
}
PATCH_MEMBERS = OWN_MEMBERS | {
    "email": some.sampled_from(dictionary.EMAILS),
    "status": some.sampled_from(list(dictionary.STATUSES)),
}
NEW_ADMINISTRATOR = {"email": "new@example.com", "display_name": "New", "roles": ["admin"]}
PLAIN_USER = {"email": "plain@example.net", "display_name": "Plain"}
# Values of If-Match by version, and whether they hold.
CONDITIONS = (
    (None, True), ("*", True), ('"{0}"', True), ('"{0}-a"', True), ('"{0}-gzip"', True),
    ('"x", "{0}"', True), ('"{0}", "{1}"', True), ('"{1}"', False), ('W/"{0}"', False),
    ('"0{0}"', False), ('"x"', False), ('"{0}-b"', False),
)


def now():
    """The time as the service writes it."""
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def tag(user):
    """A user's entity tag, for an administrator."""
    return f'"{user["version"]}-a"'


def condition(field, user):
    """The field If-Match for a user."""
    if field is None:
        return {}
    version = user["version"] if user else 1
    return {"If_Match": field.format(version, version + 1)}


class Machine(stateful.RuleBasedStateMachine):
    """The service beside the dictionary."""

    model = dictionary.Dictionary
    # The user who may do nothing: her id and the fields that tell who she is.
    plain = None
    counts = collections.Counter()
    pages = stateful.Bundle("pages")

    def __init__(self):
        super().__init__()
        self.caller = Caller()
        self.herself, fields = self.plain
        self.plain_caller = Caller(fields)
        self.administrator = self.caller.get("/users/me").json["id"]
        self.known = self.model()
        # The two who call are there before and after.
        for identifier in (self.administrator, self.herself):
            self.known.users[identifier] = self.caller.get(f"/users/{identifier}").json
        self.deleted = [dictionary.NOBODY]

    def somebody(self, data):
        """The id of a user who is none of the two who call, or of somebody who is not there."""
        callers = (self.administrator, self.herself)
        others = [identifier for identifier in self.known.users if identifier not in callers]
        return data.draw(some.sampled_from([*others, self.deleted[-1]]), "id")

    @stateful.initialize()
    def some_users(self):
        """A list that is longer than a page."""
        for number in range(4):
            self.create({"email": f"first{number}@example.com", "display_name": "Ada"})

    @stateful.rule(
        members=some.fixed_dictionaries(
            {name: PATCH_MEMBERS[name] for name in ("email", "display_name")},
            optional={
                name: PATCH_MEMBERS[name]
                for name in ("locale", "time_zone", "metadata", "status")}))
    def create(self, members):
        """Registers a user, or somebody whose address is taken."""
        before = now()
        answer = self.counted(self.caller.create(members))
        if self.known.is_taken(members["email"]):
            self.refused(answer, 409, "email_taken", ["/email"])
            return
        time, identifier = answer.json["created_at"], answer.json["id"]
        assert before <= time <= now(), f"{before} {time} {now()}"
        assert uuid.UUID(identifier).version == 7 and identifier not in self.known.users
        self.known.register(copy.deepcopy(members), identifier, time)
        self.shown(answer, 201, identifier)
        assert answer.headers["Location"] == f"/users/{identifier}"

    @stateful.rule(data=some.data(), knows=some.booleans())
    def read(self, data, knows):
        """Reads a user, perhaps as somebody who has this version already."""
        identifier = self.somebody(data)
        user = self.known.users.get(identifier)
        fields = {"If_None_Match": tag(user)} if user and knows else {}
        answer = self.counted(self.caller.get(f"/users/{identifier}", **fields))
        if user is None:
            self.refused(answer, 404, "user_not_found")
        elif knows:
            assert (answer.status, answer.headers["ETag"], answer.body) == (304, tag(user), b"")
        else:
            self.shown(answer, 200, identifier)

    @stateful.rule(
        data=some.data(), patch=some.fixed_dictionaries({}, optional=PATCH_MEMBERS),
        condition_=some.sampled_from(CONDITIONS))
    def change(self, data, patch, condition_):
        """Changes a user whose version is expected, or not; or somebody who is not there."""
        identifier, (field, holds) = self.somebody(data), condition_
        user = self.known.users.get(identifier)
        before = now()
        answer = self.counted(self.caller.change(identifier, patch, **condition(field, user)))
        if user is None:
            self.refused(answer, 404, "user_not_found")
        elif not holds:
            self.refused(answer, 412, "version_mismatch")
        elif "email" in patch and self.known.is_taken(patch["email"], identifier):
            self.refused(answer, 409, "email_taken", ["/email"])
        else:
            time = answer.json["updated_at"]
            self.known.change(identifier, copy.deepcopy(patch), time)
            assert not dictionary.asks_for_something(patch) or before <= time <= now()
            self.shown(answer, 200, identifier)

    @stateful.rule(data=some.data(), condition_=some.sampled_from(CONDITIONS))
    def delete(self, data, condition_):
        """Deletes a user whose version is expected, or not; or somebody who is not there."""
        identifier, (field, holds) = self.somebody(data), condition_
        user = self.known.users.get(identifier)
        answer = self.counted(self.caller.delete(identifier, **condition(field, user)))
        if user is None:
            self.refused(answer, 404, "user_not_found")
        elif not holds:
            self.refused(answer, 412, "version_mismatch")
        else:
            assert (answer.status, answer.body) == (204, b"")
            self.known.delete(identifier)
            self.deleted.append(identifier)

    @stateful.rule(data=some.data(), patch=some.fixed_dictionaries({}, optional=PATCH_MEMBERS))
    def trespass(self, data, patch):
        """Has a user do with others what only administrators may: nobody tells who is there."""
        target, caller = "/users/" + self.somebody(data), self.plain_caller
        for answer in (
                caller.get(target), caller.get("/users"), caller.send("DELETE", target),
                caller.send("PATCH", target, patch), caller.get("/roles"),
                caller.create(NEW_ADMINISTRATOR)):
            self.refused(self.counted(answer), 403, "forbidden")

    @stateful.rule(patch=some.fixed_dictionaries({}, optional=OWN_MEMBERS))
    def change_herself(self, patch):
        """Has a user change what is hers; she sees no `admin_metadata`."""
        answer = self.plain_caller.change("me", patch)
        assert answer.status == 200, f"{answer}"
        self.known.change(self.herself, copy.deepcopy(patch), answer.json["updated_at"])
        user = dict(self.known.users[self.herself])
        del user["admin_metadata"]
        seen = answer.headers["ETag"], answer.json
        assert seen == (f'"{user["version"]}"', user), f"{answer} {user}"

    @stateful.rule()
    def abdicate(self):
        """Has the administrator, the last one, do what would leave none."""
        target = f"/users/{self.administrator}"
        for answer in (
                self.caller.delete("me"), self.caller.send("DELETE", f"{target}?mode=hard"),
                self.caller.change(self.administrator, {"status": "disabled"}),
                self.caller.change("me", {"roles": ["member"]}),
                self.caller.send("DELETE", f"{target}/roles/admin")):
            self.refused(self.counted(answer), 409, "last_administrator")

    @stateful.rule(target=pages, data=some.data(), limit=some.sampled_from(LIMITS))
    def list(self, data, limit):
        """Asks for the first page of some list."""
        parameters = {"limit": limit}
        order = data.draw(some.sampled_from((None, *dictionary.ORDERS)), "order")
        if order:
            parameters["sort"] = order
        if total := data.draw(some.sampled_from((None, "none", "exact")), "total"):
            parameters["total"] = total
        for name in data.draw(
                some.lists(some.sampled_from(list(dictionary.FILTERS)), max_size=2, unique=True)):
            values = dictionary.FILTERS[name].values(list(self.known.users.values()))
            parameters[name] = data.draw(some.sampled_from(values), name)
        return self.page(parameters)

    @stateful.rule(target=pages, page=pages)
    def next(self, page):
        """Goes on behind a page, whatever has become of the users since."""
        parameters, cursor, place = page
        return self.page(parameters | {"cursor": cursor}, place)

    def page(self, parameters, place=None):
        """Compares a page with the dictionary's; returns it if there is a next one."""
        answer = self.caller.list(**parameters)
        listed = self.known.listed(parameters, place)
        items, has_more = listed[:parameters["limit"]], len(listed) > parameters["limit"]
        cursor = answer.json["next_cursor"] if answer.status == 200 else None
        wants_total = parameters.get("total") == "exact"
        expected = {
            "items": items, "next_cursor": cursor, "has_more": has_more,
            "total": len(self.known.listed(parameters)) if wants_total else None,
        }
        assert (answer.status, answer.json) == (200, expected), f"{answer.json} {expected}"
        assert (cursor is not None) == has_more == ("Link" in answer.headers)
        self.counts["another page"] += has_more
        if not has_more:
            return stateful.multiple()
        return parameters, cursor, self.known.place(items[-1], parameters)

    def counted(self, answer):
        """The answer, of which one more has been seen."""
        self.counts[answer.status] += 1
        return answer

    def shown(self, answer, status, identifier):
        """Compares an answer that shows a user with the dictionary's."""
        user = self.known.users[identifier]
        expected = (status, tag(user), "application/json", "private, no-cache", user)
        fields = [answer.headers[name] for name in ("ETag", "Content-Type", "Cache-Control")]
        assert (answer.status, *fields, answer.json) == expected, f"{answer} {expected}"

    def refused(self, answer, status, code, pointers=()):
        """Compares a problem with the one that it should be."""
        seen = answer.json
        assert answer.status == seen["status"] == status, f"{answer} {status}"
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert seen["code"] == code, f"{answer} {code}"
        assert [fault["pointer"] for fault in seen.get("errors", [])] == list(pointers)

    def teardown(self):
        """Leaves nobody but the two who call to the next sequence, as they were."""
        for user in self.caller.list(limit=1000).json["items"]:
            if user["id"] not in (self.administrator, self.herself):
                self.caller.delete(user["id"])
        self.caller.send("PUT", f"/users/{self.herself}", PLAIN_USER)
        for caller in (self.caller, self.plain_caller):
            caller.connection.close()


def falsified(model, sequences, phases):
    """Runs sequences against a model; the one that shows a difference as text, or None."""
    machine = hypothesis.seed(SEED)(type(model.__name__, (Machine,), {"model": model}))
    settings = hypothesis.settings(
        max_examples=sequences, stateful_step_count=STEPS, database=None, deadline=None,
        phases=phases, suppress_health_check=list(hypothesis.HealthCheck))
    try:
        stateful.run_state_machine_as_test(machine, settings=settings)
    except Exception as error:  # Whatever a rule or the client throws.
        return "".join(traceback.format_exception_only(error))
    return None


def main():
    """Runs sequences, then shows that those with a wrong model would fail."""
    print(f"{SEQUENCES_IN_A_ROUND * ROUNDS} sequences of {STEPS} calls, seed {SEED}")
    Machine.plain = newcomer(**PLAIN_USER)
    generate = hypothesis.Phase.generate
    found = falsified(
        dictionary.Dictionary, SEQUENCES_IN_A_ROUND * ROUNDS, [generate, hypothesis.Phase.shrink])
    print(found or "no difference")
    check("model: no sequence shows a difference", None, found and "one, shown above")
    counts = dict(Machine.counts)
    print(f"answers: {counts}")
    for kind in (200, 201, 204, 304, 403, 404, 409, 412, "another page"):
        check(f"model: answers of the kind {kind}", at_least(50), counts.get(kind, 0))
    for model in (dictionary.Forgetful, dictionary.Inclusive):
        found = falsified(model, SEQUENCES_IN_A_ROUND, [generate])
        check(f"model: a wrong one ({model.__name__}) is found out", True, found is not None)


if __name__ == "__main__":
    main()

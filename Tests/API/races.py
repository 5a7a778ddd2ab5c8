"""Callers who meet: lists while others insert and delete, two who want the same address, two who
change the same version, two who have one refresh token, two administrators who depose each other.
"""

import collections
import itertools
import threading
import time

import dictionary
import walks
from api import NOBODY, ROUNDS, Caller, identity, log_in, newcomer, registered, tokens
from checks import TIMEOUT, at_least, attempt, check
from identity import PASSWORD

RACES_IN_A_ROUND = 100
DEPOSITIONS_IN_A_ROUND = 50
WALKS_IN_A_ROUND = 30
STEADY_USERS = 150
PAGE_LIMITS = (1, 7, 20)


def together(*actions):
    """Runs actions at the same moment, each on a thread of its own. Returns what they return, and
    whether all of them were under way at one time.
    """
    start = threading.Barrier(len(actions))
    results, spans = [None] * len(actions), [None] * len(actions)

    def run(number, action):
        start.wait(TIMEOUT)
        began = time.monotonic()
        results[number] = action()
        spans[number] = began, time.monotonic()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, max(began for began, _ in spans) < min(ended for _, ended in spans)


def outcomes(answers):
    """The statuses of answers, the smallest first."""
    return tuple(sorted(answer.status for answer in answers))


def creates(spell):
    """Two callers register one address, spelt alike or not, again and again."""
    one, other = Caller(), Caller()
    seen = collections.Counter()
    listed = collections.Counter()
    met = 0
    for number in range(RACES_IN_A_ROUND * ROUNDS):
        email = f"{spell.__name__}{number}@example.com"
        answers, meet = together(
            lambda: one.create({"email": email, "display_name": "One"}),
            lambda: other.create({"email": spell(email), "display_name": "Other"}))
        seen[outcomes(answers)] += 1
        met += meet
        items = one.list(email=email).json["items"]
        listed[[answer.json for answer in answers if answer.status == 201] == items] += 1
    races = RACES_IN_A_ROUND * ROUNDS
    check(f"races: two creates ({spell.__name__})", {(201, 409): races}, dict(seen))
    check(f"races: the one created is listed ({spell.__name__})", {True: races}, dict(listed))
    check(f"races: creates that met ({spell.__name__})", at_least(races // 5), met)


def changes(members):
    """Two callers change the same version of a user, again and again."""
    one, other = Caller(), Caller()
    identifier = registered(one, f"changed-{'-'.join(members)}@example.com")
    seen = collections.Counter()
    kept = collections.Counter()
    met = 0
    for number in range(1, RACES_IN_A_ROUND * ROUNDS + 1):
        patches = [members | {"display_name": f"{name} {number}"} for name in ("One", "Other")]
        answers, meet = together(*(
            lambda caller=caller, patch=patch: caller.change(
                identifier, patch, If_Match=f'"{number}"')
            for caller, patch in zip((one, other), patches)))
        seen[outcomes(answers)] += 1
        met += meet
        after = one.get(f"/users/{identifier}").json
        won = [answer.json for answer in answers if answer.status == 200]
        kept[won == [after] and after["version"] == number + 1] += 1
    name, races = ", ".join(["display_name", *members]), RACES_IN_A_ROUND * ROUNDS
    check(f"races: two changes ({name})", {(200, 412): races}, dict(seen))
    check(f"races: the one that was made is kept ({name})", {True: races}, dict(kept))
    check(f"races: changes that met ({name})", at_least(races // 5), met)


def refresh(caller, token):
    """The answer to a refresh token."""
    return caller.send("POST", "/auth/refresh", {"refresh_token": token})


def refreshes():
    """Two callers get new tokens for one refresh token, again and again, as two tabs do."""
    registered(Caller(), "tabs@example.com", password=PASSWORD)
    token = tokens(log_in("tabs@example.com"))["refresh_token"]
    one, other = Caller(NOBODY), Caller(NOBODY)
    seen = collections.Counter()
    races = RACES_IN_A_ROUND * ROUNDS
    for _ in range(races):
        answers, _ = together(lambda: refresh(one, token), lambda: refresh(other, token))
        successors = {tokens(answer)["refresh_token"] for answer in answers}
        seen[len(successors)] += 1
        token = successors.pop()
    check("races: refreshes that got one successor", {1: races}, dict(seen))


def depositions():
    """Two administrators take the role from each other, again and again: one of them stays."""
    emails = [f"rival{number}@example.com" for number in range(2)]
    ids = [newcomer(email, roles=["admin"])[0] for email in emails]
    first = Caller().get("/users/me").json["id"]
    rivals = [Caller(identity(log_in(email))) for email in emails]
    check("races: the first administrator steps back", 204,
          rivals[0].send("DELETE", f"/users/{first}/roles/admin").status)
    seen, left = collections.Counter(), collections.Counter()
    races = DEPOSITIONS_IN_A_ROUND * ROUNDS
    for _ in range(races):
        answers, _ = together(*(
            lambda rival=rival, target=target: rival.send(
                "DELETE", f"/users/{target}/roles/admin")
            for rival, target in zip(rivals, reversed(ids))))
        seen[outcomes(answers)[0], outcomes(answers)[1] in (401, 403, 409)] += 1
        won = [answer.status for answer in answers].index(204)
        # Whoever has lost the role has to log in again once it is back.
        administrators = rivals[won].list(role="admin").json["items"]
        left[[user["id"] for user in administrators] == [ids[won]]] += 1
        rivals[won].send("PUT", f"/users/{ids[1 - won]}/roles/admin")
        rivals[1 - won] = Caller(identity(log_in(emails[1 - won])))
    check("races: one deposition of two", {(204, True): races}, dict(seen))
    check("races: one administrator is left", {True: races}, dict(left))


class Coming:
    """Somebody who registers users and deletes some of them, until told to stop."""

    def __init__(self, name, leaving):
        self.name, self.leaving = name, leaving
        self.goes_on = True
        self.count = 0
        self.failure = None
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        """Registers and deletes, and keeps what goes wrong."""
        try:
            self.come_and_go(Caller())
        except Exception as error:  # Whatever the client library throws at its user.
            self.failure = error

    def come_and_go(self, caller):
        """Registers one, deletes another."""
        while self.goes_on:
            email = f"{self.name}{self.count}@example.com"
            self.leaving.append(registered(caller, email, display_name=f"{self.count % 7}"))
            answer = caller.delete(self.leaving.pop(0))
            if answer.status != 204:
                raise AssertionError(f"A user could not be deleted: {answer}")
            self.count += 1

    def stop(self):
        """Ends it."""
        self.goes_on = False
        self.thread.join()


def lists():
    """Walks through the list in every order while two others change it."""
    caller = Caller()
    steady, leaving = [], ([], [])
    for number in range(STEADY_USERS):
        # Between any two who stay there are two who leave, and among equal names some of each.
        body = {"email": f"steady{number}@example.com", "display_name": f"{number % 7}"}
        steady.append(caller.create(body).json)
        for name, ids in zip("ab", leaving):
            ids.append(registered(
                caller, f"leaving{name}{number}@example.com", display_name=f"{number % 7}"))
    comings = [Coming(f"coming{name}", ids) for name, ids in zip("ab", leaving)]
    found = collections.Counter()
    try:
        for order, limit in itertools.islice(
                itertools.cycle(itertools.product(dictionary.ORDERS, PAGE_LIMITS)),
                WALKS_IN_A_ROUND * ROUNDS):
            seen = walks.walk(caller, {"sort": order, "limit": limit})
            for fault in walks.faults(seen, walks.in_order(steady, order)):
                found[f"{order}, pages of {limit}: {fault}"] += 1
    finally:
        for coming in comings:
            coming.stop()
    changes_made = sum(coming.count for coming in comings)
    print(f"{WALKS_IN_A_ROUND * ROUNDS} walks while {changes_made} users came and as many left")
    check("races: walks that skip, repeat or mix up who stays", {}, dict(found))
    check("races: users who came during the walks", at_least(200), changes_made)
    failures = [coming.failure for coming in comings if coming.failure]
    check("races: users who could not come or go", [], failures)


def self_test():
    """Walks that are wrong, as those by OFFSET are, are found out."""
    users = list(range(0, 40, 2))
    here = list(users)
    seen = []
    for start in range(0, 40, 4):
        seen += here[start:start + 4]
        here.pop(0)
    check("races: a walk by OFFSET skips while others leave", ["skips 2"],
          walks.faults(seen, users[10:]))
    check("races: a user twice is found", ["repeats 1"], walks.faults([1, 2, 2], [1, 2]))
    check("races: another order is found", ["order"], walks.faults([2, 1], [1, 2]))
    check("races: who came meanwhile is no fault", [], walks.faults([1, 9, 2], [1, 2]))


if __name__ == "__main__":
    attempt("races: self-test", self_test)
    attempt("races: lists", lists)
    for spelling in (str.lower, str.upper, str.title):
        attempt("races: creates", lambda spell=spelling: creates(spell))
    attempt("races: changes", lambda: changes({}))
    attempt("races: changes of metadata", lambda: changes({"metadata": {"a": 1}}))
    attempt("races: refreshes", refreshes)
    # The last one: the administrator of the other ones is none after it.
    attempt("races: depositions", depositions)

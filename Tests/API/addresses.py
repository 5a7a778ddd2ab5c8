"""Compares our rules for e-mail addresses with email-validator's: which ones are taken, and which
are the same.

Each address is looked up and registered. It is the oracle's to say whether it is refused (422),
taken already (409), or new (201). A difference must be one of those that oracle.py explains.
"""

import collections
import random

import corpus
import oracle
from api import ROUNDS, SEED, Caller
from checks import at_least, attempt, check

REFUSED, TAKEN, NEW = 422, 409, 201
ADDRESSES_IN_A_ROUND = 4_000
SHOWN_MAX = 20


def registration(caller, address):
    """The status, and the id of the user if there is one. A refusal must be of the address."""
    answer = caller.create({"email": address, "display_name": "Ada"})
    if answer.status == NEW:
        return NEW, answer.json["id"]
    pointers = [fault["pointer"] for fault in answer.json.get("errors", [])]
    return (answer.status, None) if pointers == ["/email"] else (repr(answer), None)


def look_up(caller, address):
    """The ids of the users with this address; None if it is refused as no address."""
    answer = caller.list(email=address)
    if answer.status == 200:
        return [user["id"] for user in answer.json["items"]]
    # What no target may contain is refused before anybody asks what it means.
    refused = answer.json["code"] in ("invalid_filter", "malformed_target")
    return None if refused else repr(answer)


def compare(caller, key, addresses):
    """Looks addresses up, registers them, and yields for each what the oracle expects and what we
    said, as a status and what was found before. The first address with a key has it.
    """
    holders = {}
    for address in addresses:
        wanted = key(address)
        if wanted is None:
            expected = REFUSED, None
        elif wanted in holders:
            expected = TAKEN, [holders[wanted]]
        else:
            expected = NEW, []
        found = look_up(caller, address)
        status, identifier = registration(caller, address)
        if identifier and wanted is not None:
            holders[wanted] = identifier
        yield address, expected, (status, found)


def is_of_one_mind(status, found):
    """Whether the look-up of an address says the same as registering it."""
    if status == REFUSED:
        return found is None
    return found == [] if status == NEW else status == TAKEN and len(found or []) == 1


def differences(caller, key, addresses):
    """How often we agree, by status; how often we differ, by reason; where nobody knows why."""
    agreed, explained, unexplained = collections.Counter(), collections.Counter(), []
    for address, expected, seen in compare(caller, key, addresses):
        if seen == expected:
            agreed[seen[0]] += 1
        elif is_of_one_mind(*seen) and (reason := oracle.reason(address, seen[0] == REFUSED)):
            explained[reason] += 1
        else:
            unexplained.append((address, expected, seen))
    return agreed, explained, unexplained


def self_test(caller):
    """With another oracle there are differences that nobody explains."""
    addresses = [f"ada{tag}@wrong.example" for tag in ("", "+a", "+b")]

    def without_tags(address):
        local, _, domain = address.partition("@")
        return local.partition("+")[0] + "@" + domain

    *_, unexplained = differences(caller, without_tags, addresses)
    check("addresses: an oracle that drops tags", 2, len(unexplained))
    *_, unexplained = differences(caller, lambda _: None, ["eve@wrong.example"])
    check("addresses: an oracle that refuses everybody", 1, len(unexplained))
    *_, unexplained = differences(caller, str, ["ada..@wrong.example"])
    check("addresses: an oracle that takes everybody", 1, len(unexplained))


def main():
    """Compares, then shows that a comparison with a wrong oracle would fail."""
    caller = Caller()
    addresses = corpus.addresses(ADDRESSES_IN_A_ROUND * ROUNDS, random.Random(SEED))
    agreed, explained, unexplained = differences(caller, oracle.key, addresses)
    print(f"{len(addresses)} addresses, seed {SEED}, agreed on {dict(agreed)}")
    for reason, count in explained.most_common():
        print(f"{count:5} differ: {reason}")
    for difference in unexplained[:SHOWN_MAX]:
        print("      unexplained:", ascii(difference))
    check("addresses: unexplained differences", 0, len(unexplained))
    for status in (REFUSED, TAKEN, NEW):
        check(f"addresses: agreed on {status}", at_least(200), agreed[status])
    attempt("addresses: self-test", lambda: self_test(caller))


if __name__ == "__main__":
    main()

"""Compares our merge patches of `metadata` with json-merge-patch's (RFC 7396)."""

import copy
import random

import json_merge_patch

from api import ROUNDS, SEED, Caller, registered
from checks import at_least, check

USERS_IN_A_ROUND = 60
PATCHES = 20
NAMES = ("a", "b", "c", "A", "", "/", "~", "é", "e\u0301", "null", "0", "$", "__proto__", "x" * 300)
SCALARS = (
    True, False, 0, 1, -1, 1.5, 1e300, -2.5e-7, 2**63 - 1, -(2**63), "", "a", "null", "\u2028",
    "\U0001f98a", "\\\"'%", "x" * 300,
)
DEPTH_MAX = 5


def value(random, depth, allows_null):
    """Any JSON value, as deep as `DEPTH_MAX` in all."""
    kind = random.randrange(8)
    if kind < 3 and depth < DEPTH_MAX:
        return document(random, depth + 1, allows_null)
    if kind == 3 and depth < DEPTH_MAX:
        return [value(random, depth + 1, True) for _ in range(random.randrange(3))]
    if kind == 4 and allows_null:
        return None
    return random.choice(SCALARS)


def document(random, depth=1, allows_null=True):
    """An object; few names, so that documents have some in common."""
    names = random.sample(NAMES, random.randrange(5))
    return {name: value(random, depth, allows_null) for name in names}


def same(one, other):
    """Whether two JSON values are equal; to Python, `true` is 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def differences(caller, name, merge, users, random):
    """Changes the metadata of users, patch by patch, and returns where we differ from `merge`."""
    found = []
    for number in range(users):
        target = document(random)
        identifier = registered(caller, f"{name}{number}@example.com", metadata=target)
        for _ in range(PATCHES):
            patch = document(random)
            expected = merge(copy.deepcopy(target), patch)
            answer = caller.change(identifier, {"metadata": patch})
            seen = answer.json.get("metadata")
            kept = caller.get(f"/users/{identifier}").json["metadata"]
            if answer.status != 200 or not same(expected, seen) or not same(seen, kept):
                found.append((target, patch, expected, answer, kept))
            target = kept
    return found


def shallow(target, patch):
    """A wrong merge, which stops at the first level."""
    return {name: value for name, value in (target | patch).items() if value is not None}


def main():
    """Compares, then shows that a comparison with a wrong merge would fail."""
    caller = Caller()
    found = differences(
        caller, "m", json_merge_patch.merge, USERS_IN_A_ROUND * ROUNDS, random.Random(SEED))
    check("merging: differences from json-merge-patch", [], found[:3])
    wrong = differences(caller, "s", shallow, 5, random.Random(SEED))
    check("merging: a wrong merge differs", at_least(10), len(wrong))


if __name__ == "__main__":
    main()

"""Walks through lists page by page, and what can be wrong with one while users come and go."""

import dictionary


def walk(caller, parameters):
    """The ids of a list, page by page to its end."""
    seen, cursor = [], {}
    while True:
        answer = caller.list(**parameters, **cursor)
        if answer.status != 200:
            raise AssertionError(f"{parameters}: {answer}")
        page = answer.json
        seen += [user["id"] for user in page["items"]]
        if not page["has_more"]:
            return seen
        cursor = {"cursor": page["next_cursor"]}


def faults(seen, steady):
    """What is wrong with a walk, given the ids of users who were there throughout, in order."""
    found = []
    if len(seen) != len(set(seen)):
        found.append(f"repeats {len(seen) - len(set(seen))}")
    if missing := set(steady) - set(seen):
        found.append(f"skips {len(missing)}")
    present = set(steady)
    if not found and [one for one in seen if one in present] != steady:
        found.append("order")
    return found


def in_order(users, order):
    """The ids of users in an order of the service."""
    known = dictionary.Dictionary()
    known.users = {user["id"]: user for user in users}
    return [user["id"] for user in known.listed({"sort": order})]

"""Steady requests, of which none may fail. Arguments: the URL, a name for the checks, and a file:
the requests go on until it is gone.
"""

import concurrent.futures
import pathlib
import sys

import requests

from checks import TIMEOUT, at_least, check, new_user
from identity import ADMINISTRATOR

URL, NAME = sys.argv[1:3]
GOES_ON = pathlib.Path(sys.argv[3])


def read(session, _):
    """A page of users."""
    return session.get(f"{URL}/users?limit=2", timeout=TIMEOUT), 200


def write(session, user):
    """A change of a user."""
    merge = {"Content-Type": "application/merge-patch+json"}
    return session.patch(
        f"{URL}/users/{user}", data='{"locale": "de"}', headers=merge, timeout=TIMEOUT), 200


def create(session, _):
    """Another user."""
    return session.post(f"{URL}/users", json=new_user(), timeout=TIMEOUT), 201


def steady(action):
    """Repeats a request; returns how many were answered well, and what the others saw."""
    done, failures = 0, []
    with requests.Session() as session:
        session.headers.update(ADMINISTRATOR)
        user = session.post(f"{URL}/users", json=new_user(), timeout=TIMEOUT).json()["id"]
        while GOES_ON.exists():
            try:
                answer, expected = action(session, user)
                if answer.status_code == expected:
                    done += 1
                else:
                    failures.append(f"{action.__name__}: {answer.status_code} {answer.text[:200]!r}"
                                    f" after {done} good ones")
            except requests.RequestException as error:
                failures.append(f"{action.__name__}: {error} after {done} good ones")
    return done, failures


def main():
    """Runs those who read and those who write side by side."""
    with concurrent.futures.ThreadPoolExecutor(6) as threads:
        results = list(threads.map(steady, [read, write, create] * 2))
    done, failures = sum(done for done, _ in results), sum((failed for _, failed in results), [])
    check(f"{NAME}: requests that failed", [], failures)
    check(f"{NAME}: requests that did not", at_least(200), done)
    print(f"{NAME}: {done + len(failures)} requests, {len(failures)} failed")


main()

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
    return session.get(f"{URL}/users?limit=2", timeout=TIMEOUT).status_code == 200


def write(session, user):
    """A change of a user."""
    merge = {"Content-Type": "application/merge-patch+json"}
    answer = session.patch(
        f"{URL}/users/{user}", data='{"locale": "de"}', headers=merge, timeout=TIMEOUT)
    return answer.status_code == 200


def steady(action):
    """Repeats a request; returns how many were answered well, and what the others saw."""
    done, failures = 0, []
    with requests.Session() as session:
        session.headers.update(ADMINISTRATOR)
        user = session.post(f"{URL}/users", json=new_user(), timeout=TIMEOUT).json()["id"]
        while GOES_ON.exists():
            try:
                if action(session, user):
                    done += 1
                else:
                    failures.append(f"{action.__name__}: a bad answer after {done} good ones")
            except requests.RequestException as error:
                failures.append(f"{action.__name__}: {error} after {done} good ones")
    return done, failures


def main():
    """Runs readers and writers side by side."""
    with concurrent.futures.ThreadPoolExecutor(6) as threads:
        results = list(threads.map(steady, [read, write] * 3))
    check(f"{NAME}: requests that failed", [], sum((failures for _, failures in results), []))
    check(f"{NAME}: requests that did not", at_least(200), sum(done for done, _ in results))


main()

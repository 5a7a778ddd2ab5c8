"""REDbot asks every kind of resource what caches and clients ask, and finds nothing wrong.

The argument is the URL of the service.
"""

import configparser
import sys

import thor
from httplint.note import levels
from redbot.resource import HttpResource

from checks import check
from exchange import AUTHORIZATION, ask

URL = sys.argv[1]
# What REDbot warns of, and is meant.
TOLERATED = {
    # It lets caches keep what was asked for with a token, too (RFC 9111 §3.5).
    "STORE_PUBLIC_UNNECESSARY",
    # A list is not kept, and has no tag: it would take as long to make as the list.
    "FRESHNESS_NO_CACHE_NO_VALIDATOR",
}


def paths():
    """What to look at; the page's files by their names."""
    page = ask(URL, "/docs").content.decode()
    files = [f"/docs/{part.split(chr(34))[0]}" for part in page.split('"docs/')[1:]]
    return ["/docs", *files, "/openapi.json", "/problems", "/problems/email_taken", "/users",
            "/users/me", "/roles", "/users/me/sessions", "/.well-known/jwks.json", "/version",
            "/health", "/nothing"]


def settings():
    parser = configparser.ConfigParser()
    parser.read_dict({"redbot": {"enable_local_access": "True"}})
    return parser["redbot"]


def look(paths):
    """What REDbot sees at each path."""
    resources = {}
    left = set(paths)

    def begin(path):
        resource = resources[path] = HttpResource(settings())
        resource.set_request(URL + path, headers=[("Authorization", AUTHORIZATION)])

        def done():
            left.discard(path)
            if not left:
                thor.stop()

        resource.on("check_done", done)
        resource.check()

    for path in paths:
        begin(path)
    thor.run()
    return {path: resource.response for path, resource in resources.items()}


for path, response in look(paths()).items():
    found = {level: [f"{note.__class__.__name__}: {note.summary}" for note in response.notes
                     if note.level == level and note.__class__.__name__ not in TOLERATED]
             for level in levels}
    check(f"{path}: an answer", True, response.complete)
    check(f"{path}: nothing is bad", [], found[levels.BAD])
    check(f"{path}: there is no warning", [], found[levels.WARN])

"""What schemathesis cannot read in the document: which of the values that it allows mean something.

JSON Schema has no words for a password that does not repeat itself or for a time zone that exists.
Such values are generated here, so that requests get further than the door, and a refusal for one of
these reasons is no finding. Every other refusal of what the document allows is.
"""

import collections
import itertools
import json
import os
import pathlib
import re

import schemathesis
from hypothesis import strategies as st

# Codes of problems that answer requests which JSON Schema cannot tell from right ones.
UNSAYABLE_PROBLEMS = {
    # The version is another one; the entity tag is well-formed.
    "version_mismatch",
    # A cursor is opaque.
    "invalid_cursor", "cursor_mismatch",
    # The key was used before, for another content.
    "idempotency_key_reused", "idempotency_in_progress",
}
# Filters of the same kind, by the beginning of what is said of them: addresses that fail IDNA, terms
# that are short or show nothing, times beyond the years of RFC 3339.
UNSAYABLE_FILTERS = ("email: ", "q: ", "created_after is", "created_before is")
# How what the document forbids is refused. Who may not ask at all is told that first, and a malformed
# part of a path may be that of no route.
REFUSALS = {400, 401, 403, 404, 411, 412, 413, 414, 415, 422, 431}
# Codes of faults of the same kind.
UNSAYABLE_FAULTS = {
    # Addresses: their domain must pass IDNA, their parts have limits in octets.
    "invalid_email", "too_long:/email", "too_short:/display_name",
    # Code points are looked up in Unicode, tags in BCP 47, zones in IANA's database.
    "invalid_display_name", "invalid_locale", "invalid_time_zone",
    # Sizes of JSON texts, and U+0000, which the database cannot keep.
    "too_large", "invalid_metadata",
    "password_predictable", "password_common", "password_contains_email",
    "password_contains_name", "too_many_roles",
}
# Numbers beyond 64 bits and texts nested too deep are valid JSON, but not here.
UNSAYABLE_DETAILS = ("A number is beyond 64 bits.", "Values are nested deeper")

KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}

WORDS = ["seven", "quiet", "otters", "swim", "north", "Ådne", "日本語", "O'Brien", "ночь", "élan"]


def phrase(least, most):
    return st.lists(st.sampled_from(WORDS), min_size=least, max_size=most).map(" ".join)


FORMATS = {
    "email": st.builds(
        "{}.{}@{}.example".format, st.sampled_from(["ada", "bob", "zoë", "o'neil", "x+tag"]),
        st.integers(0, 10**9), st.sampled_from(["a", "mail.b", "bücher"])),
    "display_name": phrase(1, 6).filter(lambda text: len(text) <= 100),
    "password": st.builds("{} {}".format, phrase(4, 8), st.integers(0, 10**6)),
    "locale": st.sampled_from(["en", "en-GB", "zh-hant-tw", "de-1996", "x-own", "I-KLINGON"]),
    "time_zone": st.sampled_from(["UTC", "Europe/London", "America/Argentina/Ushuaia"]),
    # schemathesis makes no quotation marks in fields by itself.
    "If-Match": st.sampled_from(['"1"', "*", '"1", "2-a"', 'W/"1"', '"1-gzip" , "2"', '"other"']),
    "If-None-Match": st.sampled_from(['"7"', '"7", W/"8-a"', '"other"']),
}
for name, strategy in FORMATS.items():
    schemathesis.openapi.format(f"sample-{name}", strategy)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Has the members generated above, and registers without what only administrators may send:
    the 403 would hide whether all else was read. A change still has it."""
    new_user = raw_schema["components"]["schemas"]["NewUser"]
    for name in ("id", "external_id", "status", "roles", "admin_metadata"):
        new_user["properties"].pop(name)
    for schema in raw_schema["components"]["schemas"].values():
        for name, member in schema.get("properties", {}).items():
            if name in FORMATS:
                member["format"] = f"sample-{name}"
    for item in raw_schema["paths"].values():
        for operation in item.values():
            for parameter in operation["parameters"]:
                if parameter.get("name") in FORMATS and parameter["in"] == "header":
                    parameter["schema"]["format"] = f"sample-{parameter['name']}"


def faults_of(problem):
    """The reasons of a problem: its code, or those of its faults."""
    if problem["code"] == "validation_failed":
        for fault in problem["errors"]:
            with_pointer = f"{fault['code']}:{fault['pointer']}"
            yield with_pointer if with_pointer in UNSAYABLE_FAULTS else fault["code"]
    else:
        yield problem["code"]


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a failure is one."""
    kind = type(failure).__name__
    if kind in ("ServerError", "UnsupportedMethodResponse"):
        # No resource knows a method such as QUERY, so it is 501 and not 405 (RFC 9110 §15.6.2).
        is_told = response.status_code == 501 and response.json()["code"] == "unsupported_method"
        return not is_told or case.method in KNOWN_METHODS
    if kind == "AcceptedNegativeData":
        return response.status_code not in REFUSALS
    if kind != "RejectedPositiveData":
        return True
    problem = response.json()
    if problem["code"] == "invalid_filter":
        return not problem["detail"].startswith(UNSAYABLE_FILTERS)
    if problem["code"] == "malformed_json":
        return not problem["detail"].startswith(UNSAYABLE_DETAILS)
    return not set(faults_of(problem)) <= UNSAYABLE_PROBLEMS | UNSAYABLE_FAULTS


numbers = itertools.count()
ADDRESS = re.compile(r"[^@]{1,40}@[^@]{1,100}")
KEY = re.compile(r"[!-~]{1,128}")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each generated address and each key of an attempt a number of its own: the 409, and the
    answer to the attempt before, would hide what else is taken."""
    address = case.body.get("email") if isinstance(case.body, dict) else None
    if isinstance(address, str) and ADDRESS.fullmatch(address):
        address = re.sub(r"(\.[0-9]+)?@", f".{next(numbers)}@", address)
        case.body = {**case.body, "email": address}
    if KEY.fullmatch((case.headers or {}).get("Idempotency-Key", "")):
        case.headers["Idempotency-Key"] = f"attempt-{next(numbers)}"


# How often each operation was answered with each status, for whoever runs this.
answers = collections.Counter()
tally = os.environ.get("ANSWERS_TALLY")


@schemathesis.hook
def after_call(context, case, response):
    answers[f"{case.operation.definition.raw['operationId']} {response.status_code}"] += 1
    if tally:
        pathlib.Path(tally).write_text(json.dumps(answers, indent=1, sort_keys=True))

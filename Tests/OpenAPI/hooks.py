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
# How what the document forbids is refused; a malformed part of a path may be that of no route.
REFUSALS = {400, 404, 411, 412, 413, 414, 415, 422, 431}
# Codes of faults of the same kind.
UNSAYABLE_FAULTS = {
    # Addresses: their domain must pass IDNA, their parts have limits in octets.
    "invalid_email", "too_long:/email", "too_short:/display_name",
    # Code points are looked up in Unicode, tags in BCP 47, zones in IANA's database.
    "invalid_display_name", "invalid_locale", "invalid_time_zone",
    # Sizes of JSON texts, and U+0000, which the database cannot keep.
    "too_large", "invalid_metadata",
    "password_predictable", "password_common", "password_contains_email",
    "password_contains_name", "too_many_roles", "unknown_role",
    # A user who is made with `If-None-Match: *` has a password, one who is replaced keeps it.
    "read_only:/password",
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
    "role": st.sampled_from(["member", "admin", "support"]),
    # schemathesis makes no quotation marks in fields by itself.
    "If-Match": st.sampled_from(['"1"', "*", '"1", "2-a"', 'W/"1"', '"1-gzip" , "2"', '"other"']),
    "If-None-Match": st.sampled_from(['"7"', '"7", W/"8-a"', '"other"']),
}
# All requests are sent in one session of the administrator; nothing may happen to that. Whoever logs
# out has no token but the one in the content, and another user stands in for the administrator
# wherever something is changed. That one is not deleted.
OWN_ID, SPARE_ID = os.environ["OWN_ID"], os.environ["SPARE_ID"]
NOBODY = "00000000-0000-7000-8000-000000000000"
FORMATS["owner"] = st.sampled_from(["me", SPARE_ID, SPARE_ID.upper(), NOBODY])
for name, strategy in FORMATS.items():
    schemathesis.openapi.format(f"sample-{name}", strategy)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Has the members generated above."""
    for schema in raw_schema["components"]["schemas"].values():
        for name, member in schema.get("properties", {}).items():
            if name in FORMATS:
                member["format"] = f"sample-{name}"
            if name == "roles":
                member["items"]["format"] = "sample-role"
    for item in raw_schema["paths"].values():
        for operation in item.values():
            for parameter in operation["parameters"]:
                if parameter.get("name") in FORMATS:
                    parameter["schema"]["format"] = f"sample-{parameter['name']}"
                if parameter.get("name") == "id":
                    parameter["schema"]["format"] = "sample-owner"


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
    if kind == "UseAfterFree":
        # A collection that was emptied is there all the same.
        return not case.path.endswith("/sessions")
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


@schemathesis.auth().skip_for(path="/auth/logout")
class Administrator:
    """Sends the token."""

    def get(self, case, context):
        return os.environ["AUTHORIZATION"]

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": data}


def spare_administrator(case):
    """Lets nobody change the administrator, nor delete who stands in."""
    identifier = case.path_parameters.get("id")
    if case.method not in ("GET", "HEAD") and identifier in ("me", OWN_ID):
        identifier = SPARE_ID
    if is_deleting_user(case) and str(identifier).lower() == SPARE_ID:
        identifier = NOBODY
    if identifier != case.path_parameters.get("id"):
        case.path_parameters = {**case.path_parameters, "id": identifier}


def is_deleting_user(case):
    """Whether a case is one of `DELETE /users/{id}`."""
    return case.operation.definition.raw["operationId"] == "deleteUser"


numbers = itertools.count()
ADDRESS = re.compile(r"[^@]{1,40}@[^@]{1,100}")
KEY = re.compile(r"[!-~]{1,128}")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each generated address and each key of an attempt a number of its own: the 409, and the
    answer to the attempt before, would hide what else is taken."""
    spare_administrator(case)
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

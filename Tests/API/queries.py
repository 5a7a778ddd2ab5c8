"""Lists and paths asked for with what SQL, LIKE, regular expressions and parsers might take for
their own, and with cursors that are not as they were.
"""

import urllib.parse

from api import Caller, list_target, registered
from checks import check
from raw import exchange, flaw, request

# Characters that mean something to somebody, within a local part that is one all the same.
LOCAL_PARTS = (
    "'", "''", "o'hara", "%", "%%", "_", "a%", "a_", "aaa", "a.*", "$1", "${1}", "{}", "a|b", "^a",
    "a$", "a?", "a+", "*", "`id`", "'||'", "'--", "/**/", "&amp", "#", "~", "=", "a{1}",
    "'or'1'='1", "null", "true", "-1", "0", "e'", "u&'", "a=1",
)
TEXTS = (
    "'", "\"", "\\", "\\'", "';--", "' OR '1'='1", "' OR 1=1--", "\" OR \"\"=\"",
    "1; DROP TABLE users", "'; SELECT pg_sleep(5)--", "' UNION SELECT NULL--", "%", "%%", "_",
    "\\%", "a%b", ".*", "(a+)+$", "[a-z", "a{99999}", "(?i)a", "\\1", "$1", "$$", "${jndi:x}", "{}",
    "{0}", "%s%n", "--", "/*", "*/", "0x41", "1e9", "NaN", "-1", "0", "2147483648",
    "9223372036854775808", "1" * 400, "null", "true", "()", "`id`", "|id", "&&id",
    "../../etc/passwd", "..%2f", "<script>", "\t", "\n", "\r\nX: y", "\x7f", "\u202e", "\ufeff",
    "\u00e9", "e\u0301", "\U0001f98a", "\ufffe", ",", ",,", ";", "+", "&", "=", " ", "x" * 4_000,
    "",
)
# What stands for no text, and its code: some of it is refused in any target.
NOT_TEXT = {
    b"%00": "malformed_target", b"a%00b": "malformed_target", b"%": "malformed_target",
    b"%4": "malformed_target", b"%zz": "malformed_target", b"%ff": "malformed_query",
    b"%C3": "malformed_query", b"%c0%af": "malformed_query", b"%ed%a0%80": "malformed_query",
    b"%f4%90%80%80": "malformed_query",
}
# For each parameter the code of a value that it does not take.
REFUSALS = {
    "limit": "invalid_limit", "cursor": "invalid_cursor", "sort": "invalid_sort",
    "created_after": "invalid_filter", "created_before": "invalid_filter",
    "email": "invalid_filter", "external_id": "invalid_filter", "ids": "invalid_filter",
    "status": "invalid_filter", "role": "invalid_filter", "q": "invalid_filter",
    "total": "invalid_filter", "include_deleted": "invalid_flag",
    "offset": "unknown_parameter", "": "unknown_parameter",
}
# Parameters that take texts of any kind, and whether one finds a user.
TAKES_TEXT = {
    "external_id": lambda user, text: user["external_id"] == text,
    "role": lambda user, text: text in user["roles"],
    "include_deleted": lambda user, text: text == "true",
    "q": lambda user, text: text.casefold() in f"{user['display_name']} {user['email']}".casefold(),
}
PATHS = (
    ("GET", "/users/{}"), ("POST", "/users/{}/restore"), ("GET", "/problems/{}"), ("GET", "/{}"),
    ("GET", "/users/{}/roles"), ("GET", "/users/{}/sessions"), ("DELETE", "/users/{}/lockout"),
    ("DELETE", "/users/me/sessions/{}"), ("GET", "/roles/{}"), ("DELETE", "/roles/{}"),
    ("PUT", "/users/me/roles/{}"),
)
WRONG_LIMITS = ("0", "-1", "1001", "1.0", " 1", "+1", "0x1", "1e1", "\u0661", "9" * 30, "")


def wrong_text(caller, parameter, text):
    """What is wrong with the list for a text in one parameter."""
    answer = caller.get("/users?" + urllib.parse.urlencode({parameter: text}))
    if answer.status == 200 and parameter in TAKES_TEXT:
        finds = TAKES_TEXT[parameter]
        return [user for user in answer.json["items"] if not finds(user, text)] or None
    if parameter == "cursor" and is_refused(answer):
        return None
    return flaw(answer, 400, REFUSALS[parameter])


def is_refused(answer):
    """Whether a cursor is told to be none, or none of this list."""
    code = answer.json.get("code")
    return code in ("invalid_cursor", "cursor_mismatch") and not flaw(answer, 400, code)


def parameters(caller):
    """Each text in each parameter, octets that are no text, a parameter twice."""
    for name in REFUSALS:
        wrong = {}
        for text in TEXTS:
            if found := wrong_text(caller, name, text):
                wrong[text[:20]] = found
        for octets, code in NOT_TEXT.items():
            answer = exchange(request("GET", b"/users?%s=%s" % (name.encode(), octets)))
            if found := flaw(answer, 400, code):
                wrong[octets] = found
        if REFUSALS[name] != "unknown_parameter":
            answer = caller.get(f"/users?{name}=1&{name}=1")
            if found := flaw(answer, 400, "malformed_query"):
                wrong["twice"] = found
        check(f"input: GET /users?{name}=, {len(TEXTS) + len(NOT_TEXT)} texts", {}, wrong)
    refused = {text: flaw(caller.list(limit=text), 400, "invalid_limit") for text in WRONG_LIMITS}
    check("input: limits", {}, {text: found for text, found in refused.items() if found})


def look_ups(caller):
    """Addresses full of special characters find their own user and nobody else."""
    users = {local: registered(caller, f"{local}@queries.example") for local in LOCAL_PARTS}
    wrong = {}
    for local, identifier in users.items():
        items = caller.list(email=f"{local}@queries.example").json["items"]
        if [user["id"] for user in items] != [identifier]:
            wrong[local] = [user["email"] for user in items]
    check(f"input: {len(users)} addresses find their own user only", {}, wrong)
    everybody = {user["id"] for user in caller.list(limit=1000).json["items"]}
    check("input: all of them are still there", True, everybody >= set(users.values()))


def paths(caller):
    """Each text as a part of a path."""
    for method, path in PATHS:
        wrong = {}
        for text in TEXTS:
            target = path.format(urllib.parse.quote(text, safe=""))
            answer = caller.send(method, target)
            if not 400 <= answer.status < 500 or flaw(answer, answer.status, answer.json["code"]):
                wrong[text[:20]] = answer
        check(f"input: {method} {path.format('…')}, {len(TEXTS)} texts", {}, wrong)


def altered_digits(caller, whole):
    """A cursor with one digit altered, for each of them."""
    wrong = {}
    for place, digit in enumerate(whole):
        for other in {"0", "1", "f", "A", "~", "-"} - {digit}:
            text = whole[:place] + other + whole[place + 1:]
            answer = caller.list(limit=2, cursor=text)
            if not is_refused(answer):
                wrong[text] = answer
    check(f"input: a cursor altered in each of {len(whole)} digits", {}, wrong)


def cursors(caller):
    """A cursor altered, cut at each place, doubled, foreign, of another list."""
    whole = caller.list(limit=2).json["next_cursor"]
    altered_digits(caller, whole)
    others = {
        "doubled": whole * 2, "in upper case": whole.upper(), "reversed": whole[::-1],
        "longer": whole + "0", "in spaces": f" {whole} ", "nothing": "",
        "foreign": "eyJpZCI6MX0=", "zeros": "0" * len(whole), "an id": "0" * 8 + "-0000" * 3,
    }
    for place in range(len(whole)):
        others[f"cut at {place}"] = whole[:place]
        others[f"without {place}"] = whole[:place] + whole[place + 1:]
    answers = {kind: caller.list(limit=2, cursor=text) for kind, text in others.items()}
    wrong = {kind: answer for kind, answer in answers.items() if not is_refused(answer)}
    check(f"input: {len(others)} other cursors", {}, wrong)
    lists = (
        {"sort": "created_at"}, {"email": "aaa@queries.example"}, {"external_id": "x"},
        {"created_after": "2000-01-01T00:00:00Z"}, {"created_before": "2100-01-01T00:00:00Z"},
        {"ids": "00000000-0000-7000-8000-000000000000"})
    for one in lists:
        found = flaw(caller.list(limit=2, cursor=whole, **one), 400, "cursor_mismatch")
        check(f"input: a cursor with another {', '.join(one)}", None, found)
    answer = caller.list(limit=2, cursor=whole)
    check("input: the cursor as it was", (200, 2), (answer.status, len(answer.json["items"])))


def check_queries():
    """All of it."""
    caller = Caller()
    look_ups(caller)
    parameters(caller)
    paths(caller)
    cursors(caller)
    check("input: health after queries", 200, caller.get("/health").status)

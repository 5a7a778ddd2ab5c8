"""Bad input: bodies, queries and paths that break a rule, told as they must be, and none a 5xx."""

import raw
from api import Caller
from bodies import check_bodies
from checks import attempt, check
from queries import check_queries


class Forged:
    """An answer to judge, right or with one thing changed."""

    def __init__(self, status=422, media_type=raw.PROBLEM, **members):
        self.status = status
        self.headers = {"Content-Type": media_type, "X-Request-ID": "r"}
        self.json = {
            "type": "/problems/validation_failed", "title": "T", "status": 422,
            "code": "validation_failed", "request_id": "r",
            "errors": [{"pointer": "/email", "code": "too_long"}],
        } | members
        self.body = b""


def self_test():
    """An answer that is not as it must be is found out."""
    def judged(answer):
        return raw.flaw(answer, 422, "validation_failed", [("/email", "too_long")])

    check("input: a right answer is taken", None, judged(Forged()))
    wrong = {
        "status": Forged(status=500), "type": Forged(media_type="application/json"),
        "code": Forged(code="other"), "page": Forged(type="about:blank"),
        "title": Forged(title=""), "request": Forged(request_id="s"),
        "pointer": Forged(errors=[{"pointer": "", "code": "too_long"}]), "none": Forged(errors=[]),
    }
    check("input: wrong answers are found out", [], [
        kind for kind, answer in wrong.items() if judged(answer) is None])


def ordinary():
    """What is right is taken, so that a refusal means something."""
    body = b'{"email":"right@input.example","display_name":"Ada","metadata":{"a":1}}'
    check("input: a right body", 201, raw.exchange(raw.request("POST", "/users", body)).status)
    caller = Caller()
    user = caller.list().json["items"][0]
    check("input: it can be deleted", 204, caller.delete(user["id"]).status)


if __name__ == "__main__":
    attempt("input: self-test", self_test)
    attempt("input: what is right", ordinary)
    attempt("input: bodies", check_bodies)
    attempt("input: queries", check_queries)

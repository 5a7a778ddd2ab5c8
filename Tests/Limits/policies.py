"""Uses up the quota of each policy. The arguments are the URL of a service whose quotas are those
below, and the address and the password of its administrator.
"""

import sys
import time

from checks import attempt, check
from limits import Client, use_up

URL, EMAIL, PASSWORD = sys.argv[1:4]
HOUR = 3600
# As scripts/check-limits sets them: requests in an hour; a whole number of seconds each.
IP, TOKEN, LOGIN_IP, REGISTER_IP = 8, 5, 3, 2


def unlimited(client):
    """Whoever has used up a quota still reaches what is never limited."""
    for path in ["/health", "/health/live", "/health/ready", "/metrics", "/version"]:
        answer = client.send("GET", path)
        check(f"{path} is not limited", (200, {}), (answer.status, answer.standings))


def networks():
    """Policy `ip`: whatever speaks for nobody."""
    for name, method, path, status in [
            ("a page", "GET", "/problems/rate_limited", 200),
            ("an unknown path", "GET", "/nothing", 404),
            ("no token", "GET", "/users", 401),
            ("a wrong method", "DELETE", "/auth/login", 405),
            ("a preflight", "OPTIONS", "/users", 204)]:
        client = Client(URL)
        use_up(f"ip, {name}", "ip", IP, HOUR, lambda _: client.send(method, path), status)
        unlimited(client)
    forger = Client(URL, token="not.a.token")
    use_up("ip, a bad token", "ip", IP, HOUR, lambda _: forger.send("GET", "/users"), 401)


def users():
    """Policy `token`: a user, wherever the requests come from."""
    first, second = Client(URL), Client(URL)
    second.token = first.log_in(EMAIL, PASSWORD) and first.token
    use_up(
        "token", "token", TOKEN, HOUR,
        lambda number: [first, second][number % 2].send("GET", "/users/me"), 200)
    first.token = None
    answer = first.send("GET", "/nothing")
    check("a request without the token counts for its network", (404, {"ip"}),
          (answer.status, set(answer.standings)))


def logins():
    """Policies `login-ip` and `login-id`."""
    client = Client(URL)
    refused = use_up(
        "login-ip", "login-ip", LOGIN_IP, HOUR,
        lambda number: client.log_in(f"nobody-{number}@example.com", PASSWORD), 401)
    check("a login that is refused tells of both of its policies", {"ip", "login-ip"},
          set(refused.standings))
    began = time.monotonic()
    statuses = []
    for number in range(3):
        answer = Client(URL).log_in("somebody@example.com", PASSWORD)
        statuses.append(answer.status)
        check(f"login-id: what is left after failure {number + 1}", (max(0, 1 - number), (2, HOUR)),
              (answer.standings["login-id"][0], answer.policies["login-id"]))
    check("login-id: two failures, then a wait", [401, 401, 429], statuses)
    least = 30 - (time.monotonic() - began)
    check("login-id: Retry-After", True, least <= answer.retry_after <= 30)
    check("a login tells of all three", {"ip", "login-ip", "login-id"}, set(answer.standings))


def registrations():
    """Policy `register-ip`."""
    client = Client(URL)

    def register(number):
        return client.send("POST", "/users", {
            "email": f"limits-{number}@example.com", "display_name": "L",
            "password": "nineteen patient herons"})

    use_up("register-ip", "register-ip", REGISTER_IP, HOUR, register, 201)


attempt("networks", networks)
attempt("users", users)
attempt("logins", logins)
attempt("registrations", registrations)

"""A Prometheus scrapes the service under mixed traffic and through an outage of its database. It
has counted what was sent, knows each metric that is documented and no other, and answers whatever
the rules and the dashboard ask.
"""

import collections
import math
import subprocess
import time
import urllib.request

from checks import TIMEOUT, attempt, check
from files import dashboard_expressions, documented_metrics, rule_expressions, rules
from prometheus import PSQL, SECONDS, SOCKET, TARGET, URL, Prometheus, configuration, eventually
from promql import selectors
from traffic import Traffic

OUTAGE_SECONDS = 8
# Probes and Prometheus itself ask beside the clients.
OF_OTHERS = {"/health", "/health/live", "/health/ready", "/metrics"}
OUTCOMES = {200: "succeeded", 401: "invalid_credentials", 429: "throttled", 503: "unavailable"}
# What has no value here: nothing restarts.
EMPTY = {"Restarts"}
# Alerts that an outage brings about beside its own, or the guesses of the traffic, for as long as
# their windows are.
CONSEQUENCES = {
    "UserManagementConnectingFails", "UserManagementErrorBudgetBurnsFast",
    "UserManagementErrorBudgetBurnsSlowly", "UserManagementLoginsThrottled",
    "UserManagementLoginsUnavailable", "UserManagementPoolExhausted",
    "UserManagementPoolRefuses", "UserManagementRequestsSlow"}


def fetch(accept):
    """The metrics as the service writes them for who accepts a format."""
    request = urllib.request.Request(f"{URL}/metrics", headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        return answer.headers["Content-Type"], answer.read()


def check_formats():
    """What others read of the metrics, and whether docs/metrics.md tells of all of them."""
    kind, text = fetch("text/plain")
    check("the text format", True, kind.startswith("text/plain; version=0.0.4"))
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True)
    check("promtool has nothing to say", (0, b""), (done.returncode, done.stdout + done.stderr))
    kind, _ = fetch("application/openmetrics-text; version=1.0.0")
    check("OpenMetrics", True, kind.startswith("application/openmetrics-text; version=1.0.0"))
    families = {line.split()[2] for line in text.decode().splitlines() if line[:7] == "# TYPE "}
    documented = documented_metrics()
    check("metrics that docs/metrics.md leaves out", set(), families - documented)
    check("metrics of docs/metrics.md that there are not", set(), documented - families)


class Counts:
    """What counters of the service gained between two moments."""

    def __init__(self, prometheus, start, end):
        self.prometheus, self.start, self.end = prometheus, start, end

    def gained(self, name, *labels):
        """What each series of a counter gained, by its labels, unless it gained nothing."""
        expression = f'sum by ({", ".join(labels)}) ({name}{{job="user-management"}})'
        gained = collections.Counter()
        for sign, moment in (1, self.end), (-1, self.start):
            for metric, value in self.prometheus.query(expression, moment):
                gained[tuple(metric.get(label, "") for label in labels)] += sign * int(value)
        return {key: value for key, value in gained.items() if value}


def check_counts(counts, answers):
    """Whether Prometheus has seen what the clients have."""
    sent = {(method, route, str(status)): number
            for (method, route, status), number in answers.items()}
    seen = counts.gained("http_requests_total", "method", "route", "status")
    seen = {key: value for key, value in seen.items() if key[1] not in OF_OTHERS}
    check("requests, by method, route and status", set(), set(seen.items()) ^ set(sent.items()))
    timed = counts.gained("http_request_duration_seconds_count", "route")
    check("requests that were timed", sum(sent.values()),
          sum(number for (route,), number in timed.items() if route not in OF_OTHERS))
    logins = {OUTCOMES[status]: number for (_, route, status), number in answers.items()
              if route == "/auth/login"}
    check("logins by outcome", logins, {
        outcome: number for (outcome,), number in counts.gained("logins_total", "outcome").items()})
    check("sessions", {(): logins["succeeded"]}, counts.gained("sessions_started_total"))
    check("registrations", {(): answers["POST", "/users", 201]},
          counts.gained("user_registrations_total"))
    check("refreshes", sum(number for (_, route, _), number in answers.items()
                           if route == "/auth/refresh"),
          sum(counts.gained("token_refreshes_total", "outcome").values()))
    check("what could not be read", answers["other", "-", 400],
          sum(counts.gained("http_parse_errors_total", "reason").values()))
    check("guesses that were refused", {("login-id", "true"): logins["throttled"]},
          counts.gained("rate_limit_exceeded_total", "policy", "enforced"))


def check_values(prometheus, start, moment):
    """Whether everything that is asked has an answer, at some time since `start`: of what has just
    not happened, such as a wait for a connection, there is no median."""
    period = f"{math.ceil(moment - start)}s:5s"
    asked = {**dashboard_expressions(), **rule_expressions()}
    alerts = {f"{name} 0" for name in rules("alert")}
    for name, expression in asked.items():
        def ask():
            samples = prometheus.query(f"max_over_time(({expression})[{period}])", moment)
            # An alert has a value only when it fires; its parts are looked at below.
            if name not in alerts and name not in EMPTY:
                check(f"{name}: it has a value", True,
                      any(not math.isnan(value) for _, value in samples))
        attempt(name, ask)
    check("what has no value after all", [], [
        name for name in EMPTY if prometheus.query(asked[name], moment)])
    for selector in sorted({selector for expression in asked.values()
                            for _, selector in selectors(expression)}):
        check(f"{selector}: it selects something", True,
              selector in EMPTY or bool(prometheus.query(selector, moment)))
    check("what Prometheus complains of", "", prometheus.logged())


def check_rules(prometheus, when, expected):
    """Whether the rules work, and which alerts are not silent, consequences left out."""
    found = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
    check(f"{when}: rules that do not work", [], [
        (rule["name"], rule.get("lastError")) for rule in found if rule["health"] != "ok"])
    active = {rule["name"] for rule in found if rule.get("state", "inactive") != "inactive"}
    check(f"{when}: alerts", expected, active - CONSEQUENCES)


class Outage:
    """The database cannot be reached while the scope lasts: its socket has another name, and its
    sessions are ended."""

    def __enter__(self):
        (SOCKET / ".s.PGSQL.5432").rename(SOCKET / ".s.PGSQL.5433")
        subprocess.run([
            PSQL, "--no-psqlrc", "--quiet", "--output=/dev/null", f"--host={SOCKET}",
            "--port=5433", "--username=postgres", "--dbname=postgres",
            "--command=SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = 'user_management'"], check=True, timeout=TIMEOUT)

    def __exit__(self, *_):
        (SOCKET / ".s.PGSQL.5433").rename(SOCKET / ".s.PGSQL.5432")


def main():
    """Sends requests, then asks."""
    content = configuration("prometheus.yml", "dns_sd_configs", [{"targets": [TARGET]}])
    with Prometheus("scraping", content) as prometheus:
        eventually("a scrape", lambda: prometheus.query('up{job="user-management"} == 1'))
        start = prometheus.scraped_after(time.time())
        with Traffic() as traffic:
            time.sleep((SECONDS - OUTAGE_SECONDS) / 2)
            with Outage():
                time.sleep(OUTAGE_SECONDS)
                check_rules(prometheus, "in the outage", {
                    "UserManagementDatabaseDown", "UserManagementNotificationsDown"})
            time.sleep((SECONDS - OUTAGE_SECONDS) / 2)
        end = prometheus.scraped_after(time.time())
        check("requests without an answer", [], traffic.failures)
        series = prometheus.query('{job="user-management"}', end)
        print(f"{sum(traffic.answers.values())} requests, {len(series)} series")
        check_formats()
        check_counts(Counts(prometheus, start, end), traffic.answers)
        check_values(prometheus, start, end)
        check_rules(prometheus, "afterwards", set())


main()

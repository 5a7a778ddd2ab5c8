"""What is told of requests: the spans of one, whose they are, and that nobody is named in them."""

import concurrent.futures
import time
import urllib.parse

from checks import attempt, check, new_user
from collector import Collector
from service import COLLECTOR_PORT, EMAIL, PASSWORD, Client, Trace, lines_of

SERVER, CLIENT, INTERNAL = 2, 3, 1


def spans_of(collector, trace_id, count):
    """The spans of a trace, once there are `count` or more."""
    collector.wait_for(
        lambda it: sum(span.trace == trace_id for span in it.spans) >= count)
    return collector.trace(trace_id)


def request_of(spans):
    """The only span of a request among those of a trace, and the others."""
    [request] = [span for span in spans if span.message.kind == SERVER]
    return request, [span for span in spans if span is not request]


def check_read(collector, client):
    """A read: the request and its statements."""
    trace = Trace()
    client.send("GET", "/users/me", trace=trace, tracestate="rojo=1 , congo=t61rcWkgMzE,")
    spans = spans_of(collector, trace.id, 2)
    request, others = request_of(spans)
    check("a request's span continues the client's trace", trace.span, request.parent)
    check("it keeps the trace's state", {"rojo=1,congo=t61rcWkgMzE"},
          {span.message.trace_state for span in spans})
    check("its parent is another process's, and its own parts' is not", ([0x301], {0x101}),
          ([request.message.flags], {span.message.flags for span in others}))
    check("it is named after the route", "GET /users/{id}", request.name)
    check("it has the attributes of the conventions and no others", {
        "http.request.method": "GET", "http.route": "/users/{id}",
        "http.response.status_code": 200, "url.scheme": "http"}, request.attributes)
    check("statements are its parts", {request.id}, {span.parent for span in others})
    check("they are named in the code", {CLIENT}, {span.message.kind for span in others})
    check("they have the attributes of the conventions and no others", [
        {"db.system.name": "postgresql", "db.query.summary": span.name} for span in others],
        [span.attributes for span in others])
    inside = all(
        request.message.start_time_unix_nano <= span.message.start_time_unix_nano
        <= span.message.end_time_unix_nano <= request.message.end_time_unix_nano
        for span in others)
    check("they are within its time", True, inside)
    age = time.time() - request.message.end_time_unix_nano / 1e9
    check("its time is that of the day", True, 0 <= age < 60)
    check("the service has a name and a version", ("accounts", "test", True), (
        request.resource["service.name"], request.resource["deployment.environment.name"],
        bool(request.resource["service.version"])))
    check("its log line has its ids", [request.id], [line["span_id"] for line in lines_of(trace.id)])


def check_registration(collector, client, user):
    """A registration: a hash, statements, and two log lines."""
    trace = Trace()
    status, created = client.send("POST", "/users", user, trace=trace)
    check("a registration is traced", 201, status)
    request, others = request_of(spans_of(collector, trace.id, 3))
    hashes = [span for span in others if span.name == "hash password"]
    check("a hash is a part of it", [(request.id, INTERNAL, ["thread found"])], [
        (span.parent, span.message.kind, [event.name for event in span.message.events])
        for span in hashes])
    check("so are its statements", {request.id},
          {span.parent for span in others if span.message.kind == CLIENT})
    lines = lines_of(trace.id, 2)
    check("all that is logged meanwhile has its ids", (
        {"User registered successfully", "POST /users 201"}, {request.id}),
        ({line["message"] for line in lines}, {line["span_id"] for line in lines}))
    return created["id"]


def check_login(collector):
    """A login: a hash that is compared."""
    trace = Trace()
    Client().log_in(trace)
    request, others = request_of(spans_of(collector, trace.id, 3))
    check("comparing a hash is a part of a login", [request.id],
          [span.parent for span in others if span.name == "verify password"])


def check_waits(collector, client):
    """A wait for a connection, of which the service has one."""
    headers = client.headers

    def ask(number):
        asker = Client()
        asker.headers = headers
        trace = Trace()
        # A search has the connection to itself.
        path = "/users?q=lovelace&total=exact" if number % 2 else "/users/me"
        asker.send("GET", path, trace=trace)
        return trace.id

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        traces = set(pool.map(ask, range(120)))
    collector.wait_for(lambda it: any(span.name == "database pool wait" for span in it.spans))
    waits = [span for span in collector.spans if span.name == "database pool wait"]
    collector.wait_for(lambda it: {span.parent for span in waits}
                       <= {span.id for span in it.spans if span.message.kind == SERVER})
    requests = {span.id for span in collector.spans if span.message.kind == SERVER}
    check("a wait for a connection is a part of a request", (True, True), (
        len(waits) > 0, {span.parent for span in waits} <= requests))
    check("it belongs to the request's trace", True, {span.trace for span in waits} <= traces)


def check_contexts(collector, client):
    """What comes of a client's trace that is malformed, or that it does not record."""
    good = Trace()
    malformed = [
        good.header[:-1], good.header.upper(), f"ff{good.header[2:]}", f"{good.header}-x",
        f"00-{'0' * 32}-{good.span}-01", f"00-{good.id}-{'0' * 16}-01", "x"]
    for header in malformed:
        client.send("GET", "/version", trace=header)
    later = Trace()
    client.send("GET", "/version", trace=f"01{later.header[2:]}-more")
    spans_of(collector, later.id, 1)
    check("a malformed traceparent is none: another trace begins", [], collector.trace(good.id))
    begun = [span for span in collector.spans if span.name == "GET /version" and not span.parent]
    check("each of them began one", len(malformed), len(begun))
    check("their ids are random", {0x103}, {span.message.flags for span in begun})
    check("of a later version what is known is read", 1, len(collector.trace(later.id)))
    state = Trace()
    client.send("GET", "/version", trace=state, tracestate="a=1,a=2")
    check("a malformed tracestate is dropped, its trace is not", [""],
          [span.message.trace_state for span in spans_of(collector, state.id, 1)])
    unsampled = Trace("00")
    client.send("GET", "/users/me", trace=unsampled)
    [line] = lines_of(unsampled.id)
    check("what a client does not record is logged with ids", 16, len(line["span_id"]))
    failing = Trace()
    client.send("GET", "/nothing/here", trace=failing)
    [span] = spans_of(collector, failing.id, 1)
    check("a path that leads nowhere is not told", ("GET", {
        "http.request.method": "GET", "http.response.status_code": 404, "url.scheme": "http"}),
        (span.name, span.attributes))
    check("it is no failure of the service", 0, span.message.status.code)
    check("what a client does not record is not exported", [], collector.trace(unsampled.id))


def check_privacy(collector, user, user_id, client):
    """Whatever the requests have named is in no span."""
    changes = Client()
    changes.headers = client.headers
    for method, path, content in [
            ("GET", f"/users/{user_id}", None), ("GET", f"/users?email={user['email']}", None),
            ("GET", f"/users?q={urllib.parse.quote(user['display_name'])}", None),
            ("POST", "/users", user), ("POST", "/users", {"email": "lovelace"}),
            ("POST", "/auth/login", {"email": user["email"], "password": "charles babbage 1815"}),
            ("PUT", f"/users/{user_id}/password", {"password": "analytical engine 1837"}),
            ("DELETE", f"/users/{user_id}", None)]:
        changes.send(method, path, content, User_Agent="difference-engine",
                     X_Request_ID="request-of-lovelace")
    last = Trace()
    changes.send("GET", "/version", trace=last)
    spans_of(collector, last.id, 1)
    octets = b"\n".join(collector.bodies).lower()
    secrets = [user["email"], user["display_name"], user["password"], user_id, EMAIL, PASSWORD,
               "lovelace", "babbage", "analytical", "difference-engine", "127.0.0.1", "select ",
               "/users/me", "/nothing/here", "ur1_", "bearer"]
    check("no span names anybody or anything that a client sent", [],
          [text for text in secrets if text.lower().encode() in octets])


def main():
    """All checks, one after the other, beside one collector."""
    with Collector(COLLECTOR_PORT) as collector:
        client = Client()
        client.log_in()
        user = new_user(display_name="Ada Lovelace", password="enchantress of numbers")
        attempt("a read", lambda: check_read(collector, client))
        attempt("a login", lambda: check_login(collector))
        user_id = None

        def register():
            nonlocal user_id
            user_id = check_registration(collector, client, user)

        attempt("a registration", register)
        attempt("waits", lambda: check_waits(collector, client))
        attempt("contexts", lambda: check_contexts(collector, client))
        attempt("privacy", lambda: check_privacy(collector, user, user_id, client))
        check("all that was posted is of the protocol", [], collector.faults)
        ids = [span.id for span in collector.spans]
        check("no span came twice", len(ids), len(set(ids)))


main()

"""A service without a collector: it traces nothing, and still logs the trace that a client names."""

import socket

from checks import attempt, check
from service import COLLECTOR_PORT, Client, Trace, lines_of, log_lines


def check_off():
    """A request, beside a port on which nobody is to be called."""
    with socket.create_server(("127.0.0.1", COLLECTOR_PORT)) as listener:
        listener.settimeout(7)
        trace = Trace()
        client = Client()
        client.log_in()
        client.send("GET", "/users/me", trace=trace)
        lines = lines_of(trace.id)
        check("the client's trace is logged", ["GET /users/{id} 200"],
              [line["message"] for line in lines])
        check("there are no spans", [], [line for line in log_lines() if "span_id" in line])
        try:
            listener.accept()
            called = True
        except TimeoutError:
            called = False
        check("nobody is called", False, called)


attempt("without a collector", check_off)

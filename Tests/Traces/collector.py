"""A collector of traces, as far as a check needs one: it takes what is posted to it, holds it against
the definitions of the protocol, and misbehaves when it is told to.
"""

import base64
import http.server
import json
import re
import socket
import socketserver
import threading
import time

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

ID_OCTETS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}
ACCEPTED = b'{"partialSuccess":{}}'
# Octets of an answer that never ends, beyond which a client that reads on is at fault.
HUGE = 64 << 20


def as_protobuf(value):
    """JSON of OTLP as JSON of Protocol Buffers: ids are hexadecimal in the one, base64 in the other."""
    if isinstance(value, list):
        return [as_protobuf(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for name, item in value.items():
        if name in ID_OCTETS:
            if not re.fullmatch(f"[0-9a-f]{{{2 * ID_OCTETS[name]}}}", item):
                raise ValueError(f"{name} is {item!r}")
            item = base64.b64encode(bytes.fromhex(item)).decode()
        if name in ("kind", "code") and not isinstance(item, int):
            raise ValueError(f"{name} is {item!r} and no number")
        result[name] = as_protobuf(item)
    return result


class Span:
    """A span as it was exported."""

    def __init__(self, message, resource):
        self.message = message
        self.resource = resource
        self.name = message.name
        self.trace = message.trace_id.hex()
        self.id = message.span_id.hex()
        self.parent = message.parent_span_id.hex()
        self.attributes = {pair.key: value(pair.value) for pair in message.attributes}


def value(any_value):
    """What an AnyValue holds."""
    return getattr(any_value, any_value.WhichOneof("value"))


class Collector:
    """A collector on a port, until it is closed."""

    def __init__(self, port):
        self.port = port
        self.lock = threading.Condition()
        self.spans, self.bodies, self.requests, self.faults = [], [], [], []
        # How the next requests are answered, and how those after them are.
        self.next, self.otherwise = [], "accept"
        self.released = threading.Event()
        self.written = 0
        self.server, self.connections = None, []

    def __enter__(self):
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                collector.connections.append(self.connection)

            def do_POST(self):
                collector.take(self)

            def log_message(self, *_):
                pass

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def take(self, handler):
        """Takes one request and answers it as it is meant to be answered."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        with self.lock:
            behaviour = self.next.pop(0) if self.next else self.otherwise
            self.requests.append((time.monotonic(), behaviour, body))
            if behaviour in ("accept", "huge", "endless"):
                self.keep(handler, body)
            self.lock.notify_all()
        getattr(self, behaviour)(handler)

    def keep(self, handler, body):
        """Decodes what was posted; nothing in it may be unknown to the protocol."""
        self.bodies.append(body)
        try:
            if (handler.path, handler.headers["Content-Type"]) != ("/v1/traces", "application/json"):
                raise ValueError(f"{handler.path} {handler.headers['Content-Type']}")
            message = json_format.Parse(
                json.dumps(as_protobuf(json.loads(body))), ExportTraceServiceRequest(),
                ignore_unknown_fields=False)
        except (ValueError, json_format.ParseError) as error:
            self.faults.append(str(error))
            return
        for group in message.resource_spans:
            resource = {pair.key: value(pair.value) for pair in group.resource.attributes}
            for scope in group.scope_spans:
                self.spans += [Span(span, resource) for span in scope.spans]

    def answer(self, handler, status, body=b"", **headers):
        """Sends an answer."""
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        for name, text in headers.items():
            handler.send_header(name.replace("_", "-"), text)
        handler.end_headers()
        handler.wfile.write(body)

    def accept(self, handler):
        """Takes the spans."""
        self.answer(handler, 200, ACCEPTED, Content_Type="application/json")

    def broken(self, handler):
        """Answers 500."""
        self.answer(handler, 500, b"{}")

    def busy(self, handler):
        """Answers 503, and asks for a second of patience."""
        self.answer(handler, 503, b"{}", Retry_After="1")

    def silent(self, handler):
        """Answers nothing until the collector is released."""
        self.released.wait(60)
        handler.close_connection = True

    def rude(self, handler):
        """Closes the connection without an answer."""
        handler.close_connection = True

    def huge(self, handler):
        """Takes the spans, with an answer that is too large for anybody."""
        handler.send_response(200)
        handler.send_header("Content-Length", str(HUGE))
        handler.end_headers()
        self.write_on(handler)

    def endless(self, handler):
        """Takes the spans, with an answer that nobody knows the end of."""
        handler.send_response(200)
        handler.end_headers()
        self.write_on(handler)

    def write_on(self, handler):
        """Writes until the client has had enough."""
        handler.close_connection = True
        try:
            while self.written < HUGE:
                self.written += handler.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def wait_for(self, condition, seconds=20):
        """Waits until a function of the collector is true of it; returns whether it became so."""
        with self.lock:
            return bool(self.lock.wait_for(lambda: condition(self), seconds))

    def trace(self, trace_id):
        """The spans of a trace."""
        with self.lock:
            return [span for span in self.spans if span.trace == trace_id]

"""A server that puts what it is sent into SQL as it comes: what sqlmap has to find, and wapiti."""

import http.server
import json
import sqlite3
import threading
import urllib.parse


class Handler(http.server.BaseHTTPRequestHandler):
    """`GET /users?email=` and `POST /users` with a member `email`, both of them injectable."""

    def do_GET(self):
        """Looks an address up."""
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        self.look_up(query.get("email", [""])[0])

    def do_POST(self):
        """The same, by the body."""
        text = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            self.look_up(str(json.loads(text)["email"]))
        except (ValueError, KeyError, TypeError):
            self.answer(400, [])

    def look_up(self, email):
        """Answers with what SQL says of an address."""
        database = sqlite3.connect(":memory:")
        database.executescript(
            "CREATE TABLE users (email text); INSERT INTO users VALUES ('ada@example.com')")
        try:
            rows = database.execute(f"SELECT email FROM users WHERE email = '{email}'").fetchall()
        except (sqlite3.Error, sqlite3.Warning, ValueError):
            self.answer(500, [])
        else:
            self.answer(200, rows)

    def answer(self, status, rows):
        """Sends an answer."""
        body = json.dumps(rows).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Says nothing."""


class Server:
    """A server while it runs, in a `with`; `url` is where."""

    def __init__(self, handler=Handler):
        self.handler = handler

    def __enter__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *reason):
        self.server.shutdown()
        self.server.server_close()

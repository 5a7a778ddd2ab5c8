"""A server with a flaw on each of its paths: what wapiti has to find. It is also where wapiti asks
whom it has made send a request.
"""

import json
import pathlib
import urllib.parse
import urllib.request

from injectable import Handler

# Each of these takes a parameter `value`; `/users` is injectable's.
PATHS = ("/board", "/fetched", "/file", "/greeting", "/moved")
# No proxy that the environment names.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
VALUE = {"name": "value", "in": "query", "schema": {"type": "string", "default": "1"}}
USER = {"type": "object", "properties": {"email": {"type": "string", "default": "ada@example.com"}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "paths": {path: {"get": {"parameters": [VALUE]}} for path in PATHS} | {
        "/users": {"post": {"requestBody": {"content": {"application/json": {"schema": USER}}}}},
    },
}
# What there is to be found: of which kind, by which method, where, and in which parameter.
FLAWS = {
    ("CRLF Injection", "GET", "/moved", "value"),
    ("Clickjacking Protection", "GET", "/", ""),
    ("Content Security Policy Configuration", "GET", "/", ""),
    ("Internal Server Error", "POST", "/users", "email"),
    ("MIME Type Confusion", "GET", "/", ""),
    ("Open Redirect", "GET", "/moved", "value"),
    ("Path Traversal", "GET", "/file", "value"),
    ("Reflected Cross Site Scripting", "GET", "/greeting", "value"),
    ("SQL Injection", "POST", "/users", "email"),
    ("Server Side Request Forgery", "GET", "/fetched", "value"),
    ("Stored Cross Site Scripting", "GET", "/board", "value"),
}


class FlawedHandler(Handler):
    """Believes all that it is sent."""

    # What the board shows to whoever comes next.
    said = []
    # The requests that wapiti has brought about: by scan, operation and parameter, in its words.
    brought_about = {}

    def do_GET(self):
        """Does what the path says with the parameter."""
        target = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(target.query)
        value = query.get("value", [""])[0]
        match target.path.split("/")[1:]:
            case [""]:
                self.page()
            case ["board"]:
                self.page("".join(self.said))
                self.said.append(value)
            case ["fetched"]:
                self.fetch(value)
                self.page()
            case ["file"]:
                self.page(text_of(value))
            case ["greeting"]:
                self.page(f"Hello {value}")
            case ["moved"]:
                # What is sent as Latin-1 are the value's bytes.
                self.page(status=302, Location=value.encode().decode("latin-1"))
            case ["ssrf", scan, operation, parameter, ""]:
                request = {"url": self.path, "method": "GET", "date": "", "ip": ""}
                of_scan = self.brought_about.setdefault(scan, {})
                of_scan.setdefault(operation, {})[parameter] = [request]
                self.page()
            case ["get_ssrf.php"]:
                self.page(json.dumps(self.brought_about.get(query["session_id"][0], {})))
            case _:
                self.page(status=404)

    def fetch(self, url):
        """Sends a request to any address, as long as it is one of this server's for that."""
        if url.startswith(f"http://{self.headers['Host']}/ssrf/"):
            with DIRECT.open(url, timeout=5):
                pass

    def page(self, text="", status=200, **fields):
        """Sends a page."""
        body = text.encode()
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def text_of(name):
    """The text of a file, from a folder that is easily left."""
    try:
        return pathlib.Path("/nowhere", name).read_text(errors="replace")
    except (OSError, ValueError):
        return ""

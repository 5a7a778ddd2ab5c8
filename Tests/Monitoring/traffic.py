"""Mixed requests from several clients, which keep count of what they sent and what came back."""

import collections
import http.client
import json
import random
import socket
import threading
import urllib.parse
import uuid

from checks import TIMEOUT, new_user
from prometheus import EMAIL, PASSWORD, URL

HOST, PORT = urllib.parse.urlsplit(URL).hostname, urllib.parse.urlsplit(URL).port
CLIENTS = 4
# Between two requests of a client, in seconds: the service is to be seen at work, not at its limit.
PAUSE = 0.005
USERS_PASSWORD = "seven quiet otters swim north"
MERGE = {"Content-Type": "application/merge-patch+json"}
# It has two fields Host, so it is none (RFC 9112 §3.2).
UNREADABLE = b"GET /users HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"


class Client:
    """Somebody with a connection, and how often each (method, route, status) has been answered."""

    def __init__(self, number):
        self.random = random.Random(number)
        self.answers = collections.Counter()
        self.connection = http.client.HTTPConnection(HOST, PORT, timeout=TIMEOUT)
        self.failures = []
        self.users = []
        self.refresh_token = None
        self.administrator = {"Authorization": "Bearer " + self.log_in(EMAIL, PASSWORD)}
        # All clients together, that is more than the five that are let through.
        self.guess()
        self.guess()

    def send(self, method, route, content=None, headers=None, path=None):
        """Sends a request for a route, with what stands for its parameters in `path`."""
        headers = dict(headers or {})
        body = None if content is None else json.dumps(content)
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        self.connection.request(method, path or route, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        self.answers[method, route, answer.status] += 1
        return answer.status, text

    def log_in(self, email, password):
        """A login; an access token if it succeeds."""
        status, text = self.send("POST", "/auth/login", {"email": email, "password": password})
        if status != 200:
            return None
        tokens = json.loads(text)
        self.refresh_token = tokens["refresh_token"]
        return tokens["access_token"]

    def register(self):
        """A registration."""
        user = new_user(password=USERS_PASSWORD)
        status, text = self.send("POST", "/users", user)
        if status == 201:
            self.users.append((json.loads(text)["id"], user["email"]))

    def register_wrongly(self):
        """A registration that is refused."""
        self.send("POST", "/users", {"email": "nobody", "display_name": "", "password": "short"})

    def log_in_rightly(self):
        """A login of a user."""
        if self.users:
            self.log_in(self.random.choice(self.users)[1], USERS_PASSWORD)

    def log_in_wrongly(self):
        """A login that fails; the address is guessed at too rarely to be throttled."""
        self.log_in(f"{uuid.uuid4().hex}@example.com", "some wrong password")

    def guess(self):
        """A login with an address that is guessed at all the time."""
        self.log_in("guessed@example.com", "some wrong password")

    def refresh(self):
        """New tokens for old ones."""
        if self.refresh_token is None:
            return
        status, text = self.send("POST", "/auth/refresh", {"refresh_token": self.refresh_token})
        if status == 200:
            self.refresh_token = json.loads(text)["refresh_token"]

    def log_out(self):
        """The end of a session."""
        if self.refresh_token is not None:
            self.send("POST", "/auth/logout", {"refresh_token": self.refresh_token})
            self.refresh_token = None

    def read(self):
        """A look at a user."""
        if self.users:
            user, _ = self.random.choice(self.users)
            self.send("GET", "/users/{id}", None, self.administrator, f"/users/{user}")

    def change(self):
        """A change of a user."""
        if self.users:
            user, _ = self.random.choice(self.users)
            self.send("PATCH", "/users/{id}", {"locale": self.random.choice(["de", "fr"])},
                      {**self.administrator, **MERGE}, f"/users/{user}")

    def list(self):
        """A page of users."""
        self.send("GET", "/users", None, self.administrator, "/users?limit=10")

    def search(self):
        """A page that has to be searched for."""
        self.send("GET", "/users", None, self.administrator, "/users?limit=10&q=ada&total=exact")

    def miss(self):
        """A user who does not exist."""
        self.send("GET", "/users/{id}", None, self.administrator, f"/users/{uuid.uuid4()}")

    def stray(self):
        """A path that nobody knows, another one each time."""
        self.send("GET", "-", path=f"/{uuid.uuid4().hex}")

    def ask_with_a_bad_token(self):
        """A token that is none."""
        self.send("GET", "/users", None, {"Authorization": "Bearer nonsense"})

    def send_rubbish(self):
        """What is no request, on a connection of its own."""
        with socket.create_connection((HOST, PORT), TIMEOUT) as connection:
            connection.sendall(UNREADABLE)
            status = int(connection.makefile("rb").readline().split()[1])
        self.answers["other", "-", status] += 1

    # What is sent, and how often beside the others.
    MIX = {
        register: 4, register_wrongly: 1, log_in_rightly: 3, log_in_wrongly: 1, guess: 1,
        refresh: 3, log_out: 1, read: 40, change: 5, list: 10, search: 3, miss: 5, stray: 5,
        ask_with_a_bad_token: 2, send_rubbish: 1}

    def run(self, end):
        """Sends requests until the end has come."""
        actions, weights = list(self.MIX), list(self.MIX.values())
        while not end.wait(PAUSE):
            action = self.random.choices(actions, weights)[0]
            try:
                action(self)
            except (http.client.HTTPException, OSError) as error:
                self.connection.close()
                self.failures.append(f"{action.__name__}: {error!r}")


class Traffic:
    """All clients together, while the scope lasts."""

    def __enter__(self):
        self.clients = [Client(number) for number in range(CLIENTS)]
        self.end = threading.Event()
        self.threads = [
            threading.Thread(target=client.run, args=[self.end], daemon=True)
            for client in self.clients]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        for thread in self.threads:
            thread.join()

    @property
    def answers(self):
        """How often each (method, route, status) was answered."""
        return sum((client.answers for client in self.clients), collections.Counter())

    @property
    def failures(self):
        """Requests without an answer."""
        return [failure for client in self.clients for failure in client.failures]

"""Mixed and hostile traffic, of which the log is looked at afterwards.

The arguments are the URL of the service, how many requests to send, a folder, and the address and
the password of the administrator. In the folder it writes `ids`, the request id of every answer,
and `secrets`, a JSON array of what must not stand in any line.
"""

import concurrent.futures
import json
import pathlib
import random
import socket
import sys
import threading
import urllib.parse

from checks import TIMEOUT, at_least, check

URL, COUNT, FOLDER = urllib.parse.urlsplit(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
EMAIL, PASSWORD = sys.argv[4:6]
THREADS = 4
# How many requests a client sends before it reads their answers.
BATCH = 16
# Of how many batches one hashes a password.
LOGIN_EVERY = 50
# What stands in every name, address and password of a user.
MARKS = ("Zaphodquux", "otterly.example", "seventy quiet quokkas")

# Names that do not want to be logged, as the inside of JSON strings.
NAMES = [
    "a\\nb", "\\r\\n{\\\"log_level\\\":\\\"INFO\\\"}", "\\u0000", "\\u2028\\u2029",
    "\\ud83d\\ude00 \U0001f511",
    "\\ud800", "\\udc00\\ud800", "\\u001b[31m", "é" * 60, "x" * 5000, "\\u202egnp", "\\\"}]",
]
# Octets that no field, target or method should hold.
OCTETS = [
    b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\x00", b"\x1b[31m", b"\xe2\x80\xa8", b"\n{}",
    b"\r\n\r\n", b"\"\\", b"\xf0\x9f\x94\x91", b"\x7f", b"a" * 20000,
]


class Client:
    """A connection that stays open, and what came back over it."""

    def __init__(self, seed, token):
        self.random = random.Random(seed)
        self.token = token
        self.seed = seed
        self.number = 0
        self.ids = []
        self.secrets = set()
        self.socket = None
        self.buffer = b""

    def connect(self):
        self.socket = socket.create_connection((URL.hostname, URL.port), timeout=TIMEOUT)
        self.buffer = b""

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def exchange(self, requests):
        """Sends requests at once and returns their answers, up to one that ends the connection."""
        if self.socket is None:
            self.connect()
        self.socket.sendall(b"".join(requests))
        answers = []
        for _ in requests:
            answers.append(self.answer())
            if self.socket is None:
                break
        return answers

    def fling(self, octets):
        """Sends what may be no request over a connection of its own, and reads whatever comes."""
        with socket.create_connection((URL.hostname, URL.port), timeout=TIMEOUT) as connection:
            text = b""
            try:
                connection.sendall(octets)
                connection.shutdown(socket.SHUT_WR)
                while chunk := connection.recv(65536):
                    text += chunk
            except ConnectionError:
                pass
        for line in text.split(b"\r\n"):
            if line.lower().startswith(b"x-request-id: "):
                self.ids.append(line[14:].decode())

    def answer(self):
        """Reads one answer."""
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        fields = {}
        for line in head.split(b"\r\n")[1:]:
            name, value = line.split(b": ", 1)
            fields[name.lower()] = value
        length = int(fields.get(b"content-length", b"0"))
        while len(self.buffer) < length:
            self.more()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        self.ids.append(fields[b"x-request-id"].decode())
        if fields.get(b"connection") == b"close":
            self.close()
        return int(head.split(b" ", 2)[1]), body

    def more(self):
        chunk = self.socket.recv(65536)
        if not chunk:
            raise ConnectionError("The service ended a connection.")
        self.buffer += chunk

    def request(self, method, path, body=None, fields=(), token=True):
        """The octets of a request, with an id of its own or with one that is refused."""
        self.number += 1
        mine = f"t{self.seed}-{self.number}".encode()
        if self.number % 7 == 0:
            mine = self.random.choice([b"no id", b"{\"a\":1}", b"\xff\xfe", b"x" * 65])
        lines = [method + b" " + path + b" HTTP/1.1", b"Host: localhost", b"X-Request-ID: " + mine]
        if self.number % 3 == 0:
            trace = f"{self.random.getrandbits(128):032x}-{self.random.getrandbits(64):016x}"
            lines.append(f"traceparent: 00-{trace}-01".encode())
        if token:
            lines.append(b"Authorization: Bearer " + self.token)
        lines.append(b"User-Agent: Zaphodquux/" + self.random.choice(OCTETS[:3] + [b"1.0"]))
        lines += fields
        if body is not None:
            lines += [b"Content-Type: application/json", b"Content-Length: %d" % len(body)]
        return b"\r\n".join(lines) + b"\r\n\r\n" + (body or b"")

    def person(self, name, password=None):
        """The JSON of somebody new, or of somebody who cannot be."""
        key = f"{self.seed}.{self.number}.{self.random.getrandbits(40):x}"
        text = f'{{"email":"{key}@otterly.example","display_name":"Zaphodquux{name}"'
        if password:
            text += f',"password":"{password}"'
        return key, (text + "}").encode("utf-8")

    def any_request(self):
        """One of what the service is asked every day, or should not be."""
        choice = self.random.randrange(12)
        mark = self.random.choice([b"Zaphodquux", b"otterly.example", b"%F0%9F%94%91", b"%E2%80%A8"])
        if choice == 0:
            return self.request(b"POST", b"/users", self.person(self.random.choice(NAMES))[1])
        if choice == 1:
            return self.request(b"GET", b"/users?limit=2&q=" + mark)
        if choice == 2:
            return self.request(b"GET", b"/users/" + mark)
        if choice == 3:
            return self.request(b"GET", b"/users/me")
        if choice == 4:
            return self.request(b"PATCH", b"/users/me", b'{"display_name":"Zaphodquux\\ud800"}')
        if choice == 5:
            return self.request(b"GET", b"/" + mark + b"/nowhere")
        if choice == 6:
            return self.request(b"OPTIONS", b"/version")
        if choice == 7:
            return self.request(b"GET", b"/roles", fields=[b"Cookie: a=otterly.example"])
        if choice == 8:
            wrong = [b"Authorization: Bearer " + mark]
            return self.request(b"GET", b"/users/me", token=False, fields=wrong)
        often = [b"/version", b"/health/ready", b"/users?limit=1"]
        return self.request(b"GET", self.random.choice(often))

    def hostile(self):
        """What may be no request at all."""
        octets = self.random.choice(OCTETS)
        return self.random.choice([
            b"GET /users/%0A%00otterly.example HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /" + octets + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
            octets + b" / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: " + octets + b"\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nX-Request-ID: " + octets + b"\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n" + octets + b": otterly.example\r\n\r\n",
            b"POST /users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + octets,
            b"POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n", octets, self.random.randbytes(200),
        ])

    def login(self):
        """Somebody registers, logs in, is refreshed, and fails to log in."""
        key, body = self.person("🔑", password := f"seventy quiet quokkas {self.number}")
        self.exchange([self.request(b"POST", b"/users", body, token=False)])
        for guess in (password, f"wrong {password}"):
            who = json.dumps({"email": f"{key}@otterly.example", "password": guess}).encode()
            asked = self.request(b"POST", b"/auth/login", who, token=False)
            status, body = self.exchange([asked])[0]
            if status != 200:
                continue
            tokens = json.loads(body)
            self.secrets |= {tokens["access_token"].split(".")[2], tokens["refresh_token"]}
            refresh = json.dumps({"refresh_token": tokens["refresh_token"]}).encode()
            self.exchange([self.request(b"POST", b"/auth/refresh", refresh, token=False)])

    def run(self, remaining):
        """Asks until there is nothing left to ask."""
        batch = 0
        while remaining.take(BATCH):
            self.exchange([self.any_request() for _ in range(BATCH - 1)])
            self.fling(self.hostile())
            if batch % LOGIN_EVERY == 0:
                self.login()
            batch += 1
        self.close()


class Remaining:
    """What is left of the requests, for all threads."""

    def __init__(self, count):
        self.count = count
        self.lock = threading.Lock()

    def take(self, count):
        with self.lock:
            self.count -= count
            return self.count > -count


def administrator_token():
    client = Client("admin", b"")
    body = json.dumps({"email": EMAIL, "password": PASSWORD}).encode()
    status, text = client.exchange([client.request(b"POST", b"/auth/login", body, token=False)])[0]
    client.close()
    tokens = json.loads(text)
    return tokens["access_token"], tokens["refresh_token"], client.ids


access, refresh, ids = administrator_token()
remaining = Remaining(COUNT)
clients = [Client(seed, access.encode()) for seed in range(THREADS)]
with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
    for future in [pool.submit(client.run, remaining) for client in clients]:
        future.result()
secrets = {*MARKS, EMAIL, PASSWORD, refresh, access.split(".")[2], "argon2id"}
for client in clients:
    ids += client.ids
    secrets |= client.secrets
(FOLDER / "ids").write_text("".join(f"{id}\n" for id in ids))
(FOLDER / "secrets").write_text(json.dumps(sorted(secrets)))
check("traffic: answers, of which each has an id", at_least(COUNT * 9 // 10), len(ids))
check("traffic: no id was given twice", len(ids), len(set(ids)))
check("traffic: somebody logged in", at_least(3), len(secrets) - 7)

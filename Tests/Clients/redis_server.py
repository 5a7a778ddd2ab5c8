"""A Redis of a check's own, which can be troubled."""

import os
import socket
import subprocess


class Redis:
    """A Redis on a port. With a folder its snapshots are there, and it begins with what is in the last
    one; without, it keeps nothing on a disk."""

    def __init__(self, port, folder=None):
        self.port, self.folder = port, folder

    def start(self):
        kept = ["--dir", self.folder] if self.folder else []
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", *kept, "--logfile", "/dev/null"],
            preexec_fn=lambda: os.setpgid(0, 0))

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def ask(self, *words):
        """The answer to a command; None if it is no text."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            return ask(connection.makefile("rwb"), *words)


def ask(stream, *words):
    """Sends a command of octets or texts, and returns what is answered (RESP2)."""
    words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    stream.write(b"*%d\r\n" % len(words))
    for word in words:
        stream.write(b"$%d\r\n%s\r\n" % (len(word), word))
    stream.flush()
    return answer(stream)


def answer(stream):
    """Reads one answer."""
    line = stream.readline()
    kind, rest = line[:1], line[1:-2]
    if kind == b"$":
        return None if rest == b"-1" else stream.read(int(rest) + 2)[:-2]
    if kind == b"*":
        return [answer(stream) for _ in range(int(rest))]
    if kind in (b"+", b":"):
        return rest
    raise ValueError(f"Redis says {line!r}")

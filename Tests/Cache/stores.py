"""A Redis that can be troubled, and a proxy before it that can be cut."""

import os
import socket
import subprocess
import threading
import time


class Redis:
    """A Redis whose snapshots are in a folder. It begins with what is in the last one."""

    def __init__(self, port, folder):
        self.port, self.folder = port, folder

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", self.folder, "--logfile", "/dev/null"],
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


class Proxy:
    """Passes connections to a port on to another one, unless it is cut."""

    def __init__(self, port, target):
        self.target, self.is_cut, self.sockets = target, False, set()
        self.listener = socket.create_server(("127.0.0.1", port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self.target), timeout=10)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source, sink):
        try:
            while octets := source.recv(65536):
                # Whoever is cut off hears nothing, and is not told so.
                while self.is_cut:
                    time.sleep(0.005)
                sink.sendall(octets)
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

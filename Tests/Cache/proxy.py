"""A proxy before a server, which can be cut, and lose what is under way."""

import socket
import threading
import time


class Proxy:
    """Passes connections to a port on to another one, unless it is cut. It is cut before what the
    trap is in, if one is set."""

    def __init__(self, port, target):
        self.target, self.is_cut = target, False
        self.trap, self.trapped = None, threading.Event()
        self.loss_count = 0
        self.listener = socket.create_server(("127.0.0.1", port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def set_trap(self, octets):
        """Has it be cut by whoever sends these octets."""
        self.trapped.clear()
        self.trap = octets

    def lose(self):
        """Ends the cut, and each connection on which something came meanwhile, which is lost."""
        self.loss_count += 1
        self.is_cut = False

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
                losses_before = self.loss_count
                if self.trap and self.trap in octets:
                    self.trap, self.is_cut = None, True
                    self.trapped.set()
                # Whoever is cut off hears nothing, and is not told so.
                while self.is_cut:
                    time.sleep(0.005)
                if self.loss_count > losses_before:
                    break
                sink.sendall(octets)
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

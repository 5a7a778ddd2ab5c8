"""A client of several services."""

import http.client
import json

from checks import TIMEOUT, check


class Client:
    """Somebody who speaks with the services on some ports."""

    # Of all clients.
    token = None

    def __init__(self, ports):
        self.connections = {
            port: http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT) for port in ports}

    def send(self, port, method, path, content=None, media="application/json"):
        """Sends a request and returns the status and the JSON of the answer."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if content is not None:
            headers["Content-Type"] = media
        body = None if content is None else json.dumps(content)
        self.connections[port].request(method, path, body, headers)
        response = self.connections[port].getresponse()
        text = response.read()
        return response.status, json.loads(text) if text else None

    def rename(self, port, user, name):
        """Changes what a user is called."""
        return self.send(port, "PATCH", f"/users/{user}", {"display_name": name},
                         "application/merge-patch+json")

    def log_in(self, port, email, password):
        """Has all clients be this user from now on."""
        status, answer = self.send(
            port, "POST", "/auth/login", {"email": email, "password": password})
        check("the administrator may log in", 200, status)
        Client.token = answer["access_token"]

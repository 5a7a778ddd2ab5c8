"""What the programs beside this file share: one exchange of octets with the service, with nothing
that knows of compression in between."""

import http.client
import os
import urllib.parse

from checks import TIMEOUT

AUTHORIZATION = os.environ["AUTHORIZATION"]


class Answer:
    def __init__(self, response):
        self.status, self.fields, self.content = response.status, response.headers, response.read()

    def __getitem__(self, name):
        return self.fields[name]


def ask(url, path, method="GET", content=None, fields=(), token=AUTHORIZATION):
    """Sends a request on a connection of its own; the content of the answer is as it came."""
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=TIMEOUT)
    connection.putrequest(method, path, skip_accept_encoding=True)
    fields = dict(fields)
    if token:
        fields["Authorization"] = token
    if content is not None:
        fields.setdefault("Content-Type", "application/json")
        fields["Content-Length"] = str(len(content))
    for name, value in fields.items():
        connection.putheader(name, value)
    connection.endheaders(content)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer

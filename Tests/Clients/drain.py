"""A service that is asked to stop while a request is under way. Arguments: its URL and its process.

The service has a SHUTDOWN_DELAY of a second or more.
"""

import http.client
import os
import signal
import sys
import time
import urllib.parse

from checks import TIMEOUT, attempt, check
from identity import ADMINISTRATOR

HOST, PORT = urllib.parse.urlsplit(sys.argv[1]).netloc.split(":")
PROCESS = int(sys.argv[2])
USER = b'{"email": "drained@example.com", "display_name": "Ada"}'


def connect():
    """An open connection to the service."""
    connection = http.client.HTTPConnection(HOST, int(PORT), timeout=TIMEOUT)
    connection.connect()
    connection.auto_open = 0
    return connection


def status_of(connection, path):
    """The status of a GET, its body read."""
    connection.request("GET", path, headers=ADMINISTRATOR)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def wait_for(condition):
    """Whether a condition comes true in time."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def refuses():
    """Whether the service takes no connections."""
    try:
        connect().close()
    except ConnectionRefusedError:
        return True
    return False


def drain():
    """Stops the service between the two halves of an upload."""
    idle, upload = connect(), connect()
    check("drain: before", 200, status_of(idle, "/health/ready"))
    upload.putrequest("POST", "/users")
    upload.putheader("Authorization", ADMINISTRATOR["Authorization"])
    upload.putheader("Content-Type", "application/json")
    upload.putheader("Content-Length", len(USER))
    upload.endheaders(USER[:10])
    status_of(idle, "/health/live")

    os.kill(PROCESS, signal.SIGTERM)
    told = wait_for(lambda: status_of(connect(), "/health/ready") == 503)
    check("drain: load balancers are told", True, told)
    check("drain: others are served meanwhile", 200, status_of(connect(), "/users?limit=1"))
    check("drain: then no connection is taken", True, wait_for(refuses))
    check("drain: a connection that waits for nothing is closed", b"", idle.sock.recv(1))

    # http.client closes its own when the answer says so.
    duplicate = upload.sock.dup()
    upload.send(USER[10:])
    answer = upload.getresponse()
    answer.read()
    seen = (answer.status, answer.headers["Connection"])
    check("drain: the request under way is answered, the last one", (201, "close"), seen)
    check("drain: its connection is closed", b"", duplicate.recv(1))


attempt("drain", drain)

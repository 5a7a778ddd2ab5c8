"""What a service says of itself in its metrics."""

import http.client
import re

from checks import TIMEOUT


def sample(port, name):
    """A sample of the metrics of the service on a port, with its labels; None if there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    found = re.search(rf"^{re.escape(name)} (.+)$", text, re.M)
    return float(found[1]) if found else None

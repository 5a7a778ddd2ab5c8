"""What the programs beside this file share."""

import json
import urllib.request


def fetch(url):
    """The document that the service serves."""
    with urllib.request.urlopen(f"{url}/openapi.json", timeout=20) as response:
        return json.load(response)

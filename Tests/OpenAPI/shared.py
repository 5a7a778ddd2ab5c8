"""What the programs beside this file share."""

import json
import os
import urllib.request

# What the administrator logs in with.
EMAIL, PASSWORD = (os.environ[f"ADMINISTRATOR_{name}"] for name in ("EMAIL", "PASSWORD"))


def fetch(url):
    """The document that the service serves."""
    with urllib.request.urlopen(f"{url}/openapi.json", timeout=20) as response:
        return json.load(response)

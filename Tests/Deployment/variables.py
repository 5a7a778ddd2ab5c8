"""The variables of .env.example with their defaults."""

import pathlib
import re

# Those of the service, by their names; secrets may come from a file, too.
DEFAULTS = {}
# Those that docker-compose.yml reads.
COMPOSE = {}

_parts = pathlib.Path(".env.example").read_text().split("\n# --- Docker Compose: ")
for _values, _text in zip((DEFAULTS, COMPOSE), _parts, strict=True):
    _values.update(re.findall(r"^# ([A-Z_]+)=(.*)$", _text, re.MULTILINE))


def seconds(text):
    """A time such as 10s, in seconds."""
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h|d)", text).groups()
    return int(number) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}[unit]

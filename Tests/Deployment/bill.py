"""Holds the bill of materials that the image gets against CycloneDX's schema and against the build.

    bill.py FILE
"""

import json
import pathlib
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from checks import check

TEXT = pathlib.Path(sys.argv[1]).read_text()
BILL = json.loads(TEXT)
VERSIONS = {one["name"]: one["version"] for one in BILL["components"]}


def fault(text):
    """What CycloneDX's schema has against a document."""
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    return found and str(found.data.message)


check("the schema", None, fault(TEXT))
check("the schema refuses a sample", True, fault(TEXT.replace('"purl"', '"pearl"')) is not None)
references = [one["bom-ref"] for one in BILL["components"]]
check("each part once", len(references), len(set(references)))
for pin in json.loads(pathlib.Path("Package.resolved").read_text())["pins"]:
    check(pin["identity"], pin["state"]["version"], VERSIONS.get(pin["identity"]))
for name in ("swift", "flask-swagger-ui", "libpq5", "libargon2-1", "libunistring2"):
    check(name, True, name in VERSIONS)

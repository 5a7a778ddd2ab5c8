"""Has schemathesis send what the document allows and what it does not, and follow its links.

First it is given documents that are wrong: one that finds nothing proves nothing.
"""

import copy
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Clients"))

from checks import check
from shared import fetch

URL, SECONDS, FOLDER = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
SEED = 20_261_122
TALLY = FOLDER / "answers.json"


def schemathesis(document, *options):
    """Runs it; its exit status and its output."""
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", str(document), "--url", URL,
        "--checks", "all", "--mode", "all", f"--seed={SEED}", "--no-color",
        "--warnings", "off", "--continue-on-failure", "--suppress-health-check", "all", *options,
    ]
    environment = {
        **os.environ, "SCHEMATHESIS_HOOKS": "hooks", "ANSWERS_TALLY": str(TALLY),
        "PYTHONPATH": str(pathlib.Path(__file__).parent), "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        command, cwd=FOLDER, env=environment, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def version(document):
    return document["components"]["schemas"]["Version"]["properties"]["version"]


def display_name(document):
    return document["components"]["schemas"]["NewUser"]["properties"]["display_name"]


def limit(document):
    parameters = document["paths"]["/users"]["get"]["parameters"]
    return next(each["schema"] for each in parameters if each.get("name") == "limit")


SAMPLES = [
    ("an answer of another type", "getVersion", version, {"type": "integer"},
     "Response violates schema"),
    ("a limit below the service's", "createUser", display_name, {"maxLength": 20},
     "Schema-violating request accepted"),
    ("a limit above the service's", "listUsers", limit, {"maximum": 5000},
     "Schema-valid request rejected"),
]

document = fetch(URL)
right, wrong = FOLDER / "openapi.json", FOLDER / "wrong.json"
right.write_text(json.dumps(document))
for name, operation, part, change, finding in SAMPLES:
    spoiled = copy.deepcopy(document)
    part(spoiled).update(change)
    wrong.write_text(json.dumps(spoiled))
    status, output = schemathesis(
        wrong, "--include-operation-id", operation, "--phases", "coverage")
    found = status == 1 and finding in output
    check(f"{name} is found", True, found)
    if not found:
        print(output[-2000:])

TALLY.unlink(missing_ok=True)
status, output = schemathesis(right, "--max-time", str(SECONDS), *sys.argv[4:])
print(output if status else output[-600:])
check("schemathesis has no finding", 0, status)

answers = json.loads(TALLY.read_text())
print(f"{sum(answers.values())} requests: {json.dumps(answers)}")
# What it sends has to get past the door, else it shows little.
for operation in ("createUser 201", "getUser 200", "patchUser 200", "deleteUser 204", "listUsers 200"):
    check(f"{operation} was among the answers", True, answers.get(operation, 0) > 3)

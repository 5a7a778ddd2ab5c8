"""Has schemathesis send what the document allows and what it does not, and follow its links, as an
administrator.

First it is given documents that are wrong: one that finds nothing proves nothing.
"""

import copy
import json
import os
import pathlib
import subprocess
import sys
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Clients"))

from checks import check
from identity import ADMINISTRATOR
from shared import fetch

URL, SECONDS, FOLDER = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
SEED = 20_261_122
TALLY = FOLDER / "answers.json"


def ask(path, content=None):
    """What the service answers the administrator."""
    request = urllib.request.Request(
        URL + path, content and json.dumps(content).encode(),
        {**ADMINISTRATOR, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


def schemathesis(document, *options):
    """Runs it; its exit status and its output."""
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", str(document), "--url", URL,
        "--checks", "all", "--mode", "all", f"--seed={SEED}", "--no-color",
        "--warnings", "off", "--continue-on-failure", "--suppress-health-check", "all", *options,
    ]
    environment = {
        **os.environ, "SCHEMATHESIS_HOOKS": "hooks", "ANSWERS_TALLY": str(TALLY),
        "OWN_ID": OWN_ID, "SPARE_ID": SPARE_ID,
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
OWN_ID = ask("/users/me")["id"]
# The user of the document's examples, so that they can log in.
SPARE_ID = ask("/users", {
    **document["paths"]["/auth/login"]["post"]["requestBody"]["content"]["application/json"]
    ["example"], "display_name": "Ada"})["id"]
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
for operation in (
        "createUser 201", "getUser 200", "patchUser 200", "deleteUser 204", "listUsers 200",
        "setPassword 204", "listSessions 200", "endSessions 204", "createRole 201", "getRole 200",
        "putUserRoles 200", "grantRole 204", "revokeRole 204", "logIn 200"):
    check(f"{operation} was among the answers", True, operation in answers)
check("the administrator's token was good to the end", OWN_ID, ask("/users/me")["id"])

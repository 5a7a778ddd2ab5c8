"""What other people's tools say of the Dockerfile, the YAML files and the manifests, and of secrets in
any file.

    tools.py FOLDER     FOLDER is empty; the overlays are written into it as they are applied

Each is shown a sample that it has to refuse, too: one that finds nothing proves nothing.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import yaml

import kustomize
from checks import attempt, check

# The folder has been moved since the programs in it were told where their Python is, so they are
# asked as modules; hadolint is a program of its own.
COMMANDS = {
    "hadolint": [str(pathlib.Path(sys.executable).parent / "hadolint")],
    "yamllint": [sys.executable, "-m", "yamllint"],
    "checkov": [sys.executable, "-W", "ignore", "-m", "checkov.main"],
}
YAML = [".yamllint", "docker-compose.yml", "docker-compose.secrets.yml", "k8s"]

# Rules of Checkov that the manifests break, and why.
EXCEPTIONS = {
    "CKV_K8S_14": "`latest` is what the small overlay takes, for it is built where it runs",
    "CKV_K8S_15": "a tag of ours is never given to another image, so pulling again gains nothing",
    "CKV_K8S_35": "the operators' guide has DATABASE_URL from the secret in the environment",
    "CKV_K8S_43": "which digest it is only the registry of the operator knows",
}
# What Checkov takes for secrets, and what it is.
NO_SECRETS = {
    ("CKV_SECRET_6", "/docs/security.md"): "names of tests",
    ("CKV_SECRET_6", "/k8s/examples/external-secret.yaml"): "the name of a secret",
    ("CKV_SECRET_9", "/Sources/AuthenticationHTTP/Schema+Authentication.swift"): "an example",
}
# The passwords of addresses that are examples.
SAMPLE_PASSWORD = re.compile(r":(password|%s)@", re.IGNORECASE)
LEAKED = "key = \"AKIAIOSFODNN7QXAMPLA\"\n"
PRIVILEGED = {
    "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "sample", "namespace": "sample"},
    "spec": {"containers": [{
        "name": "sample", "image": "sample:1", "securityContext": {"privileged": True}}]},
}


def run(*command, text=None):
    """What a tool prints, and its status."""
    done = subprocess.run(
        COMMANDS[command[0]] + list(command[1:]), input=text, capture_output=True, text=True,
        timeout=300)
    return done.stdout + done.stderr, done.returncode


def hadolint():
    output, _ = run("hadolint", "-", text="FROM a:latest\n")
    check("hadolint refuses a sample", True, "DL3007" in output)
    check("hadolint", ("", 0), run("hadolint", "Dockerfile"))


def yamllint():
    strict = ("yamllint", "--strict", "--format=parsable")
    check("yamllint refuses a sample", 1, run(*strict, "-", text="a: 1\na: 2\n")[1])
    check("yamllint", ("", 0), run(*strict, *YAML))


def checkov(folder):
    folder = pathlib.Path(folder)
    for name in ("small", "production"):
        objects = kustomize.render(f"k8s/overlays/{name}")
        (folder / f"{name}.yaml").write_text(yaml.safe_dump_all(objects))
    (folder / "sample.yaml").write_text(yaml.safe_dump(PRIVILEGED))
    output, _ = run(
        "checkov", "--directory", str(folder), "--framework", "kubernetes", "--output", "json",
        "--skip-download", "--quiet", "--compact")
    failed = json.loads(output)["results"]["failed_checks"]
    found = {True: set(), False: set()}
    for one in failed:
        found[one["file_path"] == "/sample.yaml"].add(one["check_id"])
    check("checkov refuses a sample", True, "CKV_K8S_16" in found[True])
    check("checkov, manifests: what it finds is explained", set(EXCEPTIONS), found[False])
    output, status = run(
        "checkov", "--file", "Dockerfile", "--framework", "dockerfile", "--skip-download",
        # It takes the name of a build argument for one of an image without a tag.
        "--quiet", "--compact", "--skip-check", "CKV_DOCKER_7")
    check("checkov, Dockerfile", (0, True), (status, "Failed checks: 0" in output))


def secrets(folder):
    """Looks for secrets in whatever is committed but tests, which have samples of all kinds."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", ":!Tests"], capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(name, folder / name)
    (folder / "Leaked.swift").write_text(LEAKED)
    output, _ = run(
        "checkov", "--directory", str(folder), "--framework", "secrets",
        "--enable-secret-scan-all-files", "--output", "json", "--skip-download", "--quiet",
        "--compact")
    found = {
        (one["check_id"], one["file_path"])
        for one in json.loads(output)["results"]["failed_checks"] if not is_sample(folder, one)}
    check("checkov, secrets: what it finds is explained",
          {("CKV_SECRET_2", "/Leaked.swift"), *NO_SECRETS}, found)


def is_sample(folder, finding):
    """Whether a finding is the password of an address that is an example."""
    lines = (folder / finding["file_path"].removeprefix("/")).read_text().splitlines()
    line = lines[finding["file_line_range"][0] - 1]
    return finding["check_id"] == "CKV_SECRET_4" and SAMPLE_PASSWORD.search(line) is not None


attempt("hadolint", hadolint)
attempt("yamllint", yamllint)
attempt("checkov", lambda: checkov(sys.argv[1]))
attempt("checkov, secrets", lambda: secrets(pathlib.Path(sys.argv[1], "source")))

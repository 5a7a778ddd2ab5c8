"""What other people's tools say of the Dockerfile, the YAML files and the manifests.

    tools.py FOLDER     FOLDER is empty; the overlays are written into it as they are applied

Each is shown a sample that it has to refuse, too: one that finds nothing proves nothing.
"""

import json
import pathlib
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
PRIVILEGED = {
    "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "sample", "namespace": "sample"},
    "spec": {"containers": [{
        "name": "sample", "image": "sample:1", "securityContext": {"privileged": True}}]},
}


def run(*command, text=None):
    """What a tool prints, and its status."""
    done = subprocess.run(
        COMMANDS[command[0]] + list(command[1:]), input=text, capture_output=True, text=True,
        timeout=120)
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


attempt("hadolint", hadolint)
attempt("yamllint", yamllint)
attempt("checkov", lambda: checkov(sys.argv[1]))

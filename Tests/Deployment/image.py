"""Holds the Dockerfile and .dockerignore against what they name."""

import pathlib
import re

from checks import attempt, check

DOCKERFILE = pathlib.Path("Dockerfile").read_text()
# The Debian package of each library that scripts/check-binary lets the binary link; None if it is
# in every image.
PACKAGES = {
    "ld-linux-aarch64.so.1": None, "ld-linux-x86-64.so.2": None, "libc.so.6": None,
    "libm.so.6": None, "libgcc_s.so.1": None, "libz.so.1": None, "libstdc++.so.6": "libstdc++6",
    "libargon2.so.1": "libargon2-1", "libcrypt.so.1": "libcrypt1", "libidn2.so.0": "libidn2-0",
    "libpq.so.5": "libpq5", "libunistring.so.2": "libunistring2",
    "libhiredis.so.0.14": "libhiredis0.14",
}


def libraries():
    allowed = re.search(
        r"^allowed=\((.*?)^\)", pathlib.Path("scripts/check-binary").read_text(), re.S | re.M)[1]
    linked = set(re.findall(r"^[^#]*$", allowed, re.M)) - {""}
    linked = {name for line in linked for name in line.split()}
    check("libraries whose package is known", set(), linked - set(PACKAGES))
    stage = DOCKERFILE.split(" AS build")[0]
    installed = set(re.search(r"--no-install-recommends \\\n(.*?) \\\n", stage, re.S)[1].split())
    check("packages", {PACKAGES[name] for name in linked} - {None}, installed)


def version():
    binary = re.search(
        r'version = "(.+)"', pathlib.Path("Sources/App/BuildInformation.swift").read_text())[1]
    check("version", binary, re.search(r"^ARG VERSION=(.+)$", DOCKERFILE, re.M)[1])
    overlay = pathlib.Path("k8s/overlays/production/kustomization.yaml").read_text()
    check("version in production", binary, re.search(r"newTag: (.+)", overlay)[1])


def sources():
    """What is copied is sent to the engine, and exists; nothing else is sent."""
    sent = pathlib.Path(".dockerignore").read_text().split("\n")
    sent = [line for line in sent if line and not line.startswith("#")]
    check("first, nothing is sent", "*", sent[0])
    allowed = {line.removeprefix("!") for line in sent[1:] if line.startswith("!")}
    check("then, only what is named", len(sent) - 1, len(allowed))
    copied = [
        name for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.M)
        for name in line.split()[:-1]
    ]
    check("everything that is sent is copied", allowed, {name.split("/")[0] for name in copied})
    check("everything that is copied is there", [], [
        name for name in copied if not pathlib.Path(name).exists()])


def run_time():
    check("a numeric user", ["10001:10001"], re.findall(r"^USER (.*)$", DOCKERFILE, re.M))
    check("no shell", ['["user-management"]', '["serve"]'], [
        re.search(rf"^{word} (.*)$", DOCKERFILE, re.M)[1] for word in ("ENTRYPOINT", "CMD")])
    check("its own health check", 1, DOCKERFILE.count('CMD ["user-management", "healthcheck"]'))
    check("the port", ["8000"], re.findall(r"^EXPOSE (.*)$", DOCKERFILE, re.M))


for group in (libraries, version, sources, run_time):
    attempt(group.__name__, group)

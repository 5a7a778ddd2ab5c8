"""Holds docker-compose.yml against the files that it mounts, what is promised of it, and the oldest
program that has to understand it."""

import pathlib
import re

import yaml

from checks import attempt, check
from variables import DEFAULTS, seconds

TEXT = pathlib.Path("docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
SECRETS = yaml.safe_load(pathlib.Path("docker-compose.secrets.yml").read_text())
# What is there without a profile, and the profiles.
ALWAYS = {"app", "db"}
PROFILES = {
    "alembic", "load-balancer", "redis", "prometheus", "grafana", "fluent-bit",
}


def services():
    check("services without a profile", ALWAYS, {
        name for name, one in SERVICES.items() if "profiles" not in one})
    check("each other one in a profile of its own", {name: [name] for name in PROFILES}, {
        name: one["profiles"] for name, one in SERVICES.items() if "profiles" in one})
    check("no fixed names, so that each can be scaled", set(), {
        name for name, one in SERVICES.items() if "container_name" in one})
    check("no image without a version", {"app", "alembic"}, {
        name for name, one in SERVICES.items() if re.search(r":latest$|^[^:]+$", one["image"])})
    check("one image", SERVICES["app"]["image"], SERVICES["alembic"]["image"])
    alembic = SERVICES["alembic"]
    check("the entry point of alembic", ["user-management", "migrate"], alembic["entrypoint"])
    check("alembic does not come back", False, "restart" in alembic)
    check("alembic is not published", False, "ports" in alembic)
    check("the port", ["${APP_PORTS:-8000}:8000"], SERVICES["app"]["ports"])
    check("everything else comes back", {"unless-stopped"}, {
        one["restart"] for name, one in SERVICES.items() if name != "alembic"})
    for name in ("app", "alembic", "load-balancer", "redis"):
        check(f"{name}: read-only, without capabilities", (True, ["ALL"]), (
            SERVICES[name]["read_only"], SERVICES[name]["cap_drop"]))
    for name, one in SERVICES.items():
        check(f"{name}: no new privileges", ["no-new-privileges:true"], one["security_opt"])
        check(f"{name}: the log is bounded", True, "max-size" in one["logging"]["options"])
    drain = seconds(DEFAULTS["SHUTDOWN_DELAY"]) + seconds(DEFAULTS["SHUTDOWN_GRACE"])
    check("time to drain", True, drain < seconds(SERVICES["app"]["stop_grace_period"]))


def monitoring():
    """Only this machine reaches what asks for no password, or has a known one."""
    for name in ("prometheus", "grafana"):
        check(f"{name} is for this machine", True, all(
            port.startswith("127.0.0.1:") for port in SERVICES[name]["ports"]))
    for name, value in (
        ("prometheus.yml", f"names: {SERVICES['app']['networks']['default']['aliases']}"),
        ("grafana/provisioning/datasources/prometheus.yml", "url: http://prometheus:9090"),
        ("grafana/provisioning/dashboards/user-management.yml", "path: /etc/grafana/dashboards"),
        ("fluent-bit.conf", "/var/lib/docker/containers/*/*-json.log"),
    ):
        text = (pathlib.Path("monitoring") / name).read_text()
        check(f"{name} finds what is in Compose", True, value.replace("'", "") in text)
    metrics = SERVICES["app"]["environment"]["METRICS_PORT"]
    (job,) = yaml.safe_load(pathlib.Path("monitoring/prometheus.yml").read_text())["scrape_configs"]
    check("prometheus.yml asks METRICS_PORT", metrics, str(job["dns_sd_configs"][0]["port"]))
    check("METRICS_PORT is not published", True, all(
        metrics not in port for port in SERVICES["app"]["ports"]))
    check("the database is not published", False, "ports" in SERVICES["db"])


def files():
    for name, one in SERVICES.items():
        for volume in one.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                check(f"{name}: {source} is there", True, pathlib.Path(source).exists())
                check(f"{name}: {source} is read only", True, volume.endswith(":ro"))
            elif not source.startswith("/"):
                check(f"{name}: volume {source}", True, source in COMPOSE["volumes"])


def secrets():
    for name, one in SECRETS["services"].items():
        unknown = set(one["secrets"]) - set(SECRETS["secrets"])
        check(f"{name}: its secrets are files", set(), unknown)
        variables = SERVICES[name]["environment"].keys() | DEFAULTS.keys()
        for variable, value in one["environment"].items():
            known = variable.removesuffix("_FILE") in variables
            check(f"{name}: {variable}", (True, True), (
                known, value == "" or value.removeprefix("/run/secrets/") in one["secrets"]))
    ignored = pathlib.Path(".gitignore").read_text().split()
    check("no repository gets them", True, "secrets/" in ignored)
    for name, one in SECRETS["secrets"].items():
        check(f"secret {name}", f"secrets/{name}", one["file"])


def compatibility():
    """What docker-compose 1.29 refuses."""
    check("top level", {"services", "volumes", "x-service"}, set(COMPOSE))
    for name, one in SERVICES.items():
        check(f"{name}: no `develop`", False, "develop" in one)
        check(f"{name}: no `start_interval`", False, "start_interval" in one.get("healthcheck", {}))
        for needed, how in one.get("depends_on", {}).items():
            check(f"{name}: depends on {needed}", {"condition": "service_healthy"}, how)
        check(f"{name}: one env_file", True, isinstance(one.get("env_file", ""), str))


for group in (services, monitoring, files, secrets, compatibility):
    attempt(group.__name__, group)

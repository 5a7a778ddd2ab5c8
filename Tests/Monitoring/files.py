"""The files that operators use, as values, and what they ask Prometheus."""

import json
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).parents[2]
MONITORING = ROOT / "monitoring"
RULES = MONITORING / "rules"
DASHBOARD = MONITORING / "grafana/dashboards/user-management.json"
# Metrics that Prometheus itself makes for each target.
OF_PROMETHEUS = {"up"}
# What Grafana puts in an expression. A range has at least four scrapes.
VARIABLES = {"$__rate_interval": "1m", "$instance": ".*", "$job": "user-management"}


def rules(kind):
    """The rules that are `record` or `alert`, by name; several may record under one."""
    found = {}
    for file in ("recording.yml", "alerts.yml"):
        for group in yaml.safe_load((RULES / file).read_text())["groups"]:
            for rule in group["rules"]:
                if kind in rule:
                    found.setdefault(rule[kind], []).append(rule)
    return found


def dashboard():
    """The dashboard."""
    return json.loads(DASHBOARD.read_text())


def panels():
    """The panels that show something."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def filled_in(expression):
    """An expression with Grafana's variables filled in."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def dashboard_expressions():
    """What the dashboard asks, by a name for it."""
    found = {
        f"{panel['title']} {target['refId']}": filled_in(target["expr"])
        for panel in panels() for target in panel["targets"]}
    for annotation in dashboard()["annotations"]["list"]:
        found[annotation["name"]] = filled_in(annotation["expr"])
    return found


def rule_expressions():
    """What the rules ask, by their names."""
    return {
        f"{name} {number}": rule["expr"]
        for kind in ("record", "alert") for name, several in rules(kind).items()
        for number, rule in enumerate(several)}


def documented_metrics():
    """The metrics of docs/metrics.md: those in the first column of a table."""
    text = (ROOT / "docs/metrics.md").read_text()
    return set(re.findall(r"^\| `([a-z_]+)(?:\{[^}]*\})?`", text, re.MULTILINE))

"""The dashboard without Grafana: what Grafana's own library reads of it is the whole of it, each
panel has a title, a unit and an explanation, and each expression is one.
"""

import copy
import json
import pathlib
import subprocess
import tempfile

import yaml
from grafana_foundation_sdk.cog import encoder, plugins
from grafana_foundation_sdk.models import dashboard as grafana
from grafana_foundation_sdk.models import units

from checks import check
from files import (MONITORING, OF_PROMETHEUS, dashboard, dashboard_expressions,
                   documented_metrics, panels, rule_expressions, rules)
from promql import family, recorded, selectors

# Panels and the source that come with Grafana.
OWN = {"heatmap", "row", "stat", "timeseries"}
UNITS = {value for name, value in vars(units).items() if isinstance(value, str) and name[0] != "_"}


def lost(given, read, path=""):
    """The members that are not in what was read."""
    if isinstance(given, dict) and isinstance(read, dict):
        return [place for name in given for place in (
            lost(given[name], read[name], f"{path}/{name}") if name in read
            else [f"{path}/{name}"])]
    if isinstance(given, list) and isinstance(read, list) and len(given) == len(read):
        return [place for index, (one, other) in enumerate(zip(given, read))
                for place in lost(one, other, f"{path}/{index}")]
    return [] if given == read else [path]


def read_by_grafana(given):
    """A dashboard after Grafana's library has read and written it."""
    return json.loads(encoder.JSONEncoder().encode(grafana.Dashboard.from_json(given)))


def check_model():
    """Members that Grafana does not know."""
    plugins.register_default_plugins()
    given = dashboard()
    check("what Grafana does not read", [], lost(given, read_by_grafana(given)))
    wrong = copy.deepcopy(given)
    wrong["panels"][0]["fieldConfig"]["defaults"]["units"] = "s"
    check("a member that Grafana does not know is noticed",
          ["/panels/0/fieldConfig/defaults/units"], lost(wrong, read_by_grafana(wrong)))


def check_panels():
    """What people see."""
    all_panels = dashboard()["panels"]
    check("only panels of Grafana's own", set(), {panel["type"] for panel in all_panels} - OWN)
    ids = [panel["id"] for panel in all_panels]
    check("ids are unique", sorted(set(ids)), sorted(ids))
    titles = [panel["title"] for panel in panels()]
    check("titles are unique", sorted(set(titles)), sorted(titles))
    check("rows", ["Traffic", "Errors", "Latency", "Saturation", "Database", "Logins"],
          [panel["title"] for panel in all_panels if panel["type"] == "row"])
    for panel in panels():
        title = panel["title"]
        check(f"{title}: it has a title and an explanation", True,
              bool(title) and panel["description"].endswith("."))
        check(f"{title}: Grafana knows its unit", True,
              panel["fieldConfig"]["defaults"].get("unit") in UNITS)
        check(f"{title}: its source", {"prometheus"},
              {target["datasource"]["uid"] for target in panel["targets"]})
    check("variables", ["job", "instance"],
          [variable["name"] for variable in dashboard()["templating"]["list"]])
    places = [tuple(panel["gridPos"].values()) for panel in all_panels]
    taken = [(column, line) for x, y, w, h in places
             for column in range(x, x + w) for line in range(y, y + h)]
    check("panels do not overlap", len(set(taken)), len(taken))
    check("panels leave no gap", 24 * max(y + h for _, y, _, h in places), len(taken))


def check_provisioning():
    """That the parts find each other."""
    folder = MONITORING / "grafana/provisioning"
    sources = yaml.safe_load((folder / "datasources/prometheus.yml").read_text())["datasources"]
    check("the source", [("prometheus", "prometheus")], [(s["type"], s["uid"]) for s in sources])
    settings = yaml.safe_load((MONITORING / "prometheus.yml").read_text())["global"]
    check("the source's interval", settings["scrape_interval"],
          sources[0]["jsonData"]["timeInterval"])


def check_expressions():
    """That Prometheus can read them, and that they ask for what there is."""
    asked = dashboard_expressions()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "rules.yml")
        file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": [
            {"record": f"panel:{number}", "expr": expression}
            for number, expression in enumerate(asked.values())]}]}))
        done = subprocess.run(
            ["promtool", "check", "rules", file], capture_output=True, text=True)
    if not check("Prometheus can read what the dashboard asks", 0, done.returncode):
        print(done.stdout + done.stderr)
    documented, recordings = documented_metrics(), rules("record").keys()
    for name, expression in {**asked, **rule_expressions()}.items():
        unknown = [
            metric for metric, _ in selectors(expression)
            if (metric not in recordings if recorded(metric)
                else family(metric, documented) not in documented | OF_PROMETHEUS)]
        check(f"{name}: metrics that there are not", [], unknown)
    used = {metric for expression in {**asked, **rule_expressions()}.values()
            for metric, _ in selectors(expression)}
    check("recordings that nobody uses", set(), recordings - used)


def main():
    """Looks at the dashboard from all sides."""
    check_model()
    check_panels()
    check_provisioning()
    check_expressions()


main()

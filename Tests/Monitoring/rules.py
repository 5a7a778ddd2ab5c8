"""The rules, by promtool: they are valid, each alert is tested both ways and documented, and each
recording rule has a value.
"""

import re
import subprocess

import yaml

from checks import check
from files import MONITORING, ROOT, RULES, rules

ALERTS = rules("alert")
RECORDINGS = rules("record")


def promtool(name, *arguments):
    """Runs promtool; what it says is shown when it fails."""
    done = subprocess.run(["promtool", *arguments], cwd=MONITORING, capture_output=True, text=True)
    if not check(name, 0, done.returncode):
        print(done.stdout + done.stderr)


def check_tests():
    """What the tests of the rules leave out."""
    fires, silent, asserted = set(), set(), ""
    for test in yaml.safe_load((RULES / "tests.yml").read_text())["tests"]:
        for case in test.get("alert_rule_test", []):
            (fires if case.get("exp_alerts") else silent).add(case["alertname"])
        for case in test.get("promql_expr_test", []):
            asserted += "".join(sample["labels"] + "\n" for sample in case["exp_samples"])
    check("alerts that no test has seen firing", [], sorted(ALERTS.keys() - fires))
    check("alerts that no test has seen silent", [], sorted(ALERTS.keys() - silent))
    check("recordings without a value", [], [
        name for name in RECORDINGS if f"\n{name}{{" not in "\n" + asserted])


def check_runbook():
    """What docs/monitoring.md leaves out, and what it tells of that does not exist."""
    text = (ROOT / "docs/monitoring.md").read_text()
    headings = re.findall(r"^### (UserManagement\w+)$", text, re.MULTILINE)
    check("the runbook's headings are the alerts", list(ALERTS), headings)
    for name, (rule,) in ALERTS.items():
        check(f"{name}: its labels", True, rule["labels"]["severity"] in ("critical", "warning"))
        check(f"{name}: its annotations", ["description", "runbook", "summary"],
              sorted(rule["annotations"]))
        check(f"{name}: its runbook", f"docs/monitoring.md#{name.lower()}",
              rule["annotations"]["runbook"])


def main():
    """Asks promtool, then looks at what it cannot see."""
    promtool("check config", "check", "config", "prometheus.yml")
    promtool("check rules", "check", "rules", "rules/recording.yml", "rules/alerts.yml")
    promtool("test rules", "test", "rules", "rules/tests.yml")
    check_tests()
    check_runbook()


main()

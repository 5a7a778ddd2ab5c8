"""Holds docs/deployment.md and its Chinese translation against each other and what they name, and
docs/threat-model.md against what it says is shown by tests.
"""

import pathlib
import re

from checks import attempt, check

ENGLISH = pathlib.Path("docs/deployment.md").read_text()
CHINESE = pathlib.Path("docs/deployment.zh-CN.md").read_text()
# The operators' commands, letter for letter.
COMMANDS = """
cp .env.example .env
docker build -t user-management-service:latest .
docker-compose run --rm alembic upgrade head
docker-compose up -d
docker-compose ps
docker-compose logs -f app
curl http://localhost:8000/health
curl http://localhost:8000/docs
docker-compose exec app pg_isready -h db -p 5432
docker-compose down
docker-compose up -d --scale app=0
kubectl logs -f deployment/user-management-app
kubectl rollout undo deployment/user-management-app
""".strip().split("\n")


def blocks(text):
    """The blocks of code, without comments, which are translated."""
    found = re.findall(r"^```\w*\n(.*?)^```$", text, re.S | re.M)
    return [re.sub(r"(^|  +)#(?! ---).*$", "", block, flags=re.M).rstrip() for block in found]


def commands():
    for text, name in ((ENGLISH, "English"), (CHINESE, "Chinese")):
        lines = {line for block in blocks(text) for line in block.split("\n")}
        lines = {line.strip() for line in lines}
        for command in COMMANDS:
            check(f"{name}: {command}", True, command in lines)


def translation():
    english, chinese = blocks(ENGLISH), blocks(CHINESE)
    check("as many blocks of code", len(english), len(chinese))
    for number, (one, other) in enumerate(zip(english, chinese), 1):
        check(f"block {number} is the same", one, other)
    for pattern in (r"^(#+) ", r"^\|"):
        check(f"as many lines that match {pattern}", re.findall(pattern, ENGLISH, re.M), re.findall(
            pattern, CHINESE, re.M))


def names():
    """Files that are named are there."""
    for name in sorted(set(re.findall(r"\]\(((?!http|#)[^)#]+)", ENGLISH + CHINESE))):
        check(f"{name} is there", True, (pathlib.Path("docs") / name).exists())
    named = r"`((?:k8s|docs|monitoring|scripts|migrations)/[\w./-]+)`"
    for name in sorted(set(re.findall(named, ENGLISH + CHINESE))):
        check(f"{name} is there", True, pathlib.Path(name).exists())


def shown():
    """Tests and scripts that show something are there."""
    text = pathlib.Path("docs/threat-model.md").read_text()
    tests = {f"Tests/{name}" for name in re.findall(r"`(\w+Tests(?:/[\w/]+(?:\.swift)?)?)`", text)}
    scripts = set(re.findall(r"`(scripts/[\w-]+)`", text))
    check("tests and scripts are named", (True, True), (len(tests) > 20, len(scripts) > 5))
    for name in sorted(tests | scripts):
        check(f"{name} is there", True, pathlib.Path(name).exists())


for group in (commands, translation, names, shown):
    attempt(group.__name__, group)

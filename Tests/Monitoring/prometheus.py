"""A Prometheus of our own that scrapes what is running here, and what its programs are given.

The arguments are the URL of the service, a folder for scratch, how many seconds requests are sent,
the folder of PostgreSQL's socket, the path of psql, and the administrator's address and password.
"""

import json
import pathlib
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

from checks import TIMEOUT, short
from files import MONITORING

URL = sys.argv[1]
SCRATCH = pathlib.Path(sys.argv[2])
SECONDS = int(sys.argv[3])
SOCKET = pathlib.Path(sys.argv[4])
PSQL, EMAIL, PASSWORD = sys.argv[5:8]
TARGET = urllib.parse.urlsplit(URL).netloc


def eventually(what, condition, seconds=60):
    """The value of `condition` as soon as it is true, which it must be within some seconds."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if value := condition():
                return value
        except (urllib.error.URLError, ConnectionError):
            pass
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def free_port():
    """A port that nobody listens on."""
    return int(subprocess.run(
        ["bash", "-c", "source scripts/lib.sh; free_port"], check=True, capture_output=True,
        cwd=MONITORING.parent).stdout)


def configuration(file, mechanism, targets):
    """One of the configurations, with `targets` in place of what finds them, and quicker."""
    content = yaml.safe_load((MONITORING / file).read_text())
    content["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    content["rule_files"] = [str(MONITORING / path) for path in content["rule_files"]]
    (job,) = content["scrape_configs"]
    del job[mechanism]
    job["static_configs"] = targets
    return content


class Prometheus:
    """A server that runs as long as its scope does."""

    def __init__(self, name, content):
        self.folder = SCRATCH / name
        self.folder.mkdir()
        self.file = self.folder / "prometheus.json"
        self.file.write_text(json.dumps(content))
        self.url = f"http://127.0.0.1:{free_port()}"

    def __enter__(self):
        # A signal ends the scope as an error does.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.log = (self.folder / "log").open("wb")
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "prometheus", f"--config.file={self.file}",
             f"--storage.tsdb.path={self.folder / 'data'}", "--log.level=warn",
             f"--web.listen-address={urllib.parse.urlsplit(self.url).netloc}"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        eventually("Prometheus is ready", lambda: self.get("/-/ready"))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(TIMEOUT)
        self.log.close()

    def logged(self):
        """What it has to say."""
        return (self.folder / "log").read_text()

    def get(self, path, **parameters):
        """The body of an answer."""
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self.url}{path}?{query}", timeout=TIMEOUT) as answer:
            return answer.read()

    def ask(self, path, **parameters):
        """The data of an answer; an error if it is none."""
        try:
            return json.loads(self.get(f"/api/v1/{path}", **parameters))["data"]
        except urllib.error.HTTPError as error:
            raise ValueError(short(json.loads(error.read())["error"])) from error

    def query(self, expression, at=None):
        """The samples that an expression has, each as (labels, value), at a time or now."""
        time_of_it = {} if at is None else {"time": at}
        data = self.ask("query", query=expression, **time_of_it)
        return [(sample["metric"], float(sample["value"][1])) for sample in data["result"]]

    def scraped_after(self, moment):
        """The time of the first scrape that began after a moment, once it is there."""
        def later():
            samples = self.query('timestamp(up{job="user-management"})')
            return samples and samples[0][1] > moment and samples[0][1]
        return eventually("another scrape", later)

"""Has wapiti attack what the service's OpenAPI document tells of; first a server of our own in
which it has to find every flaw, because a scanner that finds nothing proves nothing.

It attacks what is got and posted, in the parameters of queries and the members of bodies, and
crawls no further.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

from api import ROUNDS, URL, Caller, registered
from checks import attempt, check
from flawed import DOCUMENT, FLAWS, FlawedHandler
from identity import ADMINISTRATOR, PASSWORD
from injectable import Server
from injection import PARAMETERS

SOME = "crlf,csp,exec,file,http_headers,permanentxss,redirect,sql,ssrf,xss"
# From the second round on. Not among them, besides what asks the Internet or is about one product:
# - htaccess takes the 501 of a method that does not exist for a way around a 401;
# - ldap takes it for a hit if values are refused, as `*` is of `role`, where others find nothing;
# - methods deletes what it can, and reports no more than the document tells;
# - spring4shell takes it for the flaw that an unknown parameter is refused, and logs out.
MORE = f"{SOME},backup,buster,cookieflags,csrf,shellshock,timesql,upload,xxe"
SECONDS_MAX = 100 * ROUNDS
# That of the document's examples.
EMAIL = "ada@example.com"
# X-Frame-Options is missing: `frame-ancestors` of Content-Security-Policy says the same, and where
# it stands, browsers do not look at the other (CSP 3).
EXPECTED = {("Clickjacking Protection", "GET", "/", "")}
# The root is no operation, the user is there already, and no session has the example's token.
REFUSED = {("GET", "/", 404), ("POST", "/auth/refresh", 401), ("POST", "/users", 409)}


def wapiti(url, document, endpoint, starts=()):
    """The report of a scan of a document's operations and of more URLs to start with. `endpoint` is
    where it asks for requests that it has brought about.
    """
    program = pathlib.Path(sys.executable).with_name("wapiti")
    with tempfile.TemporaryDirectory() as folder:
        described = pathlib.Path(folder, "document.json")
        described.write_text(json.dumps(document))
        report = pathlib.Path(folder, "report.json")
        ended = subprocess.run(
            [sys.executable, program, f"--url={url}/", f"--swagger={described}",
             *(f"--start={start}" for start in starts), "--depth=0", "--tasks=1", "--timeout=20",
             f"--module={SOME if ROUNDS == 1 else MORE}", f"--level={1 if ROUNDS == 1 else 2}",
             f"--header=Authorization: {ADMINISTRATOR['Authorization']}",
             # Else it asks servers of its makers.
             f"--endpoint={endpoint}", "--dns-endpoint=localhost", "--no-bugreport",
             f"--store-session={folder}", f"--store-config={folder}",
             "--format=json", "--detailed-report=2", f"--output={report}"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS_MAX,
            check=False)
        if ended.returncode != 0:
            raise AssertionError(f"wapiti failed: {(ended.stdout + ended.stderr)[-2000:]}")
        return json.loads(report.read_text())


def findings(report):
    """What a report tells of, as in FLAWS."""
    return {
        (kind, each["method"], path_of(each["path"]), each["parameter"])
        for part in ("vulnerabilities", "anomalies")
        for kind, found in report[part].items() for each in found}


def visits(report):
    """The methods, paths and statuses of what wapiti asked for before it attacked."""
    return {
        (page["request"]["method"], path_of(page["request"]["url"]),
         page["response"]["status_code"])
        for page in report["infos"]["crawled_pages"]}


def path_of(url):
    """A URL's path."""
    return urllib.parse.urlsplit(url).path


def schema(example):
    """A schema of which wapiti makes the example."""
    if isinstance(example, dict):
        members = {name: schema(member) for name, member in example.items()}
        return {"type": "object", "properties": members}
    if isinstance(example, list):
        return {"type": "array", "items": schema(example[0])}
    return {"type": "string", "default": example}


def attacked(names):
    """What is attacked of the service's document, in words that wapiti understands: paths have
    names in them that exist, and bodies are the examples. The list of users is not among it:
    wapiti would send all its parameters at once, which is refused.
    """
    paths = {}
    for template, item in Caller().get("/openapi.json").json["paths"].items():
        for method in item.keys() & {"get", "post"}:
            if (template, method) == ("/users", "get"):
                continue
            operation = {"parameters": [
                parameter for parameter in item[method]["parameters"]
                if parameter.get("in") == "query"]}
            if "requestBody" in item[method]:
                example = item[method]["requestBody"]["content"]["application/json"]["example"]
                operation["requestBody"] = {
                    "content": {"application/json": {"schema": schema(example)}}}
            paths.setdefault(template.format(**names), {})[method] = operation
    return {"openapi": "3.1.0", "paths": paths}


def operations(document):
    """The methods and paths of a document."""
    return {(method.upper(), path) for path, item in document["paths"].items() for method in item}


def scan_service(endpoint, identifier):
    """Attacks the service."""
    document = attacked({"id": identifier, "name": "admin", "code": "email_taken"})
    starts = [f"{URL}/users?{query}" for query in (*PARAMETERS, f"ids={identifier}")]
    report = wapiti(URL, document, endpoint, starts)
    visited = visits(report)
    check("wapiti: every operation is visited", operations(document) | {("GET", "/users")},
          {(method, path) for method, path, _ in visited if path != "/"})
    check("wapiti: what it visits is there", REFUSED,
          {visit for visit in visited if visit[2] >= 400})
    check("wapiti: nothing else is found", EXPECTED, findings(report))


def main():
    """Attacks the flawed server, then the service."""
    identifier = registered(Caller(), EMAIL, password=PASSWORD)
    with Server(FlawedHandler) as flawed:
        attempt("wapiti: flaws are found", lambda: check(
            "wapiti: flaws are found", FLAWS,
            findings(wapiti(flawed.url, DOCUMENT, flawed.url))))
        attempt("wapiti: the service", lambda: scan_service(flawed.url, identifier))
    caller = Caller()
    check("wapiti: health afterwards", 200, caller.get("/health").status)
    check("wapiti: the user is there", 200, caller.get(f"/users/{identifier}").status)


if __name__ == "__main__":
    main()

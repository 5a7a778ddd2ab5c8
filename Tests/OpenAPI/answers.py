"""Holds every answer that the end-to-end tests have recorded against the document.

Each must have a status, a media type, the fields and the content that the document tells of for the
operation; what was no operation must at least be answered by a problem of the register. A member
that the document does not tell of is a fault, too. First the checker is shown answers that it has
to refuse.
"""

import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Clients"))

from jsonschema import Draft202012Validator, FormatChecker

from checks import check
from shared import fetch

FORMATS = FormatChecker(["date-time", "json-pointer", "uri-reference", "uuid"])
# With METRICS_PORT a service has no `/metrics` here, and a document that says so.
ABSENT = {(("GET", "/metrics"), 404)}


def closed(schema):
    """A schema that refuses members which it does not name, unless it says that it takes any."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result = {name: closed(value) for name, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        result.setdefault("additionalProperties", False)
    return result


def is_ordinary(field, value):
    """Whether an answer may have this field without a word in the document: what HTTP itself asks
    for, and what the settings of a service add (CORS_ALLOWED_ORIGINS)."""
    return (field in ("allow", "connection", "content-length", "content-type", "date")
            or field.startswith("access-control-")
            or (field, value) in {("content-encoding", "gzip"), ("vary", "Accept-Encoding"),
                                  ("vary", "Origin")})


class Document:
    def __init__(self, document):
        self.components = document["components"]
        self.closed_components = {**self.components, "schemas": closed(self.components["schemas"])}
        self.operations = {}
        self.templates = []
        for template, item in document["paths"].items():
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)))
            self.templates.append((template, pattern))
            for method, operation in item.items():
                self.operations[method.upper(), template] = operation
        # What is written out wins over what is open, as in the router.
        self.templates.sort(key=lambda each: each[0].count("{"))

    def operation(self, method, target):
        """The name of the operation that a request is for, and the operation; or two Nones."""
        path = re.sub(r"^[a-z]+://[^/]*", "", target.partition("?")[0])
        for template, pattern in self.templates:
            if pattern.fullmatch(path):
                name = ("GET" if method == "HEAD" else method), template
                return name, self.operations.get(name)
        return None, None

    def resolve(self, value):
        while "$ref" in value and value["$ref"].startswith("#/components/"):
            _, _, kind, name = value["$ref"].split("/")
            value = self.components[kind][name]
        return value

    def faults(self, schema, value):
        validator = Draft202012Validator(
            {**closed(schema), "components": self.closed_components}, format_checker=FORMATS)
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]

    def faults_of_exchange(self, exchange):
        """What is wrong with an answer; `exchange` is a line of the record."""
        words = exchange["head"].split("\r\n")[0].split(" ")
        if len(words) != 3:
            return None, self.faults_of_problem(exchange)
        name, operation = self.operation(words[0], words[1])
        if operation is None or (name, exchange["status"]) in ABSENT:
            if words[0] == "OPTIONS" and exchange["status"] == 204:
                return None, []
            return None, self.faults_of_problem(exchange)
        answer = operation["responses"].get(str(exchange["status"]))
        if answer is None:
            return name, [f"status {exchange['status']} is not told of"]
        return name, self.faults_of_answer(answer, exchange, is_head=words[0] == "HEAD")

    def faults_of_answer(self, answer, exchange, is_head):
        fields = {}
        for field, value in exchange["fields"]:
            fields.setdefault(field.lower(), value)
        found = []
        for field, header in answer["headers"].items():
            header = self.resolve(header)
            value = fields.get(field.lower())
            if value is None:
                found += [f"no {field}"] if header["required"] else []
                continue
            typed = int(value) if header["schema"].get("type") == "integer" else value
            found += [f"{field} {fault}" for fault in self.faults(header["schema"], typed)]
        told = {field.lower() for field in answer["headers"]}
        found += [f"{field} is not told of" for field in sorted(fields)
                  if field not in told and not is_ordinary(field, fields[field])]
        contents = answer.get("content", {})
        media_type = fields.get("content-type", "").partition(";")[0]
        if not contents:
            return found + (["content where none is told of"] if exchange["body"] else [])
        if media_type not in contents:
            return found + [f"media type {media_type!r} is not told of"]
        # Compressed content cannot be looked at here: the record has it as text.
        if is_head or "content-encoding" in fields:
            return found
        value = json.loads(exchange["body"]) if media_type.endswith("json") else exchange["body"]
        return found + self.faults(contents[media_type]["schema"], value)

    def faults_of_problem(self, exchange):
        """What is wrong with the answer to what is no operation: it must be a problem."""
        told = ["X-Request-ID", "X-Content-Type-Options", "Content-Security-Policy",
                "Cache-Control", "RateLimit", "RateLimit-Policy"]
        if exchange["status"] == 429:
            told.append("Retry-After")
        headers = {name: {"$ref": f"#/components/headers/{name}"} for name in told}
        schema = {"$ref": "#/components/schemas/Problem"}
        content = {"application/problem+json": {"schema": schema}}
        is_head = exchange["head"].startswith("HEAD ")
        found = self.faults_of_answer({"headers": headers, "content": content}, exchange, is_head)
        if not found and not is_head and json.loads(exchange["body"])["status"] != exchange["status"]:
            found = ["the status of the problem is not that of the answer"]
        return found


def exchange(line, status, body, **fields):
    """A line of the record, for samples."""
    given = {"X_Request_ID": "r-1", "Content_Type": "application/json",
             "X_Content_Type_Options": "nosniff", "Content_Security_Policy": "default-src 'none'",
             "Cache_Control": "no-store", **fields}
    return {"head": f"{line} HTTP/1.1", "status": status, "body": json.dumps(body),
            "fields": [[name.replace("_", "-"), value]
                       for name, value in given.items() if value]}


def some_fault(found):
    """at least one fault"""
    return bool(found)


def check_samples(document):
    """Shows the checker answers of `/version` and of no route, right and wrong."""
    right = {"name": "user-management", "version": "0.1.0"}

    def faults(*arguments, **fields):
        return document.faults_of_exchange(exchange(*arguments, **fields))[1]

    check("a right answer passes", [], faults("GET /version", 200, right))
    for name, sample in {
        "a status": ("GET /version", 202, right),
        "a member that is missing": ("GET /version", 200, {"name": "user-management"}),
        "a member that is new": ("GET /version", 200, {**right, "age": 1}),
        "a member of another type": ("GET /version", 200, {**right, "version": 1}),
        "a code that is not told of": ("GET /nothing", 404, {"title": "Nothing"}),
    }.items():
        check(f"{name} is refused", some_fault, faults(*sample))
    check("a media type is refused", some_fault,
          faults("GET /version", 200, right, Content_Type="text/plain"))
    check("a missing field is refused", some_fault,
          faults("GET /version", 200, right, X_Request_ID=None))
    check("a field that is not told of is refused", some_fault,
          faults("GET /version", 200, right, X_Powered_By="us"))


def main():
    url, path = sys.argv[1:]
    document = Document(fetch(url))
    check_samples(document)
    seen = {}
    faults = {}
    with open(path, encoding="utf-8") as record:
        for line in record:
            recorded = json.loads(line)
            name, found = document.faults_of_exchange(recorded)
            seen.setdefault(name, set()).add(recorded["status"])
            for fault in found:
                faults.setdefault((name, recorded["status"], fault), recorded["head"][:200])
    count = sum(1 for _ in open(path, encoding="utf-8"))
    print(f"{count} answers were recorded")
    check("something was recorded", True, count > 100)
    for operation in document.operations:
        check(f"{' '.join(operation)} was asked for", True, operation in seen)
    for fault, head in faults.items():
        print(fault, head.partition("\r\n")[0])
    check("every answer is one that the document tells of", 0, len(faults))


main()

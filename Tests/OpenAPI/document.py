"""openapi-spec-validator and the schema of JSON Schema read the document that the service serves.

They are shown documents first that they have to refuse.
"""

import copy
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Clients"))

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from checks import check
from shared import fetch

document = fetch(sys.argv[1])


def faults(document):
    """What is wrong with a document, as far as the two know."""
    found = [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]
    for name, schema in document["components"]["schemas"].items():
        found += [f"{name}: {e.message}" for e in META.iter_errors(schema)]
    if found:
        return found
    for name, schema in document["components"]["schemas"].items():
        validator = Draft202012Validator({**schema, "components": document["components"]})
        for example in examples_of(document, name):
            found += [f"example of {name}: {e.message}" for e in validator.iter_errors(example)]
    return found


def examples_of(document, name):
    """The examples that stand beside a reference to a schema, in requests and in answers."""
    reference = {"$ref": f"#/components/schemas/{name}"}
    for item in document["paths"].values():
        for operation in item.values():
            contents = [operation.get("requestBody", {}), *operation["responses"].values()]
            for content in contents:
                for media in content.get("content", {}).values():
                    if media["schema"] == reference and "example" in media:
                        yield media["example"]


META = Draft202012Validator(Draft202012Validator.META_SCHEMA)


def broken(change):
    """A copy of the document after a change for the worse."""
    copied = copy.deepcopy(document)
    change(copied)
    return copied


def some_fault(found):
    """at least one fault"""
    return bool(found)


check("a document without a title is refused", some_fault,
      faults(broken(lambda d: d["info"].pop("title"))))
check("an undeclared parameter of a path is refused", some_fault,
      faults(broken(lambda d: d["paths"]["/users/{id}"]["get"]["parameters"].pop(0))))
check("a schema of no type that there is is refused", some_fault,
      faults(broken(lambda d: d["components"]["schemas"]["User"].update(type="user"))))
check("an example that its schema refuses is refused", some_fault,
      faults(broken(lambda d: d["components"]["schemas"]["User"]["required"].append("age"))))
check("the document is OpenAPI 3.1", [], faults(document))

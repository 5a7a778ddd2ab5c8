"""What an expression of PromQL asks for: the names of its metrics, and its selectors."""

import re

TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<range>\[[^\]]*\])
    |(?P<labels>\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\))
    |(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?P<matchers>\s*\{(?:"(?:[^"\\]|\\.)*"|[^"}])*\})?
    |(?P<number>[0-9][0-9a-zA-Z.]*)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL)
# What follows the name of a function or of an aggregation.
CALL = re.compile(r"\s*(?:\(|(?:by|without)\b)")
WORDS = {"and", "or", "unless", "bool", "offset", "inf", "nan"}
# What a histogram is written as, beside its own name.
PARTS = re.compile(r"_(?:bucket|sum|count)$")


def selectors(expression):
    """The metrics that an expression reads, each as (name, name with its matchers)."""
    found = []
    for token in TOKEN.finditer(expression):
        name = token["name"]
        if name is None or name.lower() in WORDS:
            continue
        if token["matchers"] is None and CALL.match(expression, token.end()):
            continue
        found.append((name, name + re.sub(r"\s+", " ", token["matchers"] or "").strip()))
    return found


def recorded(name):
    """Whether a rule makes the metric; the service's names have no colon."""
    return ":" in name


def family(name, families):
    """The family that a sample called `name` belongs to."""
    return name if name in families else PARTS.sub("", name)

"""What schemathesis can't know of Roster, above all which refusals are right
although the request matches its schema.

schemathesis takes a request for valid where its schema does. JSON Schema can't
state every rule: what depends on what the directory holds, on other parameters,
or on a secret. A refusal by such a rule is no failure of the check
positive_data_acceptance. Any other is, and so is every other failure.
"""

import json
import re
import uuid

import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData

# The kind of problem, the place ("?name" is a parameter, "/name" a member of
# the body, "" the whole) and the detail; then why no schema can say it.
RIGHT = [
    ("stale", r"", r".*", "a precondition holds or not by the version that is kept"),
    ("key-reused", r"\?Idempotency-Key", r".*", "a key is new or not by the requests before"),
    ("key-in-progress", r".*", r".*", "a key is free or not by the requests under way"),
    ("parameter", r"\?cursor", r"is not a cursor of this question", "a cursor is sealed with a secret"),
    ("parameter", r"\?to", r".* is not after from, .*", "two parameters are compared"),
    ("parameter", r"\?created_to", r".* is not after created_from.*", "two parameters are compared"),
    ("parameter", r"\?[a-z_]+", r"goes with .*", "parameters exclude each other"),
    ("invalid", r"/owner", r"is not an active user", "it depends on who is in the directory"),
    ("invalid", r"/plan", r"is not the code of a plan", "it depends on which plans there are"),
    ("invalid", r"/events/\d+/occurred_at", r".* is out of range", "a schema knows no now"),
    ("invalid", r"/.*", r"holds the number .*, whose exponent is beyond ±308", "a schema knows no exponents"),
    ("invalid", r"/.*", r"has \d+ bytes of JSON.*", "a schema knows no bytes"),
    ("invalid", r"/.*", r"has more than \d+ levels.*", "a schema knows no depth"),
    ("invalid", r"", r"(the header|opens a quote) .*", "CSV is text to a schema"),
]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Give each request of a sequence a key of its own.

    A key that came before, with the same body, gets the answer of then, and what
    that tells of may be gone. Requests one by one keep the keys drawn for them.
    """
    valid = case.meta and case.meta.generation.mode.is_positive
    if valid and case.meta.phase.name.value == "stateful" and case.headers.get("Idempotency-Key"):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keep a failure unless every fault that the answer names is a right one."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    problem = json.loads(response.text)
    kind = problem["type"].partition("#")[2]
    faults = problem.get("errors") or [{"detail": problem["detail"]}]
    return not all(is_right(kind, fault) or is_unquoted(case, fault) for fault in faults)


def is_unquoted(case, fault):
    """Whether the fault is that of an entity tag from which schemathesis took the quotes.

    Its coverage phase sends 0 where the pattern asks for "0".
    """
    name = fault.get("parameter")
    return name in ("If-Match", "If-None-Match") and case.headers.get(name) == "0"


def is_right(kind, fault):
    """Whether no schema could have said so."""
    place = "?" + fault["parameter"] if "parameter" in fault else fault.get("pointer", "")
    return any(
        kind == known and re.fullmatch(where, place) and re.fullmatch(detail, fault["detail"], re.DOTALL)
        for known, where, detail, _ in RIGHT
    )

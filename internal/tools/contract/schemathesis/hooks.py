"""Rules of Roster that schemathesis can't know.

schemathesis takes a request as valid if it matches its schema. JSON Schema can't
state every rule: some depend on the contents of the directory, on other parameters,
or on a secret. A refusal by such a rule is no failure of the check
positive_data_acceptance. Any other refusal is, and so is every other failure.
"""

import json
import re
import uuid

import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree

# The kind of problem, the place ("?name" is a parameter, "/name" a field of the
# body, "" the whole) and the detail; then the reason why a schema can't state it.
RIGHT = [
    ("stale", r"", r".*", "it depends on the stored version"),
    ("key-reused", r"\?Idempotency-Key", r".*", "it depends on earlier requests"),
    ("key-in-progress", r".*", r".*", "it depends on requests under way"),
    ("parameter", r"\?cursor", r"is not a cursor of this .*", "a cursor is encrypted with a secret"),
    ("parameter", r"\?to", r".* is (not|more than .*) after from, .*", "two parameters are compared"),
    ("parameter", r"\?created_to", r".* is not after created_from.*", "two parameters are compared"),
    ("parameter", r"\?time_zone", r".* is not the name of a time zone", "a schema can't list all time zones"),
    ("parameter", r"\?email_domain", r".* an address literal that is not an IP address .*", "a pattern of all IP addresses is too long"),
    ("parameter", r"\?changed_since", r"excludes .*", "a schema of one parameter can't exclude others"),
    ("invalid", r"/term", r".* (has no word to search for|words; \d+ is the most)", "a schema has no words"),
    ("invalid", r"/owner", r"is not an active user", "it depends on the users of the directory"),
    ("invalid", r"/plan", r"is not the code of a plan", "it depends on the plans of the directory"),
    ("invalid", r"/events/\d+/occurred_at", r".* is out of range", "a schema has no current time"),
    ("invalid", r"/.*", r"holds the number .*, whose exponent is beyond ±308", "a schema has no exponents"),
    ("invalid", r"/.*", r"has \d+ bytes of JSON.*", "a schema has no bytes"),
    ("invalid", r"/.*", r"(has more|is nested deeper) than \d+ levels.*", "a schema has no depth"),
    ("invalid", r"", r"(the header|opens a quote) .*|.*\b(save|send) .*", "CSV is text to a schema"),
]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Give each request of a sequence its own key.

    A repeated key with the same body gets the earlier response, whose record may be
    deleted by then. Single requests keep their generated keys.
    """
    valid = case.meta and case.meta.generation.mode.is_positive
    if valid and case.meta.phase.name.value == "stateful" and case.headers.get("Idempotency-Key"):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keep a failure unless every fault in the response is right.

    Administrators may see a deleted user, and restore it.
    """
    if isinstance(failure, UseAfterFree):
        shown = (case.query or {}).get("deleted") == "include"
        return not (shown or case.operation.path == "/users/{id}/restore")
    if not isinstance(failure, RejectedPositiveData):
        return True
    problem = json.loads(response.text)
    kind = problem["type"].partition("#")[2]
    faults = problem.get("errors") or [{"detail": problem["detail"]}]
    return not all(is_right(kind, fault) for fault in faults)


def is_right(kind, fault):
    """Whether a schema can't state the rule."""
    place = "?" + fault["parameter"] if "parameter" in fault else fault.get("pointer", "")
    return any(
        kind == known and re.fullmatch(where, place) and re.fullmatch(detail, fault["detail"], re.DOTALL)
        for known, where, detail, _ in RIGHT
    )

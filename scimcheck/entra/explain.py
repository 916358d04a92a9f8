"""What an error text of Entra means: its likely causes, what to look at and what to change.

Takes the message of Test Connection, a quarantine notice, or provisioning-log entries as text or JSON. Signatures
(``fixtures/entra/signatures.json``) recognise causes, likelier ones first; the status and the error code quoted in
the text say what the engine does next, and explain the text by themselves when no signature does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.data import table
from scimcheck.entra.errors import EntraReaction, explain_operation, explain_probe
from scimcheck.entra.evidence import Evidence, read_evidence

_EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Explanation:
    """One likely cause, in sentences without a full stop.

    ``code`` is Entra's error code and ``next_step`` what its engine does, empty where the text does not tell;
    ``requirements`` are ids of the catalogue whose checks look into the cause; ``failures`` ids of the field failures
    it is known from; ``evidence`` the part of the text that speaks for it; ``entries`` the number of log entries that
    do.
    """

    cause: str
    area: str
    fix: str
    code: str = ""
    next_step: str = ""
    requirements: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    evidence: str = ""
    entries: int = 1


@dataclass(frozen=True, slots=True)
class _Signature:
    patterns: tuple[re.Pattern[str], ...]
    explanation: Explanation


def explain(text: str) -> list[Explanation]:
    """The likely causes of what the text reports, likeliest first; empty when nothing in it is known.

    The text may be provisioning-log entries as JSON: one, a list, Graph's answer with ``value``, or one on each line.
    Each cause is told once; entries that report success are passed over.
    """
    found: dict[tuple[str, str], Explanation] = {}
    for entry in _entries(text):
        for explanation in _explain_one(entry):
            key = (explanation.cause, explanation.fix)
            known = found.get(key)
            found[key] = replace(known, entries=known.entries + 1) if known else explanation
    return list(found.values())


def _explain_one(text: str) -> Iterator[Explanation]:
    evidence = read_evidence(text)
    reaction = _reaction(evidence)
    code = evidence.codes[0].code if evidence.codes else (reaction.code if reaction else "")
    if reaction is not None and not reaction.ok:
        next_step = reaction.next_step
    else:
        next_step = evidence.codes[0].next_step if evidence.codes else ""
    recognised = list(_recognised(evidence, code, next_step))
    yield from recognised
    if not recognised:
        yield from _by_code_or_status(evidence, reaction)


def _recognised(evidence: Evidence, code: str, next_step: str) -> Iterator[Explanation]:
    fixes: set[str] = set()
    for signature in _signatures():
        matches = [pattern.search(evidence.text) for pattern in signature.patterns]
        known = signature.explanation
        if all(matches) and known.fix not in fixes:
            fixes.add(known.fix)
            seen = " … ".join(match.group()[:_EXCERPT] for match in matches if match)
            yield Explanation(
                known.cause, known.area, known.fix, code, next_step, known.requirements, known.failures, seen
            )


def _by_code_or_status(evidence: Evidence, reaction: EntraReaction | None) -> Iterator[Explanation]:
    for code in evidence.codes:
        yield Explanation(code.meaning, code.stage, code.fix, code.code, code.next_step, evidence=code.code)
    if not evidence.codes and reaction is not None and not reaction.ok:
        cause = f"The endpoint answered {evidence.status}" if evidence.status else "The endpoint did not answer"
        area = "connection" if evidence.is_probe else "http"
        yield Explanation(cause, area, reaction.fix, reaction.code, reaction.next_step)


def _reaction(evidence: Evidence) -> EntraReaction | None:
    """What the status in the text makes the engine do; ``None`` when the text tells no status."""
    if evidence.status is None:
        return None
    if evidence.is_probe:
        return explain_probe(evidence.status, "text/html" if evidence.is_html else "")
    return explain_operation(evidence.method or "PATCH", evidence.status, evidence.scim_type, search=evidence.is_search)


@lru_cache(maxsize=1)
def _signatures() -> tuple[_Signature, ...]:
    failures = {failure["id"]: failure for failure in table("field_failures")["failures"]}
    return tuple(_signature(entry, failures) for entry in table("signatures")["signatures"])


def _signature(entry: JSONObject, failures: dict[str, JSONObject]) -> _Signature:
    """A signature says itself what it does not take over from the first field failure it stands for."""
    known = [failures[failure] for failure in entry.get("failures", [])]
    words = {**known[0], "cause": f"{known[0]['symptom']}: {known[0]['cause']}", **entry} if known else entry
    requirements = [*entry.get("requirements", []), *(name for item in known for name in item["requirements"])]
    return _Signature(
        tuple(re.compile(pattern, re.IGNORECASE) for pattern in entry["all"]),
        Explanation(
            cause=words["cause"],
            area=words["area"],
            fix=words["fix"],
            requirements=tuple(dict.fromkeys(requirements)),
            failures=tuple(entry.get("failures", [])),
        ),
    )


def _entries(text: str) -> Iterable[str]:
    """The texts to explain: each entry of a log in JSON, or the text as it is."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        listed = _line_by_line(text)
        if not listed:
            return [text]
        document = listed
    if isinstance(document, dict) and isinstance(document.get("value"), list):
        document = document["value"]
    items = document if isinstance(document, list) else [document]
    return ["\n".join(_lines(item)) for item in items if not _succeeded(item)]


def _line_by_line(text: str) -> list[JSON]:
    """The entries of a log with one JSON object on each line; none when any line is something else."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        found = [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        return []
    return found if all(isinstance(item, dict) for item in found) else []


def _succeeded(item: JSON) -> bool:
    """Whether a log entry reports success, in Graph's form or in that of diagnostic settings."""
    if not isinstance(item, dict):
        return False
    status = item.get("provisioningStatusInfo") or item.get("statusInfo")
    told = status.get("status") if isinstance(status, dict) else item.get("resultType")
    return isinstance(told, str) and told.lower() == "success"


def _lines(value: JSON, key: str = "") -> Iterator[str]:
    """The leaves of a JSON value as lines ``key: value``."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _lines(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _lines(item, key)
    elif value is not None:
        yield f"{key}: {value}" if key else str(value)

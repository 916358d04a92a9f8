"""RFC 7644 §3.5.2: PATCH messages of forms that no client means to send. Plainer mistakes: test_s3_5_2_messages.py."""

from __future__ import annotations

import json
from typing import Any

from scimcheck.core import urns
from scimcheck.core.json import JSON
from scimcheck.harness import check, places
from scimcheck.harness.judge import Judge
from scimcheck.harness.odd import broke_down, endures
from scimcheck.harness.patching import Patched, Patching, Step, no_server_error, operation, refused, unchanged
from scimcheck.harness.target import Resource, Target, patch_op

MESSAGE, OPERATIONS, OP, PATH = "RFC7644-3.5.2-02", "RFC7644-3.5.2-03", "RFC7644-3.5.2-04", "RFC7644-3.5.2-07"
ADD, REPLACE, TYPES = "RFC7644-3.5.2.1-02", "RFC7644-3.5.2.3-01", "RFC7644-3.5.2-26"


def _step(told: str, body: Any) -> Step:
    return Step(told=told, content=json.dumps(body).encode())


def _good(scim: Target) -> tuple[str, str]:
    """A path that can be replaced, and a fresh value for it."""
    place = places.texts(scim.primary)[0]
    return places.path_of(place), str(places.fresh(scim, place))


def _sent(scim: Target, steps: list[Step]) -> list[Patched]:
    return Patching(scim, scim.create(scim.primary)).refusals(steps)


@check(MESSAGE, OPERATIONS, OP, needs=("patch",))
def test_odd_messages_are_refused(scim: Target, judge: Judge) -> None:
    """schemas, Operations and op of other types than theirs are refused with 400, and change nothing."""
    name, value = _good(scim)
    replace = operation("replace", name, value=value)
    schemas: list[tuple[str, JSON]] = [
        ("a number", 5),
        ("null", None),
        ("a text", urns.PATCH_OP),
        ("an array in", [[]]),
    ]
    steps = [
        (MESSAGE, _step(f"{words} as schemas", {"schemas": each, "Operations": [replace]})) for words, each in schemas
    ]
    steps.append((OPERATIONS, _step("an array as operation", {"schemas": [urns.PATCH_OP], "Operations": [[]]})))
    ops: list[tuple[str, JSON]] = [("null", None), ("an object", {}), ("an array", ["replace"]), ("true", True)]
    steps += [(OP, _step(f"{words} as op", patch_op({**replace, "op": op}))) for words, op in ops]
    if scim.depth != "deep":
        steps = [steps[0], *steps[4:6]]
    for requirement, patched in zip((each for each, _ in steps), _sent(scim, [each for _, each in steps]), strict=True):
        if requirement == MESSAGE and patched.exchange.ok:
            judge.advise(MESSAGE, expected=f"400 for {patched.told}", observed=patched.answer, at=patched.evidence)
        else:
            refused(judge, requirement, patched)


#: Paths that no rule of the grammar gives, with a word on each.
PATHS: tuple[tuple[str, str], ...] = (
    ("a NUL character in the path", "{name}\x00"),
    ("a quoted condition as path", "{name}' or '1'='1"),
    ("a name of the object model as path", "__proto__.scimcheck"),
    ("a statement as path", "{name}; select 1"),
    ("a blank path", " "),
    ("a letter beyond ASCII in the path", "{name}\u00e9"),
    ("a path of dollars", "$.{name}"),
    ("a path up the tree", "../{name}"),
    ("brackets without end", "{name}" + "[" * 500),
    ("a path of 20,000 letters and a dot", "x" * 20_000 + "."),
)


@check(PATH, needs=("patch",))
def test_odd_paths_are_refused(scim: Target, judge: Judge) -> None:
    """A path that no grammar knows is refused, and changes nothing, nor does it break anything down."""
    name, value = _good(scim)
    steps = [
        _step(words, patch_op(operation("replace", path.format(name=name), value=value)))
        for words, path in (PATHS if scim.depth == "deep" else PATHS[:2])
    ]
    for patched in _sent(scim, steps):
        blocked_in_front = 400 <= patched.exchange.status < 500 and not patched.exchange.body.get("schemas")
        if blocked_in_front:
            unchanged(judge, PATH, patched)
        elif patched.told.startswith("a blank") and patched.exchange.ok:
            judge.advise(PATH, expected="400 invalidPath", observed=patched.answer, at=patched.evidence)
        else:
            refused(judge, PATH, patched)


@check(ADD, REPLACE, needs=("patch",))
def test_operations_without_path_want_an_object(scim: Target, judge: Judge) -> None:
    """Without a path, a value that is no object holds no attributes: it changes nothing and breaks nothing down."""
    values: list[tuple[str, JSON]] = [
        ("a text", "scimcheck"),
        ("null", None),
        ("an array", ["scimcheck"]),
        ("a number", 5),
    ]
    steps = [
        _step(f"{op} of {words} without path", patch_op(operation(op, value=value)))
        for words, value in (values if scim.depth == "deep" else values[:2])
        for op in ("add", "replace")
    ]
    null_path = {"op": "replace", "path": None, "value": "scimcheck"}
    steps.append(_step("replace with null as path", patch_op(null_path)))
    if scim.depth != "deep":
        steps = [steps[0], steps[3], steps[-1]]
    else:
        steps.append(_step("replace without value", patch_op(operation("replace"))))
    for patched in _sent(scim, steps):
        requirement = ADD if patched.told.startswith("add") else REPLACE
        if broke_down(patched.exchange) or not patched.exchange.ok:
            no_server_error(judge, requirement, patched)
        unchanged(judge, requirement, patched)


#: What members must not be, with a word on each.
MEMBERS: tuple[tuple[str, JSON], ...] = (
    ("a text among the members", ["scimcheck"]),
    ("null as members", None),
    ("null among the members", [None]),
    ("a text as members", "scimcheck"),
    ("an object without a value", [{}]),
    ("a number as a member's value", [{"value": 5}]),
)


@check(TYPES, needs=("Group", "patch"))
def test_odd_members_do_no_harm(scim: Target, judge: Judge, group: Resource) -> None:
    """A PATCH with members that are no objects is refused, or understood in some way, and breaks nothing down."""
    if group.model.core.attribute("members") is None:
        judge.not_applicable("groups have no members")
    for words, value in MEMBERS if scim.depth == "deep" else MEMBERS[:2]:
        exchange = scim.patch(group.path, operation("add" if value else "replace", "members", value=value))
        endures(judge, TYPES, exchange, words, also=(group.exchange,))

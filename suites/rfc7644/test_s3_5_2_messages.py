"""RFC 7644 §3.5.2: what a PatchOp message must have, and how a failed PATCH is reported.

Malformed paths are in ``test_s3_5_2_paths.py``; the general form of errors is the business of §3.12.
"""

from __future__ import annotations

import json
from typing import Any

from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.harness import check, places
from scimcheck.harness.expected import differences, value_at
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patched, Patching, Step, keyword, operation, refused, settled, unchanged
from scimcheck.harness.target import Target, patch_op


def _target(model: ResourceModel) -> Located:
    return places.texts(model)[0]


def _replace(scim: Target, model: ResourceModel) -> JSONObject:
    """An operation that is in order."""
    target = _target(model)
    return operation("replace", places.path_of(target), value=places.fresh(scim, target))


def _step(what: str, body: Any) -> Step:
    """A body of any form; ``what`` says what is wrong with it."""
    return Step(told=what, content=body if isinstance(body, bytes) else json.dumps(body).encode())


def _sent(subject: Patching, body: Any, what: str) -> Patched:
    """Send a body of any form; ``what`` says what is wrong with it."""
    step = _step(what, body)
    return subject.send(content=step.content, told_as=what)


def _begin(scim: Target) -> Patching:
    """A fresh resource of the type that is tested most: messages are the same for all types."""
    return Patching(scim, scim.create(scim.primary))


@check("RFC7644-3.5.2-02", needs=("patch",))
def test_message_without_its_schema_is_refused(scim: Target, judge: Judge) -> None:
    """A body whose ``schemas`` lacks the PatchOp URN answers 400; to apply it all the same is tolerated."""
    subject = _begin(scim)
    operations = [_replace(scim, scim.primary)]
    steps = (
        _step("no schemas", {"Operations": operations}),
        _step("schemas of another message", {"schemas": [urns.SEARCH_REQUEST], "Operations": operations}),
        _step("empty schemas", {"schemas": [], "Operations": operations}),
    )
    for patched in subject.refusals(steps):
        if patched.exchange.ok:
            judge.advise(
                "RFC7644-3.5.2-02",
                expected=f"400 invalidSyntax for a message with {patched.told}",
                observed=patched.answer,
                at=patched.evidence,
            )
        else:
            refused(judge, "RFC7644-3.5.2-02", patched)


@check("RFC7644-3.5.2-03", needs=("patch",))
def test_message_without_operations_is_refused(scim: Target, judge: Judge) -> None:
    """``Operations`` has to be an array of operations; an empty one is refused, or at least changes nothing."""
    subject = _begin(scim)
    one = _replace(scim, scim.primary)
    whole = {"schemas": [urns.PATCH_OP], "Operations": [one]}
    *sent, empty = subject.refusals(
        _step(what, body)
        for what, body in (
            ("no Operations", {"schemas": [urns.PATCH_OP]}),
            ("an object as Operations", {"schemas": [urns.PATCH_OP], "Operations": one}),
            ("a text as Operations", {"schemas": [urns.PATCH_OP], "Operations": "replace"}),
            ("a text as operation", {"schemas": [urns.PATCH_OP], "Operations": ["replace"]}),
            ("null as Operations", {"schemas": [urns.PATCH_OP], "Operations": None}),
            ("an array as message", [one]),
            ("truncated JSON", json.dumps(whole).encode()[:-7]),
            ("empty Operations", {"schemas": [urns.PATCH_OP], "Operations": []}),
        )
    )
    for patched in sent:
        refused(judge, "RFC7644-3.5.2-03", patched)
    if empty.exchange.ok and unchanged(judge, "RFC7644-3.5.2-03", empty):
        judge.advise("RFC7644-3.5.2-03", expected="400 for empty Operations", observed=empty.answer, at=empty.evidence)
    elif not empty.exchange.ok:
        refused(judge, "RFC7644-3.5.2-03", empty)


@check("RFC7644-3.5.2-04", needs=("patch",), depth="quick")
def test_operation_has_to_be_known(scim: Target, judge: Judge) -> None:
    """An operation without ``op``, or with one that does not exist, answers 400 and changes nothing."""
    subject = _begin(scim)
    good = _replace(scim, scim.primary)
    rest = {name: value for name, value in good.items() if name != "op"}
    steps = (
        _step("no op", patch_op(rest)),
        _step("the op 'increment'", patch_op({**rest, "op": "increment"})),
        _step("an empty op", patch_op({**rest, "op": ""})),
        _step("a number as op", patch_op({**rest, "op": 1})),
    )
    for patched in subject.refusals(steps):
        refused(judge, "RFC7644-3.5.2-04", patched)


@check("RFC7644-3.5.2-04", needs=("patch-replace",))
def test_capital_operation_is_taken_or_refused(scim: Target, judge: Judge) -> None:
    """``Replace`` may be understood as replace, or be refused."""
    subject = _begin(scim)
    patched = _sent(subject, patch_op({**_replace(scim, scim.primary), "op": "Replace"}), "the op 'Replace'")
    if patched.exchange.ok and not differences(patched.before, patched.after, patched.model):
        judge.advise(
            "RFC7644-3.5.2-04",
            expected="a change, or 400",
            observed=f"{patched.answer}, and nothing has changed",
            at=patched.evidence,
        )
    elif patched.exchange.ok:
        judge.expect("RFC7644-3.5.2-04", True, expected="", observed="", at=patched.evidence)
    else:
        refused(judge, "RFC7644-3.5.2-04", patched)


@check("RFC7644-3.5.2-05", needs=("patch",))
def test_json_patch_is_not_scim_patch(scim: Target, judge: Judge) -> None:
    """The operations ``copy``, ``move`` and ``test`` of JSON Patch, and indexes in paths, answer 400."""
    model = scim.primary
    subject = _begin(scim)
    name = places.path_of(_target(model))
    other = next((places.path_of(place) for place in places.optional_texts(model, subject.state)), "externalId")
    held = value_at(subject.state, _target(model))
    bodies: list[JSONObject] = [
        {"op": "copy", "from": name, "path": other},
        {"op": "move", "from": name, "path": other},
        {"op": "test", "path": name, "value": held if held is not None else "x"},
    ]
    listed = next((a for a in model.core.attributes if a.multi_valued and a.mutability.value == "readWrite"), None)
    if listed is not None:
        value: JSON = {"value": "x"} if listed.type.value == "complex" else "x"
        bodies.append(operation("replace", f"{listed.name}[0]", value=value))
    for patched in subject.refusals(map(Step.of, bodies)):
        refused(judge, "RFC7644-3.5.2-05", patched)


@check("RFC7644-3.5.2-06", needs=("patch",))
def test_path_may_be_left_out_unless_something_is_removed(scim: Target, judge: Judge) -> None:
    """add and replace work without path; remove does not."""
    subject = _begin(scim)
    target = _target(scim.primary)
    for op in ("add", "replace"):
        value = places.fresh(scim, target)
        patched = subject.send(operation(op, value={target.attribute.name: value}))
        judge.expect(
            "RFC7644-3.5.2-06",
            patched.exchange.ok,
            expected=f"{op} without path succeeds",
            observed=patched.answer,
            at=patched.evidence,
        )
    refused(judge, "RFC7644-3.5.2-06", subject.send(operation("remove")))


@check("RFC7644-3.5.2.2-01", "RFC7644-3.12-23", needs=("patch",))
def test_removal_without_path_has_no_target(scim: Target, judge: Judge) -> None:
    """A remove without path answers 400 noTarget, with or without a value."""
    subject = _begin(scim)
    name = _target(scim.primary).attribute.name
    bodies = (operation("remove"), operation("remove", value={name: scim.unique(name)}))
    for patched in subject.refusals(map(Step.of, bodies)):
        if refused(judge, "RFC7644-3.5.2.2-01", patched):
            judge.expect(
                "RFC7644-3.5.2.2-01",
                patched.exchange.scim_type == "noTarget",
                expected="400 with scimType noTarget",
                observed=f"{patched.exchange.summary()} with scimType {patched.exchange.scim_type!r}",
                at=patched.evidence,
            )
        keyword(judge, "RFC7644-3.12-23", patched, "noTarget")


@check("RFC7644-3.5.2.1-01", needs=("patch",))
def test_addition_without_value_is_refused(scim: Target, judge: Judge) -> None:
    """An add without ``value`` answers 400, with a path and without one."""
    subject = _begin(scim)
    bodies = (operation("add", places.path_of(_target(scim.primary))), operation("add"))
    for patched in subject.refusals(map(Step.of, bodies)):
        refused(judge, "RFC7644-3.5.2.1-01", patched)


@check("RFC7644-3.5.2-21", needs=("patch",))
def test_failure_has_an_error_body(scim: Target, judge: Judge) -> None:
    """A refused PATCH is answered with a SCIM error message."""
    resource = scim.create(scim.primary)
    plain = scim.get(scim.unknown_id(scim.primary))
    if plain.status == 404 and not _is_error(plain.json):
        judge.blocked("RFC7644-3.12-01", f"errors have no SCIM body in general: {plain.summary()}")
    replace = _replace(scim, scim.primary)
    name = places.path_of(_target(scim.primary))
    for what, path, body in (
        ("an unknown operation", resource.path, patch_op({**replace, "op": "increment"})),
        ("a malformed path", resource.path, patch_op({**replace, "path": f"{name}..x"})),
        ("an unknown attribute", resource.path, patch_op({**replace, "path": "doesNotExist"})),
        ("a read-only attribute", resource.path, patch_op(operation("replace", "id", value="1"))),
        ("a removal without path", resource.path, patch_op(operation("remove"))),
        ("no operations", resource.path, {"schemas": [urns.PATCH_OP]}),
        ("an unknown id", scim.unknown_id(scim.primary), patch_op(replace)),
    ):
        exchange = scim.patch(path, json=body)
        judge.expect(
            "RFC7644-3.5.2-21",
            exchange.ok or _is_error(exchange.json),
            expected=f"a SCIM error body for {what}",
            observed=f"{exchange.summary()} with {exchange.text[:120]!r}",
            at=exchange,
        )


def _is_error(body: JSON) -> bool:
    return isinstance(body, dict) and urns.ERROR.lower() in str(body.get("schemas", "")).lower()


@check("RFC7644-3.5.2-03", needs=("patch-replace",), depth="deep")
def test_unknown_members_of_a_message_do_no_harm(scim: Target, judge: Judge) -> None:
    """A message with a member nobody knows is applied, or refused without change; it is no reason to break down."""
    subject = _begin(scim)
    op = _replace(scim, scim.primary)
    patched = _sent(subject, {**patch_op(op), "comment": "x"}, "an unknown member")
    if patched.exchange.ok:
        target = _target(scim.primary)
        expected = {**patched.before, target.attribute.name: op["value"]}
        settled(judge, "RFC7644-3.5.2-03", patched, expected)
    else:
        refused(judge, "RFC7644-3.5.2-03", patched)

"""Entra's PATCH of several attributes at once, and its path-less form. By path, one by one: test_patch_values.py."""

from __future__ import annotations

from typing import TypedDict

from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.entra.creation import is_declared
from scimcheck.entra.dialect import Change, Dialect, patch_body
from scimcheck.harness import check
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay import ABSENT, prove, send, set_aside, unlike
from scimcheck.harness.replay_values import (
    bare,
    enterprise,
    fresh,
    holder,
    need,
    need_texts,
    ops,
    texts,
    typed,
    undeclared,
)
from scimcheck.harness.target import Resource, Target

#: Parts of name that no server derives from others, and that the default mapping writes.
_PARTS = ("name.givenName", "name.familyName")


def _model(scim: Target) -> ResourceModel:
    return scim.user or scim.primary


def _several(scim: Target, judge: Judge) -> list[str]:
    """Core attributes for one PATCH, documented ones first; ends the check when there are less than two."""
    model = _model(scim)
    found = [*texts(model)[:2], *(path for path in _PARTS if is_declared(path, model))]
    if len(found) < 2:
        judge.not_applicable(f"{model.name} declares fewer than two texts that a client may change")
    return found


def _person(scim: Target) -> Resource:
    """A fresh user that has a name where users have one, and texts to change."""
    values: dict[str, JSON] = fresh(scim, *texts(_model(scim))[:3])
    if all(is_declared(path, _model(scim)) for path in _PARTS):
        values["name"] = {"givenName": "Nora", "familyName": "Vane"}
    return holder(scim, _model(scim), values)


@check("ENTRA-3.2-15", needs=("User", "read", "patch"), depth="quick")
def test_a_path_less_replace_changes_one_attribute(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A path-less replace with one attribute changes it and leaves what it does not name."""
    set_aside(judge, dialect)
    found = texts(_model(scim))[:2] or need_texts(judge, _model(scim))
    user = holder(scim, _model(scim), fresh(scim, *found))
    before, value = scim.initial(user), scim.unique("changed")
    body = ops(("replace", None, {found[0]: value}))
    prove(
        scim,
        judge,
        "ENTRA-3.2-15",
        user,
        body,
        {found[0]: value},
        control=lambda after: unlike(user.model, before, after, found[1:]),
        plain=ops(("replace", found[0], value)),
        base="ENTRA-2.1-04",
    )


@check("ENTRA-3.2-16", "ENTRA-3.3-01", needs=("User", "read", "patch"))
def test_several_attributes_are_changed(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A PATCH of several attributes changes all of them: an operation for each, or one path-less operation."""
    set_aside(judge, dialect)
    user = _person(scim)
    if dialect is Dialect.LEGACY:
        paths, requirement = _several(scim, judge), "ENTRA-3.2-16"
    else:
        paths, requirement = need_texts(judge, user.model, 2), "ENTRA-3.3-01"
        paths = [*paths, *texts(user.model)[2:3]]
    values = fresh(scim, *paths)
    body = dialect.update(Change(path, value) for path, value in values.items())
    single = ops((dialect.op("replace"), *_first(values))) if dialect is Dialect.LEGACY else _path_less(values)
    base = "ENTRA-3.2-14" if dialect is Dialect.LEGACY else "ENTRA-3.2-15"
    outcome = send(scim, user, body or {}, values)
    if not outcome.held and not send(scim, user, single, dict([_first(values)])).held:
        judge.blocked(base, f"one attribute cannot be changed that way either: {outcome.observed}")
    judge.expect(
        requirement,
        outcome.held,
        expected=f"new values of {', '.join(paths)}",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


def _first(values: dict[str, JSON]) -> tuple[str, JSON]:
    return next(iter(values.items()))


def _path_less(values: dict[str, JSON]) -> dict[str, JSON]:
    return ops(("replace", None, dict([_first(values)])))


def _path_less_base(scim: Target) -> _Base:
    """A path-less replace of one text, which others build upon; empty when users have no text to change."""
    found = fresh(scim, *texts(_model(scim))[:1])
    return {"plain": ops(("replace", None, found)), "instead": found, "base": "ENTRA-3.2-15"} if found else {}


class _Base(TypedDict, total=False):
    plain: JSONObject
    instead: dict[str, JSON]
    base: str


@check("ENTRA-3.2-12", needs=("User", "read", "patch"))
def test_a_path_less_addition_sets_parts(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Dotted keys of a path-less add land inside name."""
    set_aside(judge, dialect)
    need(judge, _model(scim), *_PARTS)
    required = _model(scim).find(None, "name")
    user = _person(scim) if required and required.attribute.required else bare(scim, judge, _model(scim), "name")
    effect: dict[str, JSON] = {"name.givenName": "Mara", "name.familyName": "Lindqvist"}
    nested = ops(("add", None, {"name": {"givenName": "Mara", "familyName": "Lindqvist"}}))
    prove(
        scim, judge, "ENTRA-3.2-12", user, ops(("add", None, effect)), effect, plain=nested, base="RFC7644-3.5.2.1-02"
    )


@check("ENTRA-3.3-02", needs=("User", "read", "patch"))
def test_a_dotted_key_changes_a_part(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A dotted key in a path-less replace changes that part of name and no other."""
    set_aside(judge, dialect)
    need(judge, _model(scim), *_PARTS)
    user = _person(scim)
    before = scim.initial(user)
    body = ops(("replace", None, {"name.givenName": "Oda"}))
    prove(
        scim,
        judge,
        "ENTRA-3.3-02",
        user,
        body,
        {"name.givenName": "Oda"},
        control=lambda after: unlike(user.model, before, after, ["name.familyName"]),
        **_path_less_base(scim),
    )


@check("ENTRA-3.3-03", needs=("EnterpriseUser", "read", "patch"))
def test_a_urn_key_changes_an_enterprise_attribute(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A key of URN and attribute in a path-less replace changes the attribute of the extension."""
    set_aside(judge, dialect)
    path = enterprise(judge, _model(scim))
    user, value = scim.some(_model(scim)), scim.unique("urn-key")
    body = ops(("replace", None, {path: value}))
    prove(
        scim,
        judge,
        "ENTRA-3.3-03",
        user,
        body,
        {path: value},
        **_path_less_base(scim),
    )


@check("ENTRA-3.3-04", needs=("User", "read", "patch"))
def test_a_filtered_and_a_path_less_operation_go_together(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """An operation with a value filter and a path-less one in the same PATCH are both carried out."""
    set_aside(judge, dialect)
    entries = typed(judge, _model(scim))
    (path,) = need_texts(judge, _model(scim))
    user = entries.holder(scim, judge, _model(scim), entries.kind)
    entry, value = entries.value(scim), scim.unique("mixed")
    filtered = ("replace", entries.path(), entry)
    outcome = send(scim, user, ops(filtered, ("replace", None, {path: value})), {entries.path(): entry, path: value})
    if not outcome.held:
        if not send(scim, user, ops(filtered), {entries.path(): entry}).held:
            judge.blocked("ENTRA-3.2-18", "the filtered path has no effect by itself")
        if not send(scim, user, ops(("replace", None, {path: value})), {path: value}).held:
            judge.blocked("ENTRA-3.2-15", "the path-less operation has no effect by itself")
    judge.expect(
        "ENTRA-3.3-04",
        outcome.held,
        expected=f"new values of {entries.path()} and {path}",
        observed=outcome.observed,
        at=outcome.exchanges,
    )


@check("ENTRA-3.2-57", needs=("User", "read", "patch"))
def test_nulls_in_a_path_less_replace_clear(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Attributes that are null in a path-less replace are absent afterwards."""
    set_aside(judge, dialect)
    (path,) = need_texts(judge, _model(scim), optional=True)
    values: dict[str, JSON] = fresh(scim, path)
    cleared = [path]
    if is_declared("name.middleName", _model(scim)):
        values["name"] = {"givenName": "Nora", "familyName": "Vane", "middleName": "Quill"}
        cleared.append("name.middleName")
    user = holder(scim, _model(scim), values)
    body = ops(("replace", None, dict.fromkeys(cleared)))
    prove(scim, judge, "ENTRA-3.2-57", user, body, dict.fromkeys(cleared, ABSENT), **_path_less_base(scim))


@check("ENTRA-2.2-18", needs=("User", "read", "patch"))
def test_operations_take_effect_in_their_order(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Of two changes of one attribute in a PATCH the second wins."""
    set_aside(judge, dialect)
    (path,) = need_texts(judge, _model(scim))
    user, last = scim.some(_model(scim)), scim.unique("second")
    op = dialect.op("replace")
    body = ops((op, path, scim.unique("first")), (op, path, last))
    base = "ENTRA-3.2-14" if dialect is Dialect.LEGACY else "ENTRA-2.1-04"
    prove(scim, judge, "ENTRA-2.2-18", user, body, {path: last}, plain=ops((op, path, last)), base=base)


@check("ENTRA-2.3-03", needs=("User", "read", "patch"))
def test_three_dozen_operations_are_accepted(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A PATCH with 36 replacements is carried out."""
    set_aside(judge, dialect)
    paths = need_texts(judge, _model(scim), len(texts(_model(scim))) or 1)
    user = scim.some(_model(scim))
    values = fresh(scim, *paths)
    once = [("Replace", path, value) for path, value in values.items()]
    body = ops(*(once * 36)[:36])
    prove(scim, judge, "ENTRA-2.3-03", user, body, values, plain=ops(*once), base="ENTRA-3.2-16")


@check("ENTRA-3.6-08", needs=("User", "read", "patch"))
def test_an_unsupported_attribute_does_no_harm(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """A default-mapped attribute that the target does not declare leaves the PATCH's other operations alone."""
    set_aside(judge, dialect)
    (path,) = need_texts(judge, _model(scim))
    user, value = scim.some(_model(scim)), scim.unique("beside")
    changes = [("Replace", name, "Zone 4") for name in undeclared(judge, _model(scim))]
    body = ops(*changes, ("Replace", path, value))
    plain = ops(("Replace", path, value))
    prove(scim, judge, "ENTRA-3.6-08", user, body, {path: value}, plain=plain, base="ENTRA-3.2-14")


@check("ENTRA-3.6-04", needs=("User", "read", "patch"))
def test_no_operations_are_no_server_error(scim: Target, judge: Judge) -> None:
    """A PATCH with an empty array of operations is answered with success or a refusal, not with 5xx."""
    user = scim.some(_model(scim))
    exchange = scim.patch(user.path, json=patch_body([]))
    judge.expect(
        "ENTRA-3.6-04",
        exchange.status in (200, 204, 400) or 400 < exchange.status < 500,
        expected="200, 204 or 400",
        observed=exchange.summary(),
        at=(user.exchange, exchange),
    )


@check("ENTRA-2.2-08", needs=("User", "read", "patch"))
def test_a_successful_change_is_stored(scim: Target, judge: Judge) -> None:
    """What a PATCH was answered with success for reads back, long and odd values included; a refusal is as good."""
    (path,) = need_texts(judge, _model(scim))
    user = scim.some(_model(scim))
    for value in (f"{scim.unique('long')} {'x' * 400}", f"{scim.unique('odd')} Žofie Ångström 花子 ✓", "0"):
        body = ops(("replace", path, value))
        outcome = send(scim, user, body, {path: value})
        judge.expect(
            "ENTRA-2.2-08",
            outcome.held or not outcome.sent.ok,
            expected="a refusal, or the value as sent",
            observed=outcome.observed,
            at=outcome.exchanges,
            subject=f"{path} = {value[:40]}",
        )

"""RFC 7644 §3.8 and §8.1: JSON in UTF-8, and which media types are understood and sent.

That every response has the right media type is judged by an exchange rule as well; what Accept means in HTTP at large
by the suite on RFC 9110.
"""

from __future__ import annotations

import json
import unicodedata

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSON
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target
from scimcheck.harness.trial import keeps_text

PLAIN = "application/json"
#: Letters of several scripts, of two, three and four bytes in UTF-8, and one beyond the Basic Multilingual Plane.
TEXTS = ("Zoë Łukasz Ünlü", "Даниил Ω", "山田太郎", "𝒜da 🦊")


def _expect_format(judge: Judge, requirement: str, exchange: Exchange, *types: str, warn: tuple[str, ...] = ()) -> None:
    """200 with one of the media types; those in ``warn`` are worth a warning."""
    judge.expect(
        requirement,
        exchange.status == 200 and exchange.is_json and exchange.media_type in (*types, *warn),
        expected=f"200 with {' or '.join(types)}",
        observed=f"{exchange.summary()} with {exchange.header('content-type') or 'no Content-Type'}",
        at=exchange,
    )
    if exchange.status == 200 and exchange.media_type in warn:
        judge.advise(requirement, expected=types[0], observed=f"{exchange.media_type}", at=exchange)


@check("RFC7644-3.8-02", "RFC7644-3.8-03", needs=("create", "read"), depth="quick")
def test_both_names_of_json_are_served(scim: Target, judge: Judge) -> None:
    """Accept: application/scim+json is served as such; Accept: application/json is served with JSON."""
    resource = scim.shared(scim.primary)[0]
    scim_type = scim.get(resource.path, headers={"Accept": urns.MEDIA_TYPE})
    _expect_format(judge, "RFC7644-3.8-02", scim_type, urns.MEDIA_TYPE, warn=(PLAIN,))
    plain = scim.get(resource.path, headers={"Accept": PLAIN})
    _expect_format(judge, "RFC7644-3.8-03", plain, PLAIN, urns.MEDIA_TYPE)


@check("RFC7644-3.8-04", needs=("create", "read"), depth="quick")
def test_scim_json_is_the_default(scim: Target, judge: Judge) -> None:
    """Without a wish, and with any format welcome, the answer is application/scim+json."""
    path = scim.shared(scim.primary)[0].path
    for wish in (None, "*/*"):
        _expect_format(
            judge, "RFC7644-3.8-04", scim.get(path, headers={"Accept": wish}), urns.MEDIA_TYPE, warn=(PLAIN,)
        )


@check("RFC7644-3.8-06", needs=("create",))
def test_labelled_bodies_are_accepted(scim: Target, judge: Judge) -> None:
    """Bodies are accepted as application/scim+json, with and without charset; application/json is usual, too."""
    model = scim.primary
    for label in (urns.MEDIA_TYPE, f"{urns.MEDIA_TYPE}; charset=utf-8", f"{urns.MEDIA_TYPE};charset=UTF-8"):
        exchange = scim.post(model.endpoint, json=scim.payload(model), headers={"Content-Type": label})
        judge.expect(
            "RFC7644-3.8-06",
            exchange.ok,
            expected=f"201 for a body of type {label}",
            observed=exchange.summary(),
            at=exchange,
        )
    plain = scim.post(model.endpoint, json=scim.payload(model), headers={"Content-Type": PLAIN})
    if not plain.ok:
        judge.advise("RFC7644-3.8-06", expected=f"201 for {PLAIN}, too", observed=plain.summary(), at=plain)


@check("RFC7644-3.8-01", needs=("create", "read"), every_type="deep")
def test_texts_of_all_scripts_survive(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A text in UTF-8 comes back as it was sent, whether it was escaped in JSON or not."""
    attribute = attributes.changeable(model)
    if attribute is None:
        judge.not_applicable(f"{model.name} has no simple text")
        return
    for text, escaped in zip(TEXTS, (False, True, False, True), strict=True):
        body = {**scim.payload(model), attribute.name: f"{text} {scim.unique()}"}
        content = json.dumps(body, ensure_ascii=escaped).encode("utf-8")
        created = scim.post(model.endpoint, content=content, headers={"Content-Type": urns.MEDIA_TYPE})
        if not created.ok:
            judge.expect(
                "RFC7644-3.8-01",
                created.status < 500,
                expected="201, or a refusal of that text",
                observed=created.summary(),
                at=created,
            )
            continue
        read = scim.read(scim.resource_of(model, body, created))
        survived = _same_text(read.body.get(attribute.name), body[attribute.name])
        if not survived and not keeps_text(scim, model, attribute.name):
            judge.blocked("RFC7643-2.2-04", f"no text at all is kept in {attribute.name}")
        judge.expect(
            "RFC7644-3.8-01",
            survived,
            expected=f"{attribute.name} {body[attribute.name]!r}",
            observed=f"{read.body.get(attribute.name)!r}" if read.is_json else "no JSON in UTF-8",
            at=(created, read),
        )


def _same_text(one: object, other: object) -> bool:
    """Equal but for letter case and normalisation, which a server may change."""
    return (
        isinstance(one, str)
        and isinstance(other, str)
        and unicodedata.normalize("NFKC", one).casefold() == unicodedata.normalize("NFKC", other).casefold()
    )


def _has_shape(attribute: Attribute, value: JSON) -> bool:
    """Whether a value is an array, an object or simple, as the definition of its attribute says."""
    if attribute.multi_valued:
        return isinstance(value, list) and all(_fits(attribute, element) for element in value)
    return not isinstance(value, list) and _fits(attribute, value)


def _fits(attribute: Attribute, value: JSON) -> bool:
    return isinstance(value, dict) == (attribute.type is DataType.COMPLEX)


@check("RFC7644-3.8-07", needs=("create", "read"))
def test_format_suffix_does_no_harm(scim: Target, judge: Judge) -> None:
    """A resource's address with the suffix .scim finds the resource or nothing."""
    resource = scim.shared(scim.primary)[0]
    exchange = scim.get(f"{resource.path}.scim")
    judge.expect(
        "RFC7644-3.8-07",
        exchange.status < 500,
        expected="200 or 404",
        observed=exchange.summary(),
        at=(resource.exchange, exchange),
    )


@check("RFC7644-3.8-08", needs=("full-create", "read"), every_type="deep")
def test_json_has_the_shape_of_the_schema(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """In JSON, multi-valued attributes are arrays, complex ones objects, and single ones neither."""
    resource = scim.create(model, full=True)
    exchange = scim.read(resource)
    if exchange.status != 200:
        judge.blocked("RFC7644-3.4.1-01", f"the resource could not be read: {exchange.summary()}")
    flaws = []
    for located in model.attributes():
        holder = exchange.body if located.schema is None else exchange.body.get(located.schema)
        value = holder.get(located.attribute.name) if isinstance(holder, dict) else None
        if value is not None and not _has_shape(located.attribute, value):
            flaws.append(f"{located.attribute.name}: {type(value).__name__}")
    judge.expect(
        "RFC7644-3.8-08",
        not flaws,
        expected="arrays for multi-valued attributes, objects for complex ones, simple values else",
        observed=", ".join(flaws),
        at=(resource.exchange, exchange),
    )

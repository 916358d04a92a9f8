"""RFC 7643 §2.3: data types. How values are written in responses is judged by the rules of the whole run."""

from __future__ import annotations

import unicodedata

from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSON
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import has_value
from scimcheck.harness import check
from scimcheck.harness.attributes import having
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import ends_with_path, follow, path_of, sent_attributes, value_at, with_value
from scimcheck.harness.target import Target
from scimcheck.harness.trial import keeps_text, shared_out, stored, text_attributes

#: Letters beyond ASCII: composed and decomposed accents, scripts of both directions, a character beyond 16 bits,
#: blanks inside, quotes and escapes of JSON, a long text.
TEXTS = (
    "Zoë Zoe\u0308 Ñandú",
    "Ελένη Иванова 山田太郎",
    "مرحبا שלום",
    "👩‍🚀 🇺🇳 \U0001f9d1",
    'quote " backslash \\ slash / tab\tend',
    "<b>&amp;</b> %41 + ; ' -- $(x)",
    "long " + "word " * 200 + "end",
)


@check("RFC7643-2.3.1-01", needs=("create", "read"))
def test_texts_of_every_script_come_back(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Strings are Unicode: what was stored comes back letter by letter."""
    chosen = text_attributes(model)[:4]
    if not chosen:
        judge.not_applicable(f"{model.name} has no free text attribute")
    lost = set()
    for values in shared_out(TEXTS, chosen):
        for name, outcome in stored(scim, model, values).items():
            if not outcome.accepted:  # a provider may limit texts, but not fail on them
                judge.expect(
                    "RFC7643-2.3.1-01",
                    400 <= outcome.created.status < 500,
                    expected="201, or 400 where a text is not allowed",
                    observed=f"{outcome.created.summary()} for {values[name]!r}",
                    at=outcome.created,
                )
                continue
            shown = outcome.shown
            intact = not isinstance(shown, str) or _plain(shown) == _plain(str(values[name]))
            if not intact and not keeps_text(scim, model, name):
                lost.add(name)
                continue
            judge.expect(
                "RFC7643-2.3.1-01",
                intact,
                expected=f"{name}: {values[name]}",
                observed=f"{name}: {shown}",
                at=outcome.exchanges,
            )
    if lost:
        judge.blocked("RFC7643-2.2-04", f"no text at all is kept in {', '.join(sorted(lost))}")


def _plain(text: str) -> str:
    """The text without what a provider may change: letter case, outer and repeated blanks, Unicode normal form."""
    return unicodedata.normalize("NFC", " ".join(text.casefold().split()))


def _of_type(model: ResourceModel, need: str) -> list[Located]:
    """Top-level attributes, and parts of single complex ones, of that type that a client may set."""
    return [
        located
        for located in having(model, need)
        if not (located.parent and located.parent.multi_valued) and not located.attribute.multi_valued
    ]


@check("RFC7643-2.3.5-02", needs=("create", "read", "attr:dateTime"))
def test_malformed_dates_are_refused(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """What is no xsd:dateTime does not become the value of a dateTime attribute."""
    chosen = _of_type(model, "dateTime")[:2]
    if not chosen:
        judge.not_applicable(f"{model.name} has no dateTime attribute that a client may set")
    for located in chosen:
        for text in ("yesterday", "2020-13-45T99:00:00Z", "2020-01-01"):
            exchange = scim.post(model.endpoint, json=with_value(scim.payload(model), located, text))
            shown: JSON = None
            if exchange.ok:
                shown = value_at(scim.read(scim.resource_of(model, {}, exchange)).body, located)
            judge.expect(
                "RFC7643-2.3.5-02",
                not exchange.ok and exchange.status < 500,
                expected=f"400 for {path_of(located)}: {text}",
                observed=f"{exchange.summary()}; {path_of(located)}: {shown!r}",
                at=exchange,
            )


@check("RFC7643-2.3.6-02", needs=("create", "read", "attr:binary"))
def test_binary_values_come_back_unchanged(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The base64 text of a binary value keeps its letters and their case."""
    chosen = [located for located in _of_type(model, "binary") if located.parent is None]
    if not chosen:
        judge.not_applicable(f"{model.name} has no binary attribute that takes any value")
    for located in chosen[:2]:
        value = "QWJDZGVGZ0hpSktsTW4rLz09QWE="
        exchange = scim.post(model.endpoint, json=with_value(scim.payload(model), located, value))
        if not exchange.ok:
            judge.not_applicable(f"{path_of(located)} could not be set: {exchange.summary()}")
        shown = value_at(scim.read(scim.resource_of(model, {}, exchange)).body, located)
        judge.expect(
            "RFC7643-2.3.6-02",
            isinstance(shown, str) and shown.rstrip("=") == value.rstrip("="),
            expected=f"{path_of(located)}: {value}",
            observed=f"{path_of(located)}: {shown!r}",
            at=exchange,
        )


@check("RFC7643-2.3.7-03", needs=("create", "read", "attr:reference"))
def test_letter_case_of_references_stays(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The path of a URL comes back in the letters in which it was stored."""
    chosen = [located for located in _of_type(model, "reference") if located.attribute.name != "$ref"]
    chosen = [located for located in chosen if set(located.attribute.reference_types) <= {"external", "uri"}]
    if not chosen:
        judge.not_applicable(f"{model.name} has no attribute for URLs")
    for located in chosen[:2]:
        value = "https://www.example.com/Path/MiXeD/x?Key=VaLue"
        exchange = scim.post(model.endpoint, json=with_value(scim.payload(model), located, value))
        if not exchange.ok:
            judge.not_applicable(f"{path_of(located)} could not be set: {exchange.summary()}")
        shown = value_at(scim.read(scim.resource_of(model, {}, exchange)).body, located)
        if not has_value(shown):
            judge.blocked("RFC7643-2.2-04", f"{path_of(located)} is not kept")
        judge.expect(
            "RFC7643-2.3.7-03",
            isinstance(shown, str) and "/Path/MiXeD/x?Key=VaLue" in shown,
            expected=f"{path_of(located)}: {value}",
            observed=f"{path_of(located)}: {shown!r}",
            at=exchange,
        )


@check("RFC7643-2.3.7-02", "RFC7643-2.3.7-05", needs=("create", "read"))
def test_locations_can_be_followed(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """meta.location, absolute or relative to the base URL, leads to the resource."""
    resource = scim.shared(model)[0]
    found = scim.read(resource)
    meta = found.body.get("meta")
    location = meta.get("location") if isinstance(meta, dict) else None
    if not isinstance(location, str) or not location:
        judge.not_applicable("the resource has no meta.location")
        return
    answer = follow(scim, location)
    if answer is None:
        for requirement in ("RFC7643-2.3.7-02", "RFC7643-2.3.7-05"):
            judge.skip(requirement, f"meta.location is on another origin: {location}")
        return
    judge.expect(
        "RFC7643-2.3.7-05",
        answer.status == 200,
        expected=f"GET {location} → 200",
        observed=answer.summary(),
        at=(found, answer),
    )
    if "://" in location:
        judge.skip("RFC7643-2.3.7-02", "meta.location is absolute")
        return
    judge.expect(
        "RFC7643-2.3.7-02",
        str(answer.body.get("id")) == resource.id and ends_with_path(location, resource),
        expected=f"{location}, below the base URL, is {resource.model.name} {resource.id}",
        observed=f"{answer.summary()} with id {answer.body.get('id')!r}",
        at=(found, answer),
    )


@check("RFC7643-2.3.2-01", "RFC7643-2.3.4-01", needs=("create", "read"))
def test_numbers_and_booleans_keep_their_value(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """true stays true, false stays false, and an integer stays that integer."""
    chosen = {
        "RFC7643-2.3.2-01": [a for a in _of_type(model, "boolean") if a.attribute.type is DataType.BOOLEAN],
        "RFC7643-2.3.4-01": _of_type(model, "integer"),
    }
    if not any(chosen.values()):
        judge.not_applicable(f"{model.name} has neither booleans nor integers that a client may set")
    for requirement, located in chosen.items():
        if not located:
            judge.skip(requirement, f"{model.name} has no such attribute")
            continue
        values: tuple[JSON, ...] = (True, False) if requirement == "RFC7643-2.3.2-01" else (0, -7, 2147483647)
        _keep_value(scim, judge, requirement, model, located[:2], values)


def _keep_value(
    scim: Target, judge: Judge, requirement: str, model: ResourceModel, chosen: list[Located], values: tuple[JSON, ...]
) -> None:
    judge.expect(requirement, True, expected="", observed="")
    kept: set[Located] = set()
    lost: list[tuple[Located, JSON, tuple[Exchange, ...]]] = []
    for value in values:
        body = scim.payload(model)
        for located in chosen:
            body = with_value(body, located, value)
        exchange = scim.post(model.endpoint, json=body)
        if not exchange.ok:
            continue
        found = scim.read(scim.resource_of(model, body, exchange))
        for located, _ in sent_attributes(model, body):
            if located not in chosen:
                continue
            shown = value_at(found.body, located)
            if shown is None:
                lost.append((located, value, (exchange, found)))
                continue
            kept.add(located)
            judge.expect(
                requirement,
                shown == value and isinstance(shown, bool) is isinstance(value, bool),
                expected=f"{path_of(located)}: {value!r}",
                observed=f"{path_of(located)}: {shown!r}",
                at=(exchange, found),
            )
    for located, value, evidence in lost:  # an attribute that is kept with other values has this one, too
        judge.expect(
            requirement,
            located not in kept,
            expected=f"{path_of(located)}: {value!r}",
            observed=f"{path_of(located)} is not there",
            at=evidence,
        )

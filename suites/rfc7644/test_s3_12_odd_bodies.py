"""RFC 7644 §3.12: JSON objects that are no sane resource: schemas that are no list, values that no type has.

Text that is no JSON is judged in ``test_s3_12_malformed.py``, PATCH messages in ``test_s3_5_2_odd_messages.py``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

from scimcheck.client.exchange import Exchange
from scimcheck.core import urns
from scimcheck.core.characteristics import Mutability
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.attempts import attempt
from scimcheck.harness.judge import Judge
from scimcheck.harness.odd import endure_together, endures
from scimcheck.harness.representation import differences, put_body
from scimcheck.harness.target import Target

NULLS = "RFC7643-2.5-01"
CRASH, SYNTAX, TYPES, KEPT = "RFC7644-3.12-15", "RFC7644-3.12-21", "RFC7644-3.12-27", "RFC7644-3.5.1-13"
LABELLED = {"Content-Type": urns.MEDIA_TYPE}


def _nested(depth: int) -> JSON:
    """An object in an object, and so on."""
    value: JSON = "scimcheck"
    for _ in range(depth):
        value = {"value": value}
    return value


#: What schemas must not be, with a word on each.
SCHEMAS: tuple[tuple[str, JSON], ...] = (
    ("a number as schemas", 5),
    ("null as schemas", None),
    ("a text as schemas", urns.USER),
    ("a number in schemas", [5]),
    ("an object as schemas", {}),
    ("null in schemas", [None]),
    ("an array in schemas", [[]]),
)
#: How many of them a standard run tries by POST.
USUAL = 2
#: Members that a server has to leave alone, of types and names that it may not expect; the last two are others' again.
IGNORED: tuple[tuple[str, JSONObject], ...] = (
    ("a number as id", {"id": 5}),
    ("a text as meta", {"meta": "scimcheck"}),
    ("names of the object model", {"__proto__": {"x": 1}, "constructor": {"prototype": {"x": 1}}}),
    ("a member without a name", {"": "scimcheck"}),
    ("a name with dots and dollars", {"$where": "1", "a.b": "c"}),
    ("a null for an unknown extension", {"urn:example:scimcheck:2.0:None": None}),
    ("a number of more than 64 bits", {"scimcheckNumber": 10**30}),
    ("thirty objects in each other", {"scimcheckDeep": _nested(30)}),
    ("arrays as id and meta", {"id": [], "meta": [[]]}),
    ("null as id and meta", {"id": None, "meta": None}),
)
#: How many of them go together.
COMPANY = 8
#: How many texts there are that need care to be written.
ESCAPES = 7


def _text(model: ResourceModel) -> str:
    attribute = attributes.changeable(model)
    return attribute.name if attribute else attributes.naming(model)


def _escapes(model: ResourceModel, body: JSONObject) -> list[tuple[str, bytes]]:
    """JSON texts that most parsers take and that something behind them may not bear."""
    rest = json.dumps({name: value for name, value in body.items() if name != _text(model)})[:-1]
    named = f'{rest}, "{_text(model)}": '
    return [
        ("half of a surrogate pair", (named + '"scimcheck \\ud800"}').encode()),
        ("a number of 5,000 digits", f'{rest}, "scimcheckNumber": {"9" * 5000}}}'.encode()),
        ("a number beyond all bounds", f'{rest}, "scimcheckNumber": 1e9999}}'.encode()),
        ("NaN", f'{rest}, "scimcheckNumber": NaN}}'.encode()),
        ("a byte order mark", b"\xef\xbb\xbf" + json.dumps(body).encode()),
        ("a member twice", (named + '"one", ' + f'"{_text(model)}": "two"}}').encode()),
        ("a text of 200,000 letters", (named + f'"{"x" * 200_000}"}}').encode()),
    ]


@check(SYNTAX, CRASH, needs=("create",))
def test_odd_creations_do_no_harm(scim: Target, judge: Judge) -> None:
    """A POST whose schemas are no list, or with what JSON allows and nobody sends, is refused or understood."""
    model, deep = scim.primary, scim.depth == "deep"
    for words, value in SCHEMAS if deep else SCHEMAS[:USUAL]:
        _post(scim, judge, SYNTAX, words, json.dumps({**scim.payload(model), "schemas": value}).encode())
    endure_together(judge, CRASH, partial(_with_members, scim), IGNORED[:COMPANY])
    for words, members in IGNORED[COMPANY:] if deep else ():
        endures(judge, CRASH, _with_members(scim, [members]), words)
    for number in range(ESCAPES if deep else 2):
        words, content = _escapes(model, scim.payload(model))[number]
        _post(scim, judge, CRASH, words, content)
    content = json.dumps(scim.payload(model)).encode()
    unlabelled = attempt(scim, "POST", model.endpoint, content=content, headers={"Content-Type": None})
    endures(judge, CRASH, unlabelled, "a body without Content-Type")


def _with_members(scim: Target, members: Sequence[JSONObject]) -> Exchange | None:
    body = scim.payload(scim.primary)
    for each in members:
        body = {**body, **each}
    return attempt(scim, "POST", scim.primary.endpoint, content=json.dumps(body).encode(), headers=LABELLED)


def _post(scim: Target, judge: Judge, requirement: str, words: str, content: bytes) -> None:
    exchange = attempt(scim, "POST", scim.primary.endpoint, content=content, headers=LABELLED)
    endures(judge, requirement, exchange, words)


@check(SYNTAX, KEPT, needs=("put", "read"), depth="deep")
def test_odd_replacements_do_no_harm(scim: Target, judge: Judge) -> None:
    """A PUT whose schemas are no list of texts is refused without effect, or understood."""
    resource = scim.create(scim.primary)
    before = scim.read(resource)
    body = put_body(scim, resource, **{_text(resource.model): scim.unique("odd")})
    sent: list[Exchange] = []
    for words, value in SCHEMAS:
        exchange = attempt(scim, "PUT", resource.path, json={**body, "schemas": value})
        endures(judge, SYNTAX, exchange, words, also=(resource.exchange,))
        sent += [exchange] if exchange is not None else []
    if any(exchange.ok for exchange in sent):
        judge.skip(KEPT, "schemas of another form are understood")
        return
    found = scim.read(resource)
    told = differences(before.body, found.body, resource.model) if found.status == 200 else [found.summary()]
    judge.expect(KEPT, not told, expected="the resource as it was", observed="; ".join(told), at=(before, *sent, found))


def _unassigned(model: ResourceModel, value: JSON) -> JSONObject:
    """Each optional attribute that may be written, and with null each optional extension, with that value."""
    names = [a.name for a in model.core.attributes if not a.required and a.mutability is Mutability.READ_WRITE]
    if value is not None:
        names = [a.name for a in model.core.attributes if a.name in names and a.multi_valued and a.sub_attributes]
    urls = [urn.id for urn in model.extensions if value is None and not any(a.required for a in urn.attributes)]
    return dict.fromkeys((*names, *urls), value)


@check(NULLS, CRASH, needs=("create",))
def test_nulls_and_empties_do_no_harm(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """Null for all that is optional, values without anything in them, and no members at all break nothing down."""
    body = scim.payload(model)
    nulls = scim.post(model.endpoint, json={**body, **_unassigned(model, None)})
    endures(judge, NULLS, nulls, "null for all optional attributes")
    empties = scim.post(model.endpoint, json={**scim.payload(model), **_unassigned(model, [{}])})
    endures(judge, CRASH, empties, "values without anything in them")
    name = attributes.naming(model)
    rest: list[tuple[str, JSONObject]] = [
        ("an object without members", {}),
        ("empty schemas", {**scim.payload(model), "schemas": []}),
        (f"a blank {name}", {**scim.payload(model), name: " "}),
        (f"a {name} of 300 letters", {**scim.payload(model), name: scim.unique("x" * 260)}),
        *((f"a text as {urn.id}", {**scim.payload(model), urn.id: "scimcheck"}) for urn in model.extensions),
        *((f"nothing in {urn.id}", {**scim.payload(model), urn.id: {}}) for urn in model.extensions),
    ]
    for words, each in rest if scim.depth == "deep" else ():
        endures(judge, CRASH, attempt(scim, "POST", model.endpoint, json=each), words)


#: What members must not be; the last two may be taken for no members at all.
MEMBERS: tuple[tuple[str, JSON], ...] = (
    ("a number as members", 5),
    ("texts as members", ["scimcheck"]),
    ("null among the members", [None]),
    ("null as a member's value", [{"value": None}]),
)


@check(TYPES, needs=("Group", "read"))
def test_members_have_to_be_objects(scim: Target, judge: Judge) -> None:
    """A group whose members are numbers or texts is refused, and nothing breaks down."""
    model = scim.model("Group")
    if model is None or model.core.attribute("members") is None:
        judge.not_applicable("groups have no members")
        return
    for words, value in MEMBERS if scim.depth == "deep" else MEMBERS[:3]:
        exchange = scim.post(model.endpoint, json={**scim.payload(model), "members": value})
        if not exchange.ok or words.startswith("null"):
            endures(judge, TYPES, exchange, words)
            continue
        found = scim.read(scim.resource_of(model, {}, exchange))
        shown = found.body.get("members")
        judge.expect(
            TYPES,
            isinstance(value, list) and isinstance(shown, list) and all(isinstance(item, dict) for item in shown),
            expected=f"400 for {words}",
            observed=f"{exchange.summary()}; members: {shown!r}",
            at=(exchange, found),
        )

"""RFC 7644 §3.5.2, RFC 7643 §7: PATCH on readOnly, immutable, required and unique attributes, and with wrong types."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import has_value, same_value, type_error
from scimcheck.harness import attributes, check, places
from scimcheck.harness.expected import alike, value_at, with_value
from scimcheck.harness.judge import Judge
from scimcheck.harness.patching import Patched, Patching, Step, holding, keyword, operation, refused, settled
from scimcheck.harness.target import Resource, Target

#: Sub-attributes of meta that no request may change, with a value each that is certainly another one.
_META: dict[str, JSON] = {
    "created": "2001-02-03T04:05:06Z",
    "resourceType": "Forged",
    "location": "https://forged.example.com/1",
}


def _read_only(scim: Target, model: ResourceModel) -> Iterator[tuple[Located, JSONObject]]:
    """The readOnly attributes of the type, ``meta`` apart, each with an operation that would change it."""
    for place in model.attributes():
        attribute = place.attribute
        if attribute.mutability is not Mutability.READ_ONLY or attribute.name.lower() == "meta":
            continue
        if attribute.type is DataType.COMPLEX:
            value: JSON = {"value": scim.unique("forged"), "display": "forged"}
            yield place, operation("add", places.path_of(place), value=[value] if attribute.multi_valued else value)
        elif attribute.type is DataType.STRING and not attribute.multi_valued:
            yield place, operation("replace", places.path_of(place), value=scim.unique("forged"))


@check("RFC7644-3.5.2-10", "RFC7644-3.5.2-11", "RFC7643-7-25", "RFC7644-3.12-20", needs=("patch",))
def test_read_only_attributes_cannot_be_changed(scim: Target, judge: Judge, resource: Resource) -> None:
    """An operation on a readOnly attribute answers 400 mutability, and the value stays."""
    subject = Patching(scim, resource)
    tried = list(_read_only(scim, resource.model))
    sent = subject.refusals(Step.of(body) for _, body in tried)
    for (place, _), patched in zip(tried, sent, strict=True):
        judge.expect(
            "RFC7644-3.5.2-10",
            patched.exchange.status == 400,
            expected="400 with scimType mutability",
            observed=patched.answer,
            at=patched.evidence,
            subject=f"{resource.model.name}: {patched.told}",
        )
        keyword(judge, "RFC7644-3.12-20", patched, "mutability")
        _expect_same(judge, patched, place, "RFC7644-3.5.2-11", "RFC7643-7-25")


def _expect_same(judge: Judge, patched: Patched, place: Located, *requirements: str) -> None:
    old, new = value_at(patched.before, place), value_at(patched.after, place)
    for requirement in requirements:
        judge.expect(
            requirement,
            same_value(old, new, place.attribute),
            expected=f"{places.path_of(place)} still {old!r}",
            observed=f"{patched.exchange.summary()}, and then {places.path_of(place)} is {new!r}",
            at=patched.evidence,
            subject=f"{patched.model.name}: {patched.told}",
        )


@check("RFC7643-3.1-18", "RFC7644-3.5.2-11", needs=("patch",))
def test_meta_cannot_be_changed(scim: Target, judge: Judge) -> None:
    """Operations on ``meta`` are refused or ignored; what the provider assigned stays."""
    resource = scim.create(scim.primary)
    subject = Patching(scim, resource)
    bodies = [operation("replace", f"meta.{name}", value=value) for name, value in _META.items()]
    bodies += [operation("replace", "meta", value=dict(_META)), operation("remove", "meta.created")]
    for patched in subject.refusals(map(Step.of, bodies)):
        for name in _META:
            place = resource.model.find(None, "meta", name)
            if place and value_at(patched.before, place) is not None:
                _expect_same(judge, patched, place, "RFC7643-3.1-18", "RFC7644-3.5.2-11")
    judge.expect("RFC7643-3.1-18", True, expected="", observed="", at=subject.resource.exchange)
    judge.expect("RFC7644-3.5.2-11", True, expected="", observed="", at=subject.resource.exchange)


@check("RFC7644-3.5.2-11", needs=("patch",))
def test_read_only_attributes_among_others(scim: Target, judge: Judge, resource: Resource) -> None:
    """In a value without path readOnly attributes are refused or passed over, and never taken over."""
    subject = Patching(scim, resource)
    text = places.texts(resource.model)[0]
    value: JSONObject = {text.attribute.name: places.fresh(scim, text)}
    place = resource.model.find(None, "id")
    meta = resource.model.find(None, "meta", "created")
    patched = subject.send(operation("replace", value={**value, "id": scim.unique("forged"), "meta": dict(_META)}))
    for found in (place, meta):
        if found is not None:
            _expect_same(judge, patched, found, "RFC7644-3.5.2-11")


def _immutable(model: ResourceModel) -> list[Located]:
    """Immutable attributes that are no part of a multi-valued one."""
    return [
        place
        for place in attributes.having(model, "immutable")
        if not place.attribute.multi_valued
        and place.attribute.type is not DataType.COMPLEX
        and (place.parent is None or not place.parent.multi_valued)
    ]


@check("RFC7644-3.5.2-12", "RFC7643-7-28", "RFC7644-3.12-20", needs=("patch", "attr:immutable"))
def test_immutable_values_cannot_be_changed(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """An immutable attribute with a value refuses another one and its removal with 400 mutability."""
    found = _immutable(model)
    if not found:
        judge.not_applicable(f"{model.name} declares no single immutable attribute")
    for place in found[:2]:
        value = _value(scim, place)
        subject = holding(scim, judge, model, (place, value))
        path = places.path_of(place)
        for body in (operation("replace", path, value=_value(scim, place, value)), operation("remove", path)):
            patched = subject.send(body)
            refused(judge, "RFC7644-3.5.2-12", patched)
            keyword(judge, "RFC7644-3.12-20", patched, "mutability")
            _expect_same(judge, patched, place, "RFC7643-7-28")


@check("RFC7644-3.5.2-13", "RFC7643-7-27", needs=("patch", "attr:immutable"))
def test_immutable_attribute_can_be_given_its_first_value(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """A value can be added to an immutable attribute that has none."""
    subject = Patching(scim, scim.create(model))
    found = [place for place in _immutable(model) if value_at(subject.state, place) is None]
    if not found:
        judge.not_applicable(f"{model.name} declares no immutable attribute that may be left out")
    for place in found[:2]:
        value = _value(scim, place)
        patched = subject.send(operation("add", places.path_of(place), value=value))
        for requirement in ("RFC7644-3.5.2-13", "RFC7643-7-27"):
            settled(judge, requirement, patched, with_value(patched.before, place, value))


def _value(scim: Target, place: Located, *others: JSON) -> JSON:
    plain = place.attribute.type is DataType.STRING and not place.attribute.canonical_values
    return scim.unique(place.attribute.name) if plain else places.fresh(scim, place, *others)


@check("RFC7644-3.5.2.2-08", needs=("patch",), depth="quick")
def test_required_and_read_only_attributes_cannot_be_removed(scim: Target, judge: Judge, resource: Resource) -> None:
    """Removing a required or readOnly attribute answers 400 mutability, and it stays."""
    subject = Patching(scim, resource)
    tried = [(name, ("mutability", "invalidValue")) for name in _required(resource.model)] + [("id", ("mutability",))]
    sent = subject.refusals(Step.of(operation("remove", name)) for name, _ in tried)
    for (_, words), patched in zip(tried, sent, strict=True):
        if not refused(judge, "RFC7644-3.5.2.2-08", patched):
            continue
        given = patched.exchange.scim_type
        judge.expect(
            "RFC7644-3.5.2.2-08",
            given in words,
            expected="scimType mutability",
            observed=f"{patched.exchange.summary()} with scimType {given!r}",
            at=patched.evidence,
            subject=f"{resource.model.name}: {patched.told}",
        )
        if given in words[1:]:
            judge.advise(
                "RFC7644-3.5.2.2-08",
                expected="scimType mutability",
                observed=f"{patched.told}: {patched.answer}",
                at=patched.evidence,
            )


def _required(model: ResourceModel) -> list[str]:
    """Required core attributes that clients write."""
    return [
        attribute.name
        for attribute in model.core.attributes
        if attribute.required and attribute.mutability is Mutability.READ_WRITE and attribute.name.lower() != "schemas"
    ]


@check("RFC7644-3.5.2-10", needs=("patch",), every_type="deep")
def test_required_attribute_keeps_a_value(scim: Target, judge: Judge, resource: Resource) -> None:
    """A required attribute cannot be replaced with null: that is refused, or at least without effect."""
    subject = Patching(scim, resource)
    names = _required(resource.model)
    if not names:
        judge.not_applicable(f"{resource.model.name} requires no attribute")
    bodies = (operation("replace", names[0], value=None), operation("replace", value={names[0]: None}))
    for patched in subject.refusals(map(Step.of, bodies)):
        judge.expect(
            "RFC7644-3.5.2-10",
            patched.exchange.status < 500 and has_value(patched.after.get(names[0])),
            expected=f"400, and {names[0]} keeps its value",
            observed=f"{patched.exchange.summary()}, and {names[0]} is {patched.after.get(names[0])!r}",
            at=patched.evidence,
            subject=f"{resource.model.name}: {patched.told} with null",
        )


@check("RFC7644-3.5.2-25", "RFC7644-3.12-19", needs=("patch", "User"))
def test_unique_value_of_another_resource_is_refused(scim: Target, judge: Judge, user: Resource) -> None:
    """Replacing userName with that of another user answers 409 or 400 uniqueness, with a path and without."""
    if not user.model.core.attribute("userName"):
        judge.not_applicable("the User resource type has no userName")
    other = scim.create(user.model)
    subject = Patching(scim, user)
    value = other.sent["userName"]
    bodies = (operation("replace", "userName", value=value), operation("replace", value={"userName": value}))
    for patched in subject.refusals(map(Step.of, bodies)):
        refused(judge, "RFC7644-3.5.2-25", patched, (409, 400))
        keyword(judge, "RFC7644-3.12-19", patched, "uniqueness")


@check("RFC7644-3.5.2-25", "RFC7644-3.12-19", needs=("patch", "attr:unique"))
def test_unique_value_of_another_of_any_type_is_refused(scim: Target, judge: Judge, model: ResourceModel) -> None:
    """The same for whatever other types declare as unique."""
    place = places.unique_text(model)
    if place is None:
        judge.not_applicable(f"{model.name} has no unique text but what users are named by")
    value = scim.unique(place.attribute.name)
    scim.create_from(model, {**scim.payload(model), place.attribute.name: value})
    subject = Patching(scim, scim.create(model))
    for patched in subject.refusals([Step.of(operation("replace", places.path_of(place), value=value))]):
        refused(judge, "RFC7644-3.5.2-25", patched, (409, 400))
        keyword(judge, "RFC7644-3.12-19", patched, "uniqueness")


@check("RFC7644-3.5.2.3-02", needs=("patch-replace", "User"))
def test_a_name_is_no_conflict_with_itself(scim: Target, judge: Judge) -> None:
    """A user may be given its own userName again, also in another letter case: that is nobody else's."""
    if scim.user is None or not scim.user.core.attribute("userName"):
        judge.not_applicable("users have no userName")
        return
    user = scim.some(scim.user)
    name = str(scim.state(user).get("userName"))
    for spelled in (name, name.swapcase()):
        exchange = scim.patch(user.path, operation("replace", "userName", value=spelled))
        judge.expect(
            "RFC7644-3.5.2.3-02",
            exchange.status != 409 and exchange.scim_type != "uniqueness",
            expected=f"no conflict: {name} is the user's own name",
            observed=exchange.summary(),
            at=(user.exchange, exchange),
        )


def _misfits(model: ResourceModel) -> Iterator[tuple[Located, JSON]]:
    """Attributes with a value whose type is wrong beyond what providers tolerate for the sake of clients."""
    for place in places.typed(model):
        yield place, {"x": "y"}
        if place.attribute.type in (DataType.BOOLEAN, DataType.INTEGER, DataType.DATE_TIME):
            yield place, "no such value"
    yield places.texts(model)[0], {"x": "y"}
    yield places.texts(model)[0], ["a", "b"]
    group, listed = places.singular_complex(model), places.collection(model)
    if group:
        yield group, "a text"
    if listed:
        yield listed, 42
        yield listed, [42]
    if attributes.is_group(model) and (members := model.find(None, "members")):
        yield members, 42


@check("RFC7644-3.5.2-26", "RFC7644-3.12-24", needs=("patch",))
def test_value_of_the_wrong_type_is_refused(scim: Target, judge: Judge, resource: Resource) -> None:
    """A value that does not fit the attribute's type answers 400 invalidValue or invalidSyntax; nothing changes."""
    subject = Patching(scim, resource)
    tried = list(_misfits(resource.model))
    bodies = (operation("replace", places.path_of(place), value=value) for place, value in tried)
    for (_, value), patched in zip(tried, subject.refusals(map(Step.of, bodies)), strict=True):
        refused(judge, "RFC7644-3.5.2-26", patched, hint=f"the value sent was {value!r}")
        keyword(judge, "RFC7644-3.12-24", patched, "invalidValue", "invalidSyntax")


@check("RFC7644-3.5.2-26", needs=("patch",), every_type="deep")
def test_value_of_a_neighbouring_type_is_refused_or_converted(scim: Target, judge: Judge, resource: Resource) -> None:
    """A number for a text or a text for a boolean may be refused, or stored in the type that the schema says."""
    subject = Patching(scim, resource)
    flags = [place for place in places.typed(resource.model) if place.attribute.type is DataType.BOOLEAN]
    tried: list[tuple[Located, JSON, JSON]] = [(places.texts(resource.model)[0], 42, "42")]
    tried += [(place, "True", True) for place in flags]
    for place, value, converted in tried:
        patched = subject.send(operation("replace", places.path_of(place), value=value))
        after = value_at(patched.after, place)
        if not patched.exchange.ok:
            refused(judge, "RFC7644-3.5.2-26", patched)
            continue
        legal = (converted, value_at(patched.before, place))
        judge.expect(
            "RFC7644-3.5.2-26",
            type_error(after, place.attribute) is None and any(alike(item, after, place.attribute) for item in legal),
            expected=f"400, or {places.path_of(place)} is {converted!r}",
            observed=f"{patched.exchange.summary()}, and then {places.path_of(place)} is {after!r}",
            at=patched.evidence,
            subject=f"{resource.model.name}: {patched.told} with {value!r}",
        )

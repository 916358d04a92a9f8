"""Places in a resource to write to, by kind of attribute, and values to write there."""

from __future__ import annotations

from collections.abc import Iterator

from scimcheck.core.characteristics import DataType, Mutability, Returned, Uniqueness
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute, Located, ResourceModel
from scimcheck.core.values import same_value
from scimcheck.harness import attributes
from scimcheck.harness.expected import DERIVED, refers
from scimcheck.harness.payloads import reserved
from scimcheck.harness.target import Target
from scimcheck.harness.values import complex_value, value_for

#: Texts whose values the standard constrains beyond their type (RFC 7643 §4.1), and the provider's own (§3.1).
CONSTRAINED = frozenset({"id", "locale", "timezone", "preferredlanguage", "profileurl", "country", "username"})


def path_of(place: Located, *, core: str = "") -> str:
    """The place in attribute notation (RFC 7644 §3.10); ``core`` is the URN to put before core attributes."""
    name = f"{place.parent.name}.{place.attribute.name}" if place.parent else place.attribute.name
    urn = place.schema or core
    return f"{urn}:{name}" if urn else name


def sub_place(place: Located, sub: Attribute) -> Located:
    """The place of a sub-attribute."""
    return Located(place.schema, sub, place.attribute)


def free(attribute: Attribute) -> bool:
    """Whether a client may set a single value at will, and read it back."""
    return (
        not attribute.multi_valued
        and attribute.mutability is Mutability.READ_WRITE
        and attribute.returned in (Returned.DEFAULT, Returned.ALWAYS)
        and attribute.name.lower() not in CONSTRAINED
    )


def text(attribute: Attribute) -> bool:
    """Whether it is a single text that takes any value."""
    return free(attribute) and attribute.type is DataType.STRING and not attribute.canonical_values


def required(model: ResourceModel, attribute: Attribute) -> bool:
    """Whether resources cannot do without it: as declared, or as the standard says of names whatever is declared.

    Group.displayName was printed as optional (erratum 5368).
    """
    names = ("username",) if attributes.is_user(model) else ("displayname",) if attributes.is_group(model) else ()
    return attribute.required or attribute.name.lower() in names


def texts(model: ResourceModel, *, optional: bool = False) -> list[Located]:
    """Core attributes that take any text, the well-known ones first; with ``optional`` none that is required.

    Then displayName comes last: many a provider makes one of other attributes where it lacks (RFC 7644 §3.3).
    Where there is none externalId stands in, which no schema has to list. Among them are such whose values have to be
    unique: :func:`fresh` gives no text twice.
    """
    first = attributes.changeable(model)
    found = [a for a in model.core.attributes if text(a) and not (optional and required(model, a))]
    found.sort(key=lambda a: (optional and a.name.lower() == "displayname", a is not first))
    if not found and first is not None and first.name == "externalId":
        found = [first]
    return [Located(None, a) for a in found]


def optional_texts(model: ResourceModel, resource: JSONObject) -> list[Located]:
    """Core texts that nobody requires and that the resource does not have."""
    held = {name.lower() for name, value in resource.items() if value is not None}
    return [place for place in texts(model, optional=True) if place.attribute.name.lower() not in held]


def typed(model: ResourceModel) -> list[Located]:
    """One free core attribute for each data type but string and complex."""
    found: dict[DataType, Located] = {}
    for attribute in model.core.attributes:
        plain = attribute.type not in (DataType.STRING, DataType.COMPLEX)
        if plain and _settable(attribute) and not attribute.multi_valued:
            found.setdefault(attribute.type, Located(None, attribute))
    return list(found.values())


def _settable(attribute: Attribute) -> bool:
    returned = attribute.returned in (Returned.DEFAULT, Returned.ALWAYS)
    outward = attribute.type is not DataType.REFERENCE or not reserved(attribute)
    return attribute.mutability is Mutability.READ_WRITE and returned and outward


def unique_text(model: ResourceModel) -> Located | None:
    """A core text that no two resources may share, as declared; users' names have clauses of their own."""
    for attribute in model.core.attributes:
        unique = attribute.uniqueness in (Uniqueness.SERVER, Uniqueness.GLOBAL)
        if unique and text(attribute) and attribute.name.lower() != "id":
            return Located(None, attribute)
    return None


def singular_complex(model: ResourceModel) -> Located | None:
    """A core attribute with at least three texts below it, such as ``name``."""
    for attribute in model.core.attributes:
        singular = attribute.type is DataType.COMPLEX and not attribute.multi_valued
        if singular and attribute.mutability is Mutability.READ_WRITE and not reserved(attribute):
            place = Located(None, attribute)
            if len(sub_texts(place)) >= 3:
                return place
    return None


def sub_texts(place: Located) -> list[Located]:
    """The places of sub-attributes that take any text and that nothing else is derived from."""
    special = DERIVED | {"type", "$ref", "primary"}
    subs = (sub for sub in place.attribute.sub_attributes if text(sub) and sub.name.lower() not in special)
    return [sub_place(place, sub) for sub in subs]


def collections(model: ResourceModel) -> Iterator[Located]:
    """Multi-valued complex core attributes whose values have a ``type``; telephone numbers come last."""
    found = [Located(None, a) for a in model.core.attributes if _collection(a)]
    yield from sorted(found, key=lambda place: place.attribute.name.lower() in ("phonenumbers", "ims", "photos"))


def _collection(attribute: Attribute) -> bool:
    kind = attribute.sub_attribute("type")
    writable = attribute.mutability is Mutability.READ_WRITE and attribute.returned is Returned.DEFAULT
    return (
        attribute.multi_valued
        and attribute.type is DataType.COMPLEX
        and writable
        and not reserved(attribute)
        and not refers(attribute)
        and kind is not None
        and kind.mutability is Mutability.READ_WRITE
        and bool(_own_texts(attribute))
    )


def _own_texts(attribute: Attribute) -> list[Located]:
    return sub_texts(Located(None, attribute))


def collection(model: ResourceModel, *, subs: int = 1, primary: bool = False) -> Located | None:
    """The first collection whose values have at least so many texts beside ``type``, and ``primary`` if asked for."""
    for place in collections(model):
        marked = place.attribute.sub_attribute("primary") is not None
        if len(sub_texts(place)) >= subs and (marked or not primary):
            return place
    return None


def extension_texts(model: ResourceModel) -> list[Located]:
    """Texts of extensions that nobody requires."""
    return [
        Located(schema.id, attribute)
        for schema in model.extensions
        for attribute in schema.attributes
        if text(attribute) and not attribute.required and not any(a.required for a in schema.attributes)
    ]


def unused_extension_texts(model: ResourceModel) -> list[Located]:
    """Texts of an extension that a resource need not have."""
    return [place for place in extension_texts(model) if place.schema and not model.requires(place.schema)]


# --- values ----------------------------------------------------------------------------------------------------------


def fresh(scim: Target, place: Located, *others: JSON) -> JSON:
    """A valid value for the place that is none of ``others``."""
    attribute = place.attribute
    if attribute.type is DataType.BOOLEAN:
        return not (others and others[0])
    if text(attribute) and place.parent is None:
        return scim.unique(attribute.name)
    for _ in range(50):
        value = value_for(attribute, scim.payloads.fake, place.parent)
        if not any(same_value(value, other, attribute) for other in others):
            return value
    return value


def element(scim: Target, place: Located, kind: str) -> JSONObject:
    """A value for a collection, with that ``type``."""
    return {**complex_value(place.attribute, scim.payloads.fake), "type": kind}


def kinds(place: Located) -> list[str]:
    """Three types for the values of a collection; fewer when the definition names fewer."""
    kind = place.attribute.sub_attribute("type")
    named = list(kind.canonical_values) if kind else []
    return (named or ["work", "home", "other"])[:3]


def three(scim: Target, place: Located) -> list[JSONObject]:
    """Values for a collection, one for each of its :func:`kinds`, different in every text."""
    made: list[JSONObject] = []
    for kind in kinds(place):
        item = element(scim, place, kind)
        for sub in sub_texts(place):
            name = sub.attribute.name
            item[name] = fresh(scim, sub, *(other.get(name) for other in made))
        made.append(item)
    return made


def simple_list(model: ResourceModel) -> Located | None:
    """A multi-valued attribute of the core whose values are free texts."""
    for attribute in model.core.attributes:
        plain = attribute.type is DataType.STRING and not attribute.canonical_values
        written = attribute.mutability is Mutability.READ_WRITE and attribute.returned is Returned.DEFAULT
        if attribute.multi_valued and plain and written and not reserved(attribute):
            return Located(None, attribute)
    return None

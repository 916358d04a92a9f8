"""Changing the values of a multi-valued attribute: sets of values, at most one of them primary (RFC 7643 §2.4)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from scimcheck.core.characteristics import DataType, Mutability
from scimcheck.core.errors import InvalidValue
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch.complexes import completed, is_reference
from scimcheck.core.resource import member
from scimcheck.core.schema import Attribute
from scimcheck.core.values import is_case_exact, same_value


class Collection:
    """The values of one multi-valued attribute while operations work on them.

    Values themselves are never changed, only put in other's place; ``values`` becomes a list of its own with the first
    change, so that the list it was made from stays as it is.
    """

    def __init__(self, values: list[Any], attribute: Attribute) -> None:
        self.values = values
        self.attribute = attribute
        self._identify = identifier(attribute)
        self._owned = False
        self._keys: set[Hashable] | None = None

    def add(self, items: list[Any]) -> None:
        """Add values; one that is there already changes nothing, one that tells more of such completes it."""
        self._check_primary(items)
        for item in items:
            key = self._identify(item)
            if key is not None and key not in self._index():
                self._append(item, key)
            elif key is None:
                self._add_complex(item)

    def _add_complex(self, item: JSON) -> None:
        place = next((i for i, value in enumerate(self.values) if covers(value, item, self.attribute)), None)
        if place is None:
            self._append(item, None)
            return
        old = self.values[place]
        new = completed(old, item, self.attribute) if isinstance(item, dict) else old
        if new is not old:
            self._put(place, new)

    def replace(self, items: list[Any]) -> None:
        """Make ``items`` the only values. Members that stay keep what is known of them."""
        fresh = Collection([], self.attribute)
        fresh.add(items)
        if _keyed(self.attribute):
            known = {self._identify(value): value for value in self.values}
            fresh.values = [self._known(value, known) for value in fresh.values]
        self.values, self._owned, self._keys = fresh.values, True, None

    def _known(self, value: JSON, known: dict[Hashable, Any]) -> JSON:
        key = self._identify(value)
        found: JSON = value if key is None else known.get(key, value)
        return found

    def remove(self, items: list[Any]) -> bool:
        """Take away the values that are covered by one of ``items``; whether there was any."""
        keys = {self._identify(item) for item in items}
        if None in keys:
            return self.remove_where(lambda value: any(covers(value, item, self.attribute) for item in items))
        return self.remove_where(lambda value: self._identify(value) in keys)

    def remove_where(self, selected: Callable[[JSON], bool]) -> bool:
        """Take away the selected values; whether there was any."""
        kept = [value for value in self.values if not selected(value)]
        changed = len(kept) < len(self.values)
        if changed:
            self.values, self._owned, self._keys = kept, True, None
        return changed

    def change_where(self, selected: Callable[[JSON], bool], change: Callable[[Any], JSON]) -> bool:
        """Put ``change(value)`` in the place of each selected value, nothing for ``None`` and ``{}``; whether any was.

        Raises ``InvalidValue`` when that makes more than one value primary.
        """
        places = [place for place, value in enumerate(self.values) if selected(value)]
        news = [change(self.values[place]) for place in places]
        self._check_primary(news)
        for place, new in zip(places, news, strict=True):
            self._put(place, new)
        if any(new is None or new == {} for new in news):
            self.remove_where(lambda value: value is None or value == {})
        self._keys = None
        return bool(places)

    def create(self, item: JSON) -> None:
        """Append a value that a filter describes; one with a ``value`` that is there already completes that."""
        if isinstance(item, dict) and member(item, "value") is None:
            self._append(item, None)
        else:
            self.add([item])

    def _append(self, item: JSON, key: Hashable) -> None:
        self._own()
        self.values.append(item)
        if key is not None:
            self._index().add(key)
        self._demote_others(len(self.values) - 1)

    def _put(self, place: int, value: JSON) -> None:
        self._own()
        self.values[place] = value
        self._demote_others(place)

    def _own(self) -> None:
        if not self._owned:
            self.values, self._owned = list(self.values), True

    def _index(self) -> set[Hashable]:
        if self._keys is None:
            self._keys = {self._identify(value) for value in self.values}
        return self._keys

    def _check_primary(self, items: list[Any]) -> None:
        if sum(_is_primary(item) for item in items) > 1:
            raise InvalidValue(f"only one value of {self.attribute.name} may be primary")

    def _demote_others(self, winner: int) -> None:
        """Set ``primary`` to false on all values but that at ``winner``, if that is primary (RFC 7644 §3.5.2)."""
        if not _is_primary(self.values[winner]):
            return
        for place, value in enumerate(self.values):
            if place != winner and _is_primary(value):
                self.values[place] = {k: False if k.lower() == "primary" else v for k, v in value.items()}


def _is_primary(value: JSON) -> bool:
    return isinstance(value, dict) and member(value, "primary") is True


def _keyed(attribute: Attribute) -> bool:
    """Whether ``value`` alone tells the values apart, as it never changes: members of groups (RFC 7643 §4.2)."""
    value = attribute.sub_attribute("value")
    return value is not None and value.mutability is Mutability.IMMUTABLE


def identifier(attribute: Attribute) -> Callable[[Any], Hashable]:
    """The function from a value to a key that is equal for equal values, or ``None`` where there is no such key.

    The ids that references hold are case exact (RFC 7643 §3.1), whatever the definition says of ``value``.
    """
    if attribute.type is DataType.COMPLEX:
        exact = is_reference(attribute) or is_case_exact(attribute.sub_attribute("value"))
        return partial(_id_of_complex, exact) if _keyed(attribute) else _no_id
    exact = is_case_exact(attribute)
    return _no_id if attribute.type is DataType.DATE_TIME else partial(_id_of_text, exact)


def _no_id(value: Any) -> Hashable:
    return None


def _id_of_complex(exact: bool, value: Any) -> Hashable:
    if not isinstance(value, dict):
        return None
    # One look-up in the usual spelling first: groups have thousands of members.
    found = value.get("value")
    return _id_of_text(exact, member(value, "value") if found is None else found)


def _id_of_text(exact: bool, value: Any) -> Hashable:
    if not isinstance(value, str):
        return None
    return value if exact else value.casefold()


def covers(value: JSON, item: JSON, attribute: Attribute) -> bool:
    """Whether ``value`` is the value that ``item`` names.

    Complex values are the same when ``value`` is, and ``type`` if ``item`` has one (RFC 7643 §2.4); without ``value``,
    when everything that ``item`` tells is the same.
    """
    if not isinstance(value, dict) or not isinstance(item, dict):
        return same_value(value, item, attribute)
    if member(item, "value") is not None:
        names = [name for name in item if name.lower() in ("value", "type")]
    else:
        names = [name for name in item if name.lower() != "primary"] or list(item)
    return all(_same_sub(value, item, name, attribute) for name in names)


def _same_sub(value: JSONObject, item: JSONObject, name: str, attribute: Attribute) -> bool:
    return same_value(member(value, name), item[name], attribute.sub_attribute(name))

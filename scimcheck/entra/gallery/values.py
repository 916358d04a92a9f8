"""The values of the validation: source users, creation bodies and updates, generated as the workflow does."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone

from scimcheck.core.json import JSON, JSONObject
from scimcheck.entra.data import table
from scimcheck.entra.gallery.mapping import GalleryMapping, Row, prefix_of, schemas_of

#: Domain of generated user names where none was named.
DOMAIN = "example.com"

_ELEMENT = re.compile(r'^(?P<list>[^\[]+)\[.*"(?P<key>[^"]*)"\]\.(?P<sub>.+)$')
#: Targets that the generic body and the direct update leave alone.
_NOT_IN_BODY = ("id", "externalid", "username", "active", "roles")
_NOT_UPDATED = ("id", "schemas", "meta", "active", "groups", "roles")
_UPDATED_TYPES = ("string", "integer", "datetime", "boolean")
#: Source attributes that a generated user does not take from its profile.
_OWN = ("IsSoftDeleted", "accountEnabled", "manager", "mail", "userPrincipalName", "displayName", "mailNickname")


@dataclass(slots=True)
class Values:
    """Generates names and values. ``seed`` decides the profile and the values, ``names`` what makes names unique.

    ``own`` are one or two maps from target attribute to a value that the endpoint accepts; ``canonical`` the values
    that ``/Schemas`` allows, by target attribute in lower case.
    """

    seed: int
    names: str
    domain: str = DOMAIN
    own: Sequence[Mapping[str, JSON]] = ()
    canonical: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _random: random.Random = field(init=False)
    _numbers: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    @property
    def profiles(self) -> list[JSONObject]:
        """The source profiles; the last one serves updates only."""
        found: list[JSONObject] = table("gallery")["profiles"]
        return found

    def choose_profile(self) -> int:
        """The profile for creations: any but the last."""
        return self._random.randrange(len(self.profiles) - 1)

    def digits(self, count: int = 8) -> str:
        """Hex digits for a value."""
        return f"{self._random.getrandbits(4 * count):0{count}x}"

    def guid(self) -> str:
        """A GUID that no other run has."""
        self._numbers += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.names}/{self._numbers}"))

    def unique(self, count: int = 8) -> str:
        """Hex digits for a name: those of a GUID."""
        return self.guid()[:count]

    def user_name(self, kind: str) -> str:
        """A user name such as ``lacreate5b1e9a40@example.com``."""
        return f"{kind}{self.unique()}@{self.domain}"

    # Source objects -------------------------------------------------------------------------------------------

    def source_user(self, mapping: GalleryMapping, profile: int, kind: str) -> JSONObject:
        """A source user for a creation, by the names that the mapping uses."""
        user = self._sourced(mapping.user, profile, "Test")
        name = self.user_name(f"la{kind}")
        user.update(
            IsSoftDeleted=False,
            accountEnabled=True,
            objectId=self.guid(),
            userPrincipalName=name,
            mail=self.user_name(f"la{kind}"),
            displayName=name,
            mailNickname=f"la{kind}{self.unique()}",
        )
        return user

    def updated_user(self, mapping: GalleryMapping, profile: int, user: JSONObject) -> JSONObject:
        """What changes in the source user: the next profile's values, and new names."""
        rows = [row for row in mapping.user if not row.only_on_creation]
        changed = self._sourced(rows, (profile + 1) % len(self.profiles), "Updated")
        name = str(user["userPrincipalName"])
        changed.update(
            userPrincipalName=f"updated-{name}",
            mail=f"updated-{name}",
            displayName=f"{name} - Updated",
            mailNickname=f"updated{user['mailNickname']}",
        )
        return {**user, **changed}

    def source_group(self, name: str) -> JSONObject:
        """A source group."""
        return {"objectId": self.guid(), "displayName": name, "description": "Validation group", "mailNickname": name}

    def _sourced(self, rows: Iterable[Row], profile: int, default: str) -> JSONObject:
        """A value for each source attribute of the rows; one of the configured values wins over the profile."""
        chosen, transforms = self.profiles[profile], table("gallery")["transforms"]
        found: JSONObject = {}
        for row in rows:
            for source in row.sources:
                if source in _OWN or source == "objectId" or (row.is_reference and source in ("manager", "members")):
                    continue
                own = self._allowed(row.target, profile) if row.source == source else None
                value = own if own is not None else chosen.get(transforms.get(source, source))
                found[source] = value if value not in (None, "") else self._default(row, default)
        return found

    def _default(self, row: Row, word: str) -> JSON:
        kind = row.type.lower()
        special: dict[str, JSON] = {"boolean": True, "integer": 1, "datetime": _now()}
        return special.get(kind, f"{word}{self.digits(6)}")

    def _allowed(self, target: str, profile: int) -> JSON:
        """A configured value, or one of those that the endpoint calls canonical; ``None`` when there is neither."""
        if self.own:
            configured = self.own[profile % len(self.own)].get(target)
            if configured is not None:
                return configured
        allowed = self.canonical.get(target.lower())
        return allowed[profile % len(allowed)] if allowed else None

    # Direct tests ---------------------------------------------------------------------------------------------

    def body(self, rows: Sequence[Row], user_name: str, profile: int = 0) -> JSONObject:
        """The generic creation body of the direct tests: a value for every target attribute but references."""
        body: JSONObject = {"schemas": schemas_of(rows), "userName": user_name, "active": True}
        if any(row.target.lower() == "externalid" for row in rows):
            body["externalId"] = self.guid()
        for row in rows:
            if row.target.lower() not in _NOT_IN_BODY and not row.is_reference:
                put(body, row.target, self._generated(row, profile))
        return body

    def mapped_body(self, rows: Sequence[Row], user_name: str, profile: int = 0) -> JSONObject:
        """The creation body of the null update: the profile's value for every mapped attribute."""
        listed = any(row.target.lower() == "externalid" for row in rows)
        body: JSONObject = {
            "schemas": schemas_of(rows),
            "userName": user_name,
            "active": True,
            "externalId": self.guid() if listed else "",
        }
        for row in rows:
            if row.target.lower() not in _NOT_IN_BODY and row.source != "manager" and not row.is_reference:
                value = self._allowed(row.target, profile) or self._of_profile(row, profile)
                put(body, row.target, value or f"Test{self.digits(6)}")
        return body

    def updates(self, rows: Sequence[Row]) -> dict[str, JSON]:
        """The direct update: a new value for every simple attribute that a client may write, userName included."""
        own = self.own[1] if len(self.own) > 1 else {}
        found: dict[str, JSON] = {}
        for row in rows:
            if updatable(row):
                found[row.target] = own.get(row.target, self._updated(row))
        return found

    def group_updates(self, rows: Sequence[Row]) -> dict[str, JSON]:
        """The direct update of a group."""
        return {row.target: self._updated(row) for row in rows if updatable(row) and row.target.lower() != "members"}

    def _updated(self, row: Row) -> JSON:
        allowed = self.canonical.get(row.target.lower())
        special: dict[str, JSON] = {
            "integer": self._random.randrange(1, 99999),
            "boolean": True,
            "datetime": _now(),
        }
        return special.get(row.type.lower()) or (allowed[-1] if allowed else f"upd-{self.unique()}")

    def _of_profile(self, row: Row, profile: int) -> JSON:
        transforms = table("gallery")["transforms"]
        value = self.profiles[profile].get(transforms.get(row.source, row.source)) if row.source else None
        return value[0] if isinstance(value, list) and value else value

    def _generated(self, row: Row, profile: int) -> JSON:
        if row.type.lower() == "boolean":
            return True
        value = self._allowed(row.target, profile) or self._of_profile(row, profile)
        return value or self._by_name(row.target)

    def _by_name(self, target: str) -> str:
        name = target.lower()
        for rule in table("gallery")["generated"]:
            word = rule["name"]
            fits = {"equals": name == word, "contains": word in name, "ends": name.endswith(word)}[rule["where"]]
            if fits:
                return self._filled(rule["value"])
        if "roles[" in name:
            return "primary" if name.endswith(".type") else "TestRole" if name.endswith(".value") else "Test Role"
        return f"Test-{re.split('[.:]', target)[-1]}-{self.digits(6)}"

    def _filled(self, pattern: str) -> str:
        filled = pattern.replace("{domain}", self.domain)
        return re.sub(r"\{(\d)\}", lambda match: self.digits(int(match[1])), filled)


def updatable(row: Row) -> bool:
    """Whether the direct update changes the attribute: single-valued, writable, simple and not among the excluded."""
    return (
        not row.multi_valued
        and row.mutability in ("readWrite", "writeOnly")
        and not row.is_reference
        and row.target.lower() not in _NOT_UPDATED
        and row.type.lower() in _UPDATED_TYPES
    )


def put(body: JSONObject, target: str, value: JSON) -> None:
    """Put a value where its target attribute belongs; the first entry of a list is the primary one."""
    prefix = prefix_of(target)
    element = _ELEMENT.match(target)
    if prefix and not element:
        body.setdefault(prefix, {})[target[len(prefix) + 1 :]] = value
    elif element:
        _entry(body.setdefault(element["list"], []), element["key"])[element["sub"]] = value
    elif "." in target:
        parent, _, sub = target.partition(".")
        body.setdefault(parent, {})[sub] = value
    else:
        body[target] = value


def _entry(entries: list[JSONObject], key: str) -> JSONObject:
    for entry in entries:
        if entry["type"] == key:
            return entry
    entries.append({"type": key, "primary": not entries})
    return entries[-1]


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

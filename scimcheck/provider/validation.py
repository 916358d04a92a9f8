"""Whether a resource may be created, replaced or left as a PATCH made it, and what of it is stored."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from scimcheck.core.characteristics import Mutability
from scimcheck.core.errors import InvalidValue, MutabilityError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute, Located
from scimcheck.core.values import same_value
from scimcheck.provider.cleaning import Cleaned, clean, required_paths
from scimcheck.provider.context import Context


def validate_create(ctx: Context, body: JSON) -> JSONObject:
    """The attributes to store for a POST body; raises InvalidSyntax and InvalidValue."""
    shape = ctx.typed()
    if isinstance(body, dict) and ctx.settings.sent_id_in_post == "refuse" and body.get("id") is not None:
        raise MutabilityError("the id of a resource is given by the provider")
    cleaned = clean(body, shape, ctx.settings)
    ctx.requested = tuple(sorted(cleaned.mentioned))
    _add_defaults(ctx, cleaned)
    return _finished(ctx, cleaned.attributes, cleaned.listed)


def validate_replace(ctx: Context, current: JSONObject, body: JSON) -> JSONObject:
    """The attributes to store for a PUT body on a resource that is ``current``; also raises MutabilityError."""
    shape = ctx.typed()
    if isinstance(body, dict) and ctx.settings.sent_id_in_put == "refuse" and body.get("id", ctx.target) != ctx.target:
        raise MutabilityError("id is read-only")
    cleaned = clean(body, shape, ctx.settings)
    ctx.requested = tuple(sorted(cleaned.mentioned))
    for located in shape.model.attributes():
        _keep(ctx, located, current, cleaned)
    if ctx.settings.left_out_of_put == "clear":
        _add_defaults(ctx, cleaned)
    _add_own_defaults(ctx, cleaned)
    return _finished(ctx, cleaned.attributes, cleaned.listed)


def validate_patched(ctx: Context, patched: JSON) -> JSONObject:
    """The attributes to store after a PATCH; raises InvalidValue when what it made of the resource does not hold."""
    cleaned = clean(patched, ctx.typed(), ctx.settings, ctx.stored)
    _add_own_defaults(ctx, cleaned)
    return _finished(ctx, cleaned.attributes, cleaned.listed)


def _add_defaults(ctx: Context, cleaned: Cleaned) -> None:
    """Give attributes that the client did not mention the provider's default; ``null`` suppresses it (§3.3)."""
    for name, value in ctx.settings.defaults.get(ctx.typed().name, {}).items():
        if name not in cleaned.mentioned and ctx.typed().model.find(None, name) is not None:
            cleaned.attributes[name] = value


def _add_own_defaults(ctx: Context, cleaned: Cleaned) -> None:
    """Give readOnly attributes their default again: what a client says of them is dropped on the way in."""
    for name, value in ctx.settings.defaults.get(ctx.typed().name, {}).items():
        located = ctx.typed().model.find(None, name)
        if located is not None and located.attribute.mutability is Mutability.READ_ONLY:
            cleaned.attributes[name] = value


def _finished(ctx: Context, attributes: JSONObject, listed: list[str]) -> JSONObject:
    model = ctx.typed().model
    for path in required_paths(ctx.typed(), attributes):
        raise InvalidValue(f"{path} is required")
    uris = [urn for urn in model.schema_uris if urn in listed or urn in attributes or urn == model.core.id]
    return {"schemas": uris, **attributes}


def _keep(ctx: Context, located: Located, current: JSONObject, cleaned: Cleaned) -> None:
    """Carry over what a PUT cannot change or did not mention."""
    attribute = located.attribute
    old = _container(current, located.schema).get(attribute.name)
    path = f"{located.schema}:{attribute.name}" if located.schema else attribute.name
    if old is None or attribute.mutability is Mutability.READ_ONLY or attribute.name in ("schemas", "id", "meta"):
        return
    if attribute.mutability is Mutability.IMMUTABLE:
        _keep_immutable(attribute, old, path, located.schema, cleaned)
    elif path not in cleaned.mentioned:
        if attribute.mutability is Mutability.WRITE_ONLY or ctx.settings.left_out_of_put == "keep":
            _set(cleaned, located.schema, attribute.name, old)
    elif not attribute.multi_valued:
        _keep_immutable_parts(attribute, old, path, _container(cleaned.attributes, located.schema))


def _keep_immutable(attribute: Attribute, old: Any, path: str, schema: str | None, cleaned: Cleaned) -> None:
    new = _container(cleaned.attributes, schema).get(attribute.name)
    if path in cleaned.mentioned and not same_value(new, old, attribute):
        raise MutabilityError(f"{path} is immutable and has another value")
    _set(cleaned, schema, attribute.name, old)


def _keep_immutable_parts(attribute: Attribute, old: Any, path: str, container: JSONObject) -> None:
    new = container.get(attribute.name)
    if not isinstance(new, dict) or not isinstance(old, dict):
        return
    for sub in attribute.sub_attributes:
        if sub.mutability is Mutability.IMMUTABLE and old.get(sub.name) is not None:
            if sub.name in new and not same_value(new[sub.name], old[sub.name], sub):
                raise MutabilityError(f"{path}.{sub.name} is immutable and has another value")
            new[sub.name] = old[sub.name]


def _container(attributes: JSONObject, schema: str | None) -> JSONObject:
    if schema is None:
        return attributes
    found = attributes.get(schema)
    return found if isinstance(found, dict) else {}


def _set(cleaned: Cleaned, schema: str | None, name: str, value: Any) -> None:
    target = cleaned.attributes if schema is None else cleaned.attributes.setdefault(schema, {})
    target[name] = value


def protect(ctx: Context, attributes: JSONObject, stored: JSONObject) -> JSONObject:
    """Hash the texts of writeOnly attributes, so that no password is kept as sent (RFC 7643 §9.2).

    What equals the stored text is a hash already.
    """
    for located in ctx.typed().secrets:
        name = located.attribute.name
        container = _container(attributes, located.schema)
        value = container.get(name)
        if isinstance(value, str) and value != _container(stored, located.schema).get(name):
            container[name] = _hashed(value)
    return attributes


def _hashed(secret: str) -> str:
    salt = secrets.token_hex(8)
    digest = hashlib.pbkdf2_hmac("sha256", secret.encode("utf-8", "surrogatepass"), salt.encode(), 1000)
    return f"{{pbkdf2}}{salt}${digest.hex()}"

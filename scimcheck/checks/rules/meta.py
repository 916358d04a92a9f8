"""What ``meta`` says of every resource, and URIs that the provider makes (RFC 7643 §3.1, RFC 7644 §1.2 and §1.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from scimcheck.checks.rules import Problem, RuleContext, rule
from scimcheck.checks.rules._shown import Shown, brief, shown, shows_resources, shows_whole_resources, values
from scimcheck.client.exchange import Exchange
from scimcheck.core.characteristics import DataType
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.resource import member
from scimcheck.core.values import parse_datetime

#: RFC 3986: the characters of a URI reference, each percent sign with its two digits.
_REFERENCE = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")


def _meta(item: Shown) -> JSONObject:
    found = member(item.resource, "meta")
    return found if isinstance(found, dict) else {}


@rule("common-attributes", "RFC7643-3.1-01", when=shows_whole_resources)
def common_attributes(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Every resource has meta (its id is a requirement of its own)."""
    for item in shown(exchange, context):
        if item.whole and not _meta(item):
            yield item.problem("RFC7643-3.1-01", "a meta attribute", f"meta: {brief(member(item.resource, 'meta'))}")


def _says_type(exchange: Exchange, context: RuleContext) -> bool:
    return any(_meta(item).get("resourceType") is not None for item in shown(exchange, context))


@rule("resource-type", "RFC7643-3.1-20", "RFC7643-3-10", when=_says_type)
def resource_type(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """meta.resourceType is, letter by letter, the name (or id) of the type that the endpoint serves."""
    names = {name for model in context.models for name in (model.name, model.resource_type.id) if name}
    for item in shown(exchange, context):
        told: JSON = _meta(item).get("resourceType")
        if told is None:
            continue
        own = {item.served.name, item.served.resource_type.id} - {""}
        if told not in names:
            expected = f"meta.resourceType is one of {', '.join(sorted(names))}"
            yield item.problem("RFC7643-3.1-20", expected, f"meta.resourceType: {brief(told)}")
        elif told not in own:
            expected = f"the type that {item.served.endpoint} serves: {item.served.name}"
            yield item.problem("RFC7643-3-10", expected, f"meta.resourceType: {brief(told)}")


@rule("creation-time", "RFC7643-3.1-21", when=shows_whole_resources)
def creation_time(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """meta.created is there and is a dateTime."""
    for item in shown(exchange, context):
        meta = _meta(item)
        created = meta.get("created")
        text = created if isinstance(created, str) else ""
        # A time without a zone is a dateTime (RFC 7643 §2.3.5), so it is read as if it had one.
        if item.whole and meta and not (parse_datetime(text) or parse_datetime(f"{text}Z")):
            yield item.problem("RFC7643-3.1-21", "meta.created is an xsd:dateTime", f"meta.created: {brief(created)}")


def _uris(item: Shown) -> Iterator[tuple[str, str]]:
    """The URIs that the provider itself made: where the resource is, and where what it refers to is."""
    for found in values(item):
        made = found.attribute.name == "$ref" or found.path.lower() == "meta.location"
        if made and found.attribute.type is DataType.REFERENCE and isinstance(found.value, str):
            yield found.path, found.value


def _with_header(item: Shown) -> Iterator[tuple[str, str]]:
    for name in ("location", "content-location"):
        value = item.exchange.header(name)
        if value:
            yield f"the {name.title()} header", value
    yield from _uris(item)


@rule("uri-syntax", "RFC7644-1.2-01", when=shows_resources)
def uri_syntax(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """URIs are percent-encoded as RFC 3986 demands."""
    for item in shown(exchange, context):
        for path, uri in _with_header(item):
            if "[redacted" not in uri and not _REFERENCE.fullmatch(uri):
                yield item.problem("RFC7644-1.2-01", "a percent-encoded URI", f"{path}: {brief(uri)}")


@rule("uri-without-query", "RFC7644-1.3-01", when=shows_resources)
def uri_without_query(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """No query stands in front of a resource's path or behind it."""
    for item in shown(exchange, context):
        for path, uri in _with_header(item):
            if "?" in uri:
                yield item.problem("RFC7644-1.3-01", "a URI without query", f"{path}: {brief(uri)}")


def _has_content_location(exchange: Exchange, context: RuleContext) -> bool:
    return bool(exchange.header("content-location")) and "id" in exchange.body and shows_resources(exchange, context)


@rule("content-location", "RFC7643-3.1-26", when=_has_content_location)
def content_location(exchange: Exchange, context: RuleContext) -> Iterator[Problem]:
    """Content-Location, where it is sent, is meta.location."""
    header = exchange.header("content-location") or ""
    for item in shown(exchange, context):
        told = _meta(item).get("location")
        if isinstance(told, str) and not same_uri(told, header, context.base_url):
            yield item.problem("RFC7643-3.1-26", f"Content-Location: {told}", f"Content-Location: {header}")


def same_uri(one: str, other: str, base: str) -> bool:
    """Whether two references denote the same resource: resolved against the base, whatever the version segment."""
    return _path(one, base) == _path(other, base)


def _path(uri: str, base: str) -> str:
    split = urlsplit(urljoin(base.rstrip("/") + "/", uri))
    return re.sub(r"/v\d+(?=/)", "", split.path).rstrip("/") + (f"?{split.query}" if split.query else "")

"""Media types and JSON bodies (RFC 7644 §3.1, §3.8; RFC 9110 §12.5.1)."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from scimcheck.core import urns
from scimcheck.core.errors import InvalidSyntax, ScimError
from scimcheck.core.json import JSON
from scimcheck.provider.context import Context

_JSON_TYPES = (urns.MEDIA_TYPE, "application/json")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def negotiate(ctx: Context) -> str:
    """The media type of the response; raises ScimError 406 when the client accepts neither SCIM nor plain JSON."""
    accept = ctx.header("accept")
    if accept is None or not accept.strip():
        return urns.MEDIA_TYPE
    ranges = _media_ranges(accept)
    scim, plain = (_quality(ranges, name) for name in _JSON_TYPES)
    if scim <= 0 and plain <= 0:
        if ctx.settings.unacceptable == "refuse":
            raise ScimError(f"responses are {urns.MEDIA_TYPE}", status=406)
        return urns.MEDIA_TYPE
    prefers_plain = plain > scim or ("application/json" in ranges and urns.MEDIA_TYPE not in ranges)
    return _JSON_TYPES[1] if prefers_plain and plain > 0 and ctx.settings.plain_json_when_asked else urns.MEDIA_TYPE


def _media_ranges(accept: str) -> dict[str, float]:
    """Media ranges of an Accept header in lower case with their q values; what is malformed counts as q=1."""
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                quality = _number(value)
        if name:
            ranges[name] = max(quality, ranges.get(name, 0.0))
    return ranges


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 1.0
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else 1.0


def _quality(ranges: dict[str, float], media_type: str) -> float:
    for candidate in (media_type, "application/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0


def read_body(ctx: Context) -> JSON:
    """The request's JSON body; raises ScimError 413 and 415, and InvalidSyntax for what is not JSON in UTF-8."""
    body = ctx.request.body
    if len(body) > ctx.settings.max_body:
        raise ScimError(f"a request body has at most {ctx.settings.max_body} bytes", status=413)
    _check_content_type(ctx)
    return parse_json(body)


def _check_content_type(ctx: Context) -> None:
    header = ctx.header("content-type")
    if header == urns.MEDIA_TYPE:
        return
    if header is None or not header.strip():
        if ctx.settings.missing_content_type == "refuse":
            raise ScimError(f"requests need Content-Type {urns.MEDIA_TYPE}", status=415)
        return
    name, *parameters = (piece.strip().lower() for piece in header.split(";"))
    if name not in _JSON_TYPES:
        raise ScimError(f"requests are {urns.MEDIA_TYPE}, not {name}", status=415)
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            raise ScimError("requests are encoded in UTF-8", status=415)


def parse_json(body: bytes) -> JSON:
    """Parse JSON strictly: UTF-8, no NaN, no number beyond a double, no lone surrogate, no endless nesting."""
    if not body.strip():
        raise InvalidSyntax("the request has no body")
    try:
        value: JSON = _decode(body.decode("utf-8-sig"))
        if _SURROGATE.search(body):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidSyntax(f"the body is not UTF-8: byte {error.start} is wrong") from None
    except UnicodeEncodeError:
        raise InvalidSyntax("the body contains half of a surrogate pair") from None
    except RecursionError:
        raise InvalidSyntax("the body is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise InvalidSyntax(f"the body is not JSON: {error}") from None
    except ValueError as error:
        raise InvalidSyntax(f"the body holds a number out of range: {error}") from None
    return value


def _refuse_constant(text: str) -> NoReturn:
    raise InvalidSyntax(f"{text} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text[:40])
    return value


# Made once: with these arguments json.loads would make a decoder for every body.
_decode = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite).decode
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def serialise(value: Any) -> bytes:
    """JSON in UTF-8, compact."""
    return _encode(value).encode("utf-8")

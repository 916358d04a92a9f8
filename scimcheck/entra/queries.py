"""Query strings as Entra writes them, and as the workflow that validates gallery applications does.

Entra's reference library encodes a query as a form: blanks as ``+``, escapes in lower-case hex, the characters
``! * ( ) - _ .`` bare, and parameters in one fixed order. The gallery's workflow writes blanks as ``%20`` and leaves
the value as it is. Every function returns the raw query, without ``?``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, quote_plus

#: The parameter on the Tenant URL that asks for the compliant dialect, and its name until 2021.
FLAG = "aadOptscim062020"
OLD_FLAG = "AzureAdScimPatch062020"

_ORDER = ("attributes", "excludedAttributes", "filter", "startIndex", "count")
_ESCAPE = re.compile("%[0-9A-F]{2}")


def form_encode(text: str) -> str:
    """The text as a form value, the way .NET writes it: ``a b@c`` becomes ``a+b%40c``."""
    encoded = quote_plus(text, safe="!*()").replace("~", "%7e")
    return _ESCAPE.sub(lambda match: match.group().lower(), encoded)


def encode_query(parameters: Mapping[str, str]) -> str:
    """The raw query with those parameters in Entra's order; one without a value stands bare, as the flag does.

    Unknown parameters, which ride on the Tenant URL, come first in the order given.
    """
    names = [name for name in parameters if name not in _ORDER]
    names += [name for name in _ORDER if name in parameters]
    return "&".join(
        f"{form_encode(name)}={form_encode(parameters[name])}" if parameters[name] else form_encode(name)
        for name in names
    )


def escape(value: str) -> str:
    """The value as it stands between the quotes of a filter (RFC 7644 §3.4.2.2)."""
    return value.replace("\\", "\\\\").replace('"', '\\"')


def equality(attribute: str, value: str, *, escaped: bool = True) -> str:
    """The filter ``attribute eq "value"``.

    Microsoft's reference library does not escape quotes and backslashes inside the value, as RFC 7644 §3.4.2.2 asks
    for: ``escaped=False`` writes them as it does.
    """
    return f'{attribute} eq "{escape(value) if escaped else value}"'


def matching_query(attribute: str, value: str, *, group: bool = False, escaped: bool = True) -> str:
    """The search for an existing resource by a matching attribute; for groups, members are left out."""
    parameters = {"filter": equality(attribute, value, escaped=escaped)}
    if group:
        parameters["excludedAttributes"] = "members"
    return encode_query(parameters)


def connection_probe(attribute: str, guid: str) -> str:
    """The query of Test Connection: a GUID nobody has, in the attribute with matching precedence 1."""
    return matching_query(attribute, guid)


def reference_check(resource_id: str, attribute: str, value: str) -> str:
    """The query by which older jobs ask whether a reference (``manager``, ``members``) holds that id."""
    return encode_query(
        {"attributes": "id", "filter": f"{equality('id', resource_id)} and {equality(attribute, value)}"}
    )


def page_query(start_index: int, count: int) -> str:
    """The query for ``count`` resources from the one-based ``start_index`` on."""
    return encode_query({"startIndex": str(start_index), "count": str(count)})


def gallery_query(attribute: str, value: str, *, encode_value: bool = False) -> str:
    """The search as the gallery's workflow writes it: blanks and quotes escaped, the value as it is.

    One of the workflow's tests escapes the value too (``encode_value``). Characters that cannot stand in a URL at
    all, blanks among them, are escaped in either case.
    """
    name = quote(attribute, safe="")
    kept = quote(value, safe="" if encode_value else "!$'()*+,;:@/?[]-._~%")
    return f"filter={name}%20eq%20%22{kept}%22"


def with_flag(query: str = "", flag: str = FLAG) -> str:
    """The query behind the compatibility flag, which stands bare and first."""
    return f"{flag}&{query}" if query else flag

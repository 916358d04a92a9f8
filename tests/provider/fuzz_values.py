"""What the fuzz of the provider is made of: requests of any bytes, conversations with ids that exist, any settings."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections import Counter
from collections.abc import MutableMapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from provider_client import check_response, user

from scimcheck.core import urns
from scimcheck.core.http import Request, Response
from scimcheck.provider import Provider, Settings
from scimcheck.provider.asgi import asgi_application
from scimcheck.provider.tokens import EXPIRED_TOKEN, MAIN_TOKEN, READ_ONLY_TOKEN, SECOND_TENANT_TOKEN, Token
from scimcheck.resources import bundled

#: A resource type and schemas besides the standard's, with attributes of every kind.
DEFINITIONS: Path = bundled("fixtures") / "definitions" / "asset.json"
ASSET = "urn:example:scim:schemas:2.0:Asset"
INVENTORY = "urn:example:scim:schemas:extension:2.0:Inventory"
#: A token that stands for a user, for /Me.
OWN_TOKEN = "own-Zs0uJt3HcYw9KfR2mXb8NdLg5TeAaVq7"
TOKENS = (Token(MAIN_TOKEN), Token(OWN_TOKEN, user="ada"), Token(READ_ONLY_TOKEN, read_only=True),
          Token(SECOND_TENANT_TOKEN, tenant="second"))  # fmt: skip

METHODS = st.one_of(
    st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    st.sampled_from(["HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW", "", "get", "Ä"]),
)
#: ``{user}``, ``{group}`` and ``{asset}`` become ids of resources that exist.
PATHS = st.one_of(
    st.sampled_from(
        ["", "/", "/Users", "/Groups", "/Assets", "/Users/{user}", "/Groups/{group}", "/Assets/{asset}", "/Bulk", "/Me"]
    ),
    st.sampled_from(
        ["/Users/1", "/Users/{group}", "/Users/.search", "/Groups/.search", "/.search", "/Bulk", "/Schemas",
         "/ResourceTypes/User", "/ServiceProviderConfig", "/ServiceProviderConfig/x", "/Schemas/" + urns.USER,
         "/oauth/token", "/Users/ü%/x", "/Users/{user}/", "/users", "//Users", "/Users//", "/Users/.search/x",
         "/Bulk/1", "/Me/x", "/federation/token", "/federation/keys", "/v2/Users", "/Users/..", "/\x00"]
    ),
    st.text(max_size=20),
)  # fmt: skip
NAMES = st.sampled_from(
    ["schemas", "id", "meta", "userName", "USERNAME", "name", "name.givenName", "emails", "emails.value", "active",
     "members", "groups", "displayName", "password", "externalId", "manager", urns.ENTERPRISE_USER,
     urns.ENTERPRISE_USER + ":department", "Operations", "op", "path", "value", "filter", "attributes", "count",
     "startIndex", "sortBy", "cursor", "method", "bulkId", "data", "type", "primary", "$ref", "x509Certificates", "",
     "tag", "serialNumber", "barcode", "notes", "kind", "unlockCode", "hint", "lent", "floor", "weight", "bought",
     "fingerprint", "manual", "colours", "place", "place.room", "contacts", "contacts.since", "holder", "counted",
     INVENTORY, INVENTORY + ":value", "roles", "addresses", "sortOrder", "excludedAttributes",
     "failOnErrors", "display", "formatted", "meta.created"]
)  # fmt: skip
URNS = st.sampled_from(
    [
        ASSET,
        INVENTORY,
        urns.USER,
        urns.GROUP,
        urns.ENTERPRISE_USER,
        urns.PATCH_OP,
        urns.SEARCH_REQUEST,
        urns.BULK_REQUEST,
        urns.ERROR,
    ]
)
PATCH_PATHS = st.sampled_from(
    ["userName", "name", "name.givenName", "emails", 'emails[type eq "work"]', 'emails[type eq "work"].value',
     "emails.value", "emails[primary eq true]", 'emails[not (type pr) or value co "@"].display', "emails[type",
     'emails[type eq "work"].', "members", 'members[value eq "{user}"]', 'members[value eq "1"].display', "groups",
     "active", "password", "meta.created", "schemas", "id", urns.ENTERPRISE_USER, urns.ENTERPRISE_USER + ":manager",
     urns.ENTERPRISE_USER + ":manager.value", urns.USER + ":name.familyName", urns.USER, "manager", "roles[0]",
     'colours[value eq "red"]', "colours", 'contacts[since gt "2026-01-01T00:00:00Z"].type', "place.shelf",
     INVENTORY + ":value", INVENTORY + ":counted", INVENTORY,
     'addresses[type eq "work"].formatted', "x509Certificates", "a.b.c", "displayName", "photos[value pr]", ".", "["]
)  # fmt: skip
FILTERS = st.sampled_from(
    ['userName eq "ada"', 'userName eq "a" and (', "not (title pr)", 'emails[type eq "work" and value co "@"]',
     'meta.lastModified gt "2026-01-01T00:00:00Z"', 'id eq "{user}"', 'members eq "{user}"', 'userName sw ""',
     "active eq true", "active gt true", "active eq \"True\"", 'x509Certificates eq "x"', "emails eq null",
     "(((((((userName pr)))))))", 'groups.value eq "{group}"', 'password eq "x"', "userName eq 1e400", "a eq -0",
     urns.USER + ':userName eq "a"', urns.ENTERPRISE_USER + ':manager.value pr', 'schemas eq "' + urns.USER + '"']
)  # fmt: skip
WORDS = st.sampled_from(
    ["add", "Replace", "remove", "move", "POST", "PATCH", "put", "DELETE", "/Users", "/Users/{user}", "/Groups/{group}",
     "/Users/bulkId:a", "bulkId:a", "bulkId:b", "bulkId:", "a", "b", "work", "{user}", "{group}", "/Bulk", "/.search",
     "2026-01-01T00:00:00Z", "2026-02-30T25:61:00Z", "True", "False", "descending", "ascending", 'W/"1"', "data:,x",
     "\u0000", "\u2028", "ß", "İ", "e\u0301", "http://[::1", "/Me", "/Assets", "AQ==", "="]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=8), WORDS, PATCH_PATHS, FILTERS, URNS, NAMES)
NUMBERS = st.one_of(st.integers(), st.sampled_from([0, 1, -1, 2**31, 2**63, 10**400]), st.integers(0, 5))
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, st.floats(allow_nan=False, allow_infinity=False), TEXTS)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.one_of(NAMES, TEXTS), inner, max_size=5)),
    max_leaves=12,
)
OPERATIONS = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "replace", "remove", "Add"])},
        optional={"path": st.one_of(PATCH_PATHS, NAMES, TEXTS), "value": VALUES},
    ),
    max_size=3,
)
#: Bodies that nearly make sense, so that they get further than the first look.
USERS = st.builds(
    lambda known, more: {"schemas": [urns.USER], **known, **more},
    st.fixed_dictionaries({"userName": TEXTS}),
    st.dictionaries(NAMES, VALUES, max_size=4),
)
BULK_OPERATIONS = st.fixed_dictionaries(
    {"method": st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "GET"]), "path": st.one_of(PATHS, WORDS)},
    optional={
        "bulkId": st.sampled_from(["a", "b", "c", "", 1]),
        "data": st.one_of(
            USERS,
            VALUES,
            st.fixed_dictionaries(
                {"schemas": st.just([urns.GROUP]), "displayName": st.text(max_size=3)},
                optional={"members": st.lists(st.fixed_dictionaries({"value": WORDS}), max_size=2)},
            ),
            st.builds(lambda operations: {"schemas": [urns.PATCH_OP], "Operations": operations}, OPERATIONS),
        ),
        "version": st.one_of(WORDS, SCALARS),
    },
)
SEARCHES = st.fixed_dictionaries(
    {"schemas": st.just([urns.SEARCH_REQUEST])},
    optional={
        "filter": st.one_of(FILTERS, SCALARS),
        "attributes": st.one_of(st.lists(TEXTS, max_size=3), SCALARS),
        "excludedAttributes": st.one_of(st.lists(TEXTS, max_size=3), SCALARS),
        "sortBy": st.one_of(NAMES, SCALARS),
        "sortOrder": st.one_of(WORDS, SCALARS),
        "startIndex": SCALARS,
        "count": SCALARS,
        "cursor": SCALARS,
    },
)
MESSAGES = st.one_of(
    USERS,
    SEARCHES,
    st.builds(lambda operations: {"schemas": [urns.PATCH_OP], "Operations": operations}, OPERATIONS),
    st.builds(
        lambda operations, more: {"schemas": [urns.BULK_REQUEST], "Operations": operations, **more},
        st.lists(BULK_OPERATIONS, max_size=4),
        st.fixed_dictionaries({}, optional={"failOnErrors": SCALARS}),
    ),
    st.builds(lambda uris, body: {**body, "schemas": uris}, st.lists(URNS, max_size=2), st.dictionaries(NAMES, VALUES)),
)
#: Bytes, JSON of any shape, messages whole and cut off, and forms of the token endpoint.
BODIES = st.one_of(
    st.binary(max_size=30),
    VALUES.map(lambda value: json.dumps(value).encode()),
    MESSAGES.map(lambda value: json.dumps(value).encode()),
    MESSAGES.map(lambda value: json.dumps(value).encode()),
    st.builds(lambda value, cut: json.dumps(value).encode()[:cut], MESSAGES, st.integers(0, 200)),
    st.sampled_from(
        [b"", b"[" * 100_000, b'{"a":' * 50_000, b'"\\ud800"', b"\xff\xfe{}", b"\xef\xbb\xbf{}", b"1" * 5000, b"NaN",
         b"grant_type=client_credentials", b"grant_type=client_credentials&client_id=%ff&client_secret=",
         b'{"schemas":[],"schemas":{}}']
    ),
)  # fmt: skip
QUERIES = st.one_of(
    st.text(max_size=20),
    st.lists(
        st.builds(
            lambda name, value: f"{name}={value}",
            st.sampled_from(
                ["filter", "attributes", "excludedAttributes", "sortBy", "sortOrder", "startIndex", "count", "cursor"]
            ),
            st.one_of(FILTERS, TEXTS, NUMBERS.map(str)),
        ),
        max_size=3,
    ).map("&".join),
)
HEADERS = st.dictionaries(
    st.sampled_from(["accept", "content-type", "if-match", "if-none-match", "authorization", "origin", "prefer",
                     "access-control-request-method"]),
    st.one_of(
        st.text(st.characters(max_codepoint=255), max_size=12),
        st.sampled_from(["*", "*/*", 'W/"1.0"', '"', "application/json", "application/scim+json;q=x", "text/html",
                         "application/scim+json; charset=latin-1", "application/x-www-form-urlencoded", "Basic Og==",
                         f"bearer {MAIN_TOKEN}", f"Bearer {OWN_TOKEN}", f"Bearer {READ_ONLY_TOKEN}",
                         f"Bearer {EXPIRED_TOKEN}", f"Bearer {SECOND_TENANT_TOKEN}", "Bearer", "Bearer a b"]),
    ),
    max_size=2,
)  # fmt: skip


def _choices(hint: Any) -> st.SearchStrategy[Any] | None:
    """Values of a setting's type; ``None`` for those that are not chosen at random."""
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    return st.booleans() if hint is bool else None


_LIMITS = {"max_results": st.integers(0, 3), "default_page_size": st.integers(0, 3), "bulk_max_operations": st.just(2),
           "too_many": st.sampled_from([None, 0, 1]), "max_body": st.sampled_from([0, 100, 2**20]),
           "cursor_timeout": st.sampled_from([0, 600]),
           "token_endpoint": st.sampled_from(["", "/oauth/token"])}  # fmt: skip
_HINTS = get_type_hints(Settings)
_CHOSEN = {
    item.name: strategy for item in fields(Settings) if (strategy := _choices(_HINTS[item.name])) is not None
} | _LIMITS
#: Settings any of which differ from the default, with a resource type from a file and a token that is a user.
SETTINGS = st.fixed_dictionaries({}, optional=_CHOSEN).map(
    lambda changes: Settings(tokens=TOKENS, definition_files=(str(DEFINITIONS),), **changes)
)

Asked = tuple[str, str, str, dict[str, str], bytes]
REQUESTS: st.SearchStrategy[Asked] = st.tuples(METHODS, PATHS, QUERIES, HEADERS, BODIES)
CONVERSATIONS = st.lists(REQUESTS, min_size=1, max_size=8)


@dataclass
class Talk:
    """A provider with a user, a group and an asset, spoken to in requests of any kind."""

    provider: Provider

    def __post_init__(self) -> None:
        self.ids: dict[str, str] = {"user": "1", "group": "2", "asset": "3"}
        person = {"externalId": "1", "name": {"givenName": "Ada", "familyName": "Byron"}}
        self._make("user", "/Users", user("ada", emails=[{"type": "work", "value": "ada@example.test"}], **person))
        self._make(
            "group", "/Groups", {"schemas": [urns.GROUP], "displayName": "G", "members": [{"value": self.ids["user"]}]}
        )
        self._make("asset", "/Assets", {"schemas": [ASSET], "tag": "A-1", "label": "drill"})

    def _make(self, name: str, path: str, body: Any) -> None:
        response = self.say("POST", path, "", {}, json.dumps(body).encode())
        found = json.loads(response.body).get("id") if response.status == 201 else None
        self.ids[name] = str(found or self.ids[name])

    def say(self, method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> Response:
        """Send one request with its places filled in; the response, which is no 500 and can go over the wire."""
        for name, identifier in self.ids.items():
            path = path.replace(f"{{{name}}}", identifier)
            query = query.replace(f"{{{name}}}", identifier)
            body = body.replace(f"{{{name}}}".encode(), identifier.encode())
        sent = {"authorization": f"Bearer {MAIN_TOKEN}", **headers}
        response = self.provider.handle(Request(method, path, query, sent, body))
        DONE["messages"] += 1
        assert response.status in set(range(200, 502)) - {500}, (method, path, query, sent, body, response)
        for key, value in response.headers.items():
            assert re.fullmatch(r"[\t\x20-\x7e]*", key + value), (key, value)
        return response


def check_whole(talk: Talk) -> None:
    """Whatever was said: all that is stored can be listed and read again, and the lists keep the schemas."""
    for endpoint in ("/Users", "/Groups", "/Assets"):
        response = talk.say("GET", endpoint, "count=100", {}, b"")
        assert response.status == 200, response
        check_response(talk.provider, response)
        for resource in json.loads(response.body)["Resources"]:
            again = talk.say("GET", f"{endpoint}/{resource['id']}", "", {}, b"")
            assert json.loads(again.body) == resource


def over_asgi(
    provider: Provider, method: str, path: bytes, query: bytes, fields: list[tuple[bytes, bytes]], body: bytes
) -> int:
    """Send bytes through the ASGI application; the status of the response that was sent."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    token = (b"authorization", f"Bearer {MAIN_TOKEN}".encode())
    scope = {
        "type": "http",
        "method": method,
        "path": "",
        "raw_path": path,
        "query_string": query,
        "headers": [token, *fields],
    }

    async def exchange() -> None:
        await asgi_application(provider.handle, "/scim", is_prompt=lambda request: True)(scope, receive, send)

    asyncio.run(exchange())
    status: int = sent[0]["status"]
    return status


#: How the cases of a long run are shared out among the tests, in percent, and how many each makes up in a short one.
_SHARES = {
    "requests": (35, 120),
    "talks": (15, 40),
    "variants": (25, 60),
    "settings": (15, 40),
    "wire": (5, 40),
    "lives": (5, 40),
}
_CASES = int(os.environ.get("SCIMCHECK_FUZZ_CASES", "0"))
#: What has been done in this process: cases by test, and requests.
DONE: Counter[str] = Counter()


def cases(test: str) -> settings:
    """How many cases a test makes up: its share of ``SCIMCHECK_FUZZ_CASES``, or a few when that is not set."""
    percent, few = _SHARES[test]
    # How long values take to be made up says nothing about the provider.
    healthy = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=max(_CASES * percent // 100, 1) if _CASES else few, suppress_health_check=healthy)


def count(test: str) -> None:
    """Note that a case of the test begins."""
    DONE[test] += 1

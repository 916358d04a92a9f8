"""The service provider under test as suites see it: requests, its resource types, resources of the run's own making."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

from scimcheck.checks.findings import Blocked, NotApplicable
from scimcheck.client import context
from scimcheck.client.auth import NoAuth
from scimcheck.client.discovery import Discovery
from scimcheck.client.exchange import Exchange
from scimcheck.client.session import Session
from scimcheck.client.tls import is_local
from scimcheck.client.transport import NetworkTransport
from scimcheck.client.url import BaseUrl
from scimcheck.core import urns
from scimcheck.core.characteristics import Returned
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes
from scimcheck.harness.capabilities import Capabilities
from scimcheck.harness.ledger import Ledger, identifier_of
from scimcheck.harness.payloads import Payloads
from scimcheck.harness.spares import Fits, Spares
from scimcheck.harness.unknown import guessable, unlike

#: Requirement that a creation which does not succeed breaks: the root cause of whatever needs the resource.
CREATION = "RFC7644-3.3-01"
RETRIEVAL = "RFC7644-3.4.1-01"


@dataclass(slots=True)
class Resource:
    """A resource this run created. ``body`` is the representation last seen, ``sent`` the body that created it."""

    model: ResourceModel
    id: str
    body: JSONObject
    sent: JSONObject
    exchange: Exchange

    @property
    def path(self) -> str:
        """The path below the base URL, the id percent-encoded."""
        return f"{self.model.endpoint}/{quote(self.id, safe='')}"

    @property
    def name(self) -> str:
        """The text that names it among others, as sent: userName, displayName, or what its type has instead."""
        return str(self.sent.get(attributes.naming(self.model)) or "")


@dataclass(frozen=True, slots=True, repr=False)
class OAuthClient:
    """Client credentials and the token endpoint they are for, an absolute URL."""

    token_url: str
    id: str
    secret: str

    @property
    def quoted_id(self) -> str:
        """The id as a form value."""
        return quote_plus(self.id)

    @property
    def quoted_secret(self) -> str:
        """The secret as a form value."""
        return quote_plus(self.secret)


@dataclass(frozen=True, slots=True)
class Identities:
    """Further credentials, each an Authorization header value or ``None`` when there is none to test with."""

    valid: str | None = None
    second_tenant: str | None = None
    expired: str | None = None
    limited: str | None = None
    oauth: OAuthClient | None = None


@dataclass(slots=True, repr=False)
class Target:
    """What the ``scim`` fixture gives. Verbs are those of the session and return the recorded exchange."""

    session: Session
    discovery: Discovery
    payloads: Payloads
    ledger: Ledger
    identities: Identities = field(default_factory=Identities)
    dialects: tuple[str, ...] = ("legacy", "compliant")
    #: What generated requests depend on: ``--scim-depth`` and ``--scim-seed``.
    depth: str = "standard"
    seed: int = 0
    capabilities: Capabilities = field(init=False)
    #: What checks make once and share for the rest of the run, by a key of their own.
    cache: dict[tuple[str, ...], Any] = field(default_factory=dict)
    spares: Spares = field(default_factory=Spares)
    _pool: dict[str, list[Resource]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.capabilities = Capabilities(self)
        self.session.journal.listeners.append(self.spares.watch)

    # Requests -----------------------------------------------------------------------------------------------

    def request(self, method: str, path: str, **options: Any) -> Exchange:
        """Send a request; see :meth:`scimcheck.client.session.Session.request` for the options."""
        return self.session.request(method, path, **options)

    def oauth_session(self) -> Session:
        """A session with the token endpoint, without credentials of its own; needs ``oauth``."""
        client = self.identities.oauth
        if client is None:
            raise LookupError("the run has no OAuth client credentials")
        return self.session.derive(base=BaseUrl.parse(client.token_url), credentials=NoAuth())

    def get(self, path: str, **options: Any) -> Exchange:
        """GET."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> Exchange:
        """POST."""
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> Exchange:
        """PUT."""
        return self.request("PUT", path, **options)

    def patch(self, path: str, *operations: JSONObject, **options: Any) -> Exchange:
        """PATCH with the given operations, or with ``json=`` or ``content=`` of the caller's own."""
        if operations:
            options["json"] = patch_op(*operations)
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Exchange:
        """DELETE."""
        return self.request("DELETE", path, **options)

    def search(self, endpoint: str, filter: str, **parameters: str | int) -> Exchange:
        """GET with a filter and further query parameters."""
        params = {"filter": filter, **{name: str(value) for name, value in parameters.items()}}
        return self.get(endpoint, params=params)

    # What the target has -------------------------------------------------------------------------------------

    @property
    def models(self) -> tuple[ResourceModel, ...]:
        """The resource types with their schemas, as discovered."""
        return self.discovery.models

    @property
    def over_network(self) -> bool:
        """Whether requests go over a network, rather than into a provider in this process."""
        return isinstance(self.session.transport, NetworkTransport)

    @property
    def remote(self) -> bool:
        """Whether requests leave this machine."""
        return self.over_network and not is_local(self.session.base)

    @property
    def config(self) -> JSONObject:
        """The ServiceProviderConfig; empty when there is none."""
        return self.discovery.service_provider_config or {}

    def model(self, name: str) -> ResourceModel | None:
        """The resource type of that name (``User``), or with that core schema URN."""
        wanted = name.lower()
        for model in self.models:
            if wanted in (model.name.lower(), model.core.id.lower()):
                return model
        urn = {"user": urns.USER, "group": urns.GROUP}.get(wanted)
        return self.model(urn) if urn else None

    @property
    def user(self) -> ResourceModel | None:
        """The User resource type."""
        return self.model(urns.USER)

    @property
    def group(self) -> ResourceModel | None:
        """The Group resource type."""
        return self.model(urns.GROUP)

    @property
    def primary(self) -> ResourceModel:
        """The resource type to test with when a check does not care which: User, or the first one."""
        return self.user or self.models[0]

    # Resources of our own --------------------------------------------------------------------------------------

    def unique(self, word: str = "x") -> str:
        """A text that carries the run's prefix and occurs nowhere else."""
        return self.payloads.unique(word)

    def payload(self, model: ResourceModel, *, full: bool = False, **overrides: JSON) -> JSONObject:
        """A body to create a resource with: the required attributes, or with ``full`` every writable one."""
        make = self.payloads.full if full else self.payloads.minimal
        return make(model, **{**self._demanded_members(model), **overrides})

    def _demanded_members(self, model: ResourceModel) -> JSONObject:
        """A member for groups that may not be without; empty for all else."""
        members = model.core.attribute("members") if attributes.is_group(model) else None
        if members is None or not members.required or self.user is None:
            return {}
        if not self.capabilities.works("create", self.user):
            return {}
        return {"members": [self.member(self.shared(self.user)[0])]}

    def create(self, model: ResourceModel, *, full: bool = False, **overrides: JSON) -> Resource:
        """A new resource; raises Blocked naming the creation clause when the target creates none.

        One without anything special may be such as an earlier check created and only looked at.
        """
        check = context.current()[1]
        if full or overrides:
            made = self.create_from(model, self.payload(model, full=full, **overrides))
            self.spares.offer(made, check, plain=False)
            return made
        found = self.spares.take(model, check)
        if found is None:
            found = self.create_from(model, self.payload(model))
            self.spares.offer(found, check)
        return found

    def some(self, model: ResourceModel, fits: Fits = lambda state: True, **overrides: JSON) -> Resource:
        """A resource that nobody else works with, in a state that fits: for checks that do not need a new one.

        An earlier check may have left one behind; then ``exchange`` is the GET that showed its state last, and ``body``
        that state. Otherwise it is created, with ``overrides`` for what it has to have.
        """
        found = self.spares.take_used(model, context.current()[1], fits)
        return found or self.create(model, full=False, **overrides)

    def create_from(self, model: ResourceModel, body: JSONObject) -> Resource:
        """Create a resource from a body of the caller's own."""
        with self.session.purpose("set-up"):
            exchange = self.post(model.endpoint, json=body)
        return self.resource_of(model, body, exchange)

    def resource_of(self, model: ResourceModel, sent: JSONObject, exchange: Exchange) -> Resource:
        """The resource that a creation's answer announces; raises Blocked when it announces none."""
        identifier = identifier_of(exchange) if exchange.ok else ""
        if not identifier:
            raise Blocked(
                CREATION, f"no {model.name} could be created: {exchange.summary()} {error_text(exchange)}".strip()
            )
        shown = exchange.body if "id" in exchange.body else (exchange.resources or [{}])[0]
        return Resource(model, identifier, copy.deepcopy(shown), copy.deepcopy(sent), exchange)

    def shared(self, model: ResourceModel, count: int = 1) -> list[Resource]:
        """``count`` resources that several checks read and none changes."""
        pool = self._pool.setdefault(model.name, [])
        while len(pool) < count:
            full = not attributes.is_group(model) and self.capabilities.full_payloads(model)
            pool.append(self.create_from(model, self.payload(model, full=full)))
        return pool[:count]

    def shown(self, resource: Resource) -> Exchange:
        """A GET of a shared resource, sent once for all checks that only look at what it shows."""
        key = ("shown", resource.path)
        if key not in self.cache or self.cache[key].status != 200:
            self.cache[key] = self.get(resource.path)
        found: Exchange = self.cache[key]
        return found

    def read(self, resource: Resource, **params: str) -> Exchange:
        """GET the resource by id; members that are shown on request only are asked for, with all else."""
        return self.get(resource.path, params=params or self._on_request(resource.model) or None)

    def _on_request(self, model: ResourceModel) -> dict[str, str]:
        """The parameter that makes a group show its members as well, where it does not by default."""
        members = model.core.attribute("members") if attributes.is_group(model) else None
        if members is None or members.returned is not Returned.REQUEST:
            return {}
        shown = (Returned.ALWAYS, Returned.DEFAULT)
        names = [located.attribute.name for located in model.attributes() if located.attribute.returned in shown]
        return {"attributes": ",".join(dict.fromkeys(["schemas", "meta", *names, members.name]))}

    def current(self, resource: Resource) -> Exchange:
        """A GET that shows what the resource is like now: the last one, unless it was written to since."""
        return self.spares.shown(resource) or self.read(resource)

    def state(self, resource: Resource) -> JSONObject:
        """The resource as a GET shows it now; raises Blocked when it cannot be read."""
        exchange = self.current(resource)
        if exchange.status != 200 or not isinstance(exchange.json, dict):
            raise Blocked(RETRIEVAL, f"{resource.model.name} could not be read: {exchange.summary()}")
        return exchange.body

    def initial(self, resource: Resource) -> JSONObject:
        """A new resource that nothing was done to yet: as its creation told it, where creations tell what GETs show.

        Whether they do is found out once, on a resource with all its attributes; otherwise a GET shows it.
        """
        if resource.exchange.method == "GET":
            return copy.deepcopy(resource.body)
        key = ("told as kept", resource.model.name)
        if key not in self.cache:
            with self.session.purpose("probe"):
                body = self.payload(resource.model, full=self.capabilities.full_payloads(resource.model))
                full = self.create_from(resource.model, body)
                self.cache[key] = full.exchange.status == 201 and full.exchange.json == self.state(full)
        if self.cache[key] and resource.exchange.status == 201 and "id" in resource.exchange.body:
            return copy.deepcopy(resource.exchange.body)
        return self.state(resource)

    def member(self, resource: Resource) -> JSONObject:
        """The resource as an element of a group's members; with its URI where the target's schema demands that."""
        members = self.group.core.attribute("members") if self.group else None
        reference = members.sub_attribute("$ref") if members else None
        if reference is None or not reference.required:
            return {"value": resource.id}
        return {"value": resource.id, reference.name: f"{self.session.base.url.partition('?')[0]}{resource.path}"}

    def unknown_id(self, model: ResourceModel) -> str:
        """A path of that type that names no resource; writes to it are allowed.

        The id looks like those of the target, as far as the run knows any: other forms may be refused as malformed.
        """
        identifier = unlike(self.ledger.example(model.endpoint))
        if guessable(identifier) and self.get(f"{model.endpoint}/{identifier}").status != 404:
            identifier = unlike(None)
        return self.ledger.mint(model.endpoint, identifier)

    def everything(self, path: str, params: Mapping[str, str] | None = None, *, limit: int = 10) -> list[JSONObject]:
        """All resources of a query, page by page, in at most ``limit`` requests.

        Raises Blocked when a page is unusable, NotApplicable when the target refuses the query with tooMany.
        """
        found: list[JSONObject] = []
        for _ in range(limit):
            paging = {"startIndex": str(len(found) + 1)} if found else {}
            exchange = self.get(path, params={**(params or {}), **paging})
            if exchange.status == 400 and exchange.scim_type == "tooMany":
                raise NotApplicable("the target refuses to list so many resources (RFC 7644 §3.4.2.1)")
            if exchange.status != 200:
                raise Blocked("RFC7644-3.2-03", f"the list could not be read: {exchange.summary()}")
            total = exchange.body.get("totalResults")
            if not isinstance(total, int) or isinstance(total, bool):
                raise Blocked("RFC7644-3.4.2-02", f"the list has no usable totalResults: {exchange.summary()}")
            found.extend(exchange.resources)
            if not exchange.resources or len(found) >= total:
                break
        return found


def patch_op(*operations: JSONObject) -> JSONObject:
    """A PatchOp message (RFC 7644 §3.5.2)."""
    return {"schemas": [urns.PATCH_OP], "Operations": list(operations)}


def error_text(exchange: Exchange) -> str:
    """What an error body says, for people."""
    detail = exchange.body.get("detail")
    return f"({detail})" if isinstance(detail, str) and detail else ""


def ids(resources: Sequence[JSONObject]) -> list[str]:
    """The ids of listed resources, as text."""
    return [str(resource.get("id", "")) for resource in resources]

"""What one request carries through the provider, and the reply that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scimcheck.core.errors import NotFound
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.messages import SearchRequest
from scimcheck.provider.shapes import Shape
from scimcheck.provider.tokens import Token

if TYPE_CHECKING:
    from scimcheck.provider.app import Provider
    from scimcheck.provider.operations import Operations
    from scimcheck.provider.settings import Settings
    from scimcheck.provider.store import TenantStore


@dataclass
class Reply:
    """A response before it is serialised; whoever gets one may change it.

    ``body`` is JSON, or ``None`` for no content; ``raw`` takes its place on the wire when it is set. ``context`` is the
    request's context once the reply is complete.
    """

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    context: Any = None


@dataclass
class Context:
    """One request on its way through the provider.

    ``endpoint`` is the first part of the path that names something (``/Users``, ``/Schemas``, ``/.search``, ``/Bulk``,
    ``/Me``, ``/``), ``target`` what follows it: an id, a URN, ``.search`` or ``None``. ``token`` is ``None`` where no
    credentials were needed. ``requested`` names the attributes that the body of a writing request set. ``notes`` are
    for deviations, which may leave something for a later step there. ``rendered`` holds resources by id that were
    rendered whole for a filter and can be shown as they are. ``stored`` are the attributes that a PATCH started from.
    """

    provider: Provider
    request: Request
    method: str
    endpoint: str = "/"
    target: str | None = None
    shape: Shape | None = None
    token: Token | None = None
    requested: tuple[str, ...] = ()
    search: SearchRequest | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    rendered: dict[str, JSONObject] = field(default_factory=dict)
    stored: JSONObject = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The provider's settings."""
        return self.provider.settings

    @property
    def ops(self) -> Operations:
        """The provider's operations."""
        return self.provider.ops

    @property
    def store(self) -> TenantStore:
        """The resources of the tenant that the credentials belong to."""
        return self.provider.store.tenant(self.token.tenant if self.token else "main")

    @cached_property
    def query(self) -> SearchRequest:
        """The parameters of the query string, or of the body of a search."""
        return self.search or self.ops.parse_query(self)

    def header(self, name: str) -> str | None:
        """A request header by its lower-case name."""
        return self.request.headers.get(name)

    def typed(self) -> Shape:
        """The resource type that the path names; NotFound when it names none."""
        if self.shape is None:
            raise NotFound(f"no endpoint {self.request.path}")
        return self.shape

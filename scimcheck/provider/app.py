"""The provider: a request in, a response out. No I/O, safe to call from many threads."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from scimcheck.core.errors import InvalidSyntax, ScimError
from scimcheck.core.http import Request, Response
from scimcheck.core.json import JSONObject
from scimcheck.core.messages import SearchRequest
from scimcheck.core.projection import Projection
from scimcheck.provider import crossorigin, routing
from scimcheck.provider.content import serialise
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.definitions import Definitions, configured_definitions
from scimcheck.provider.health import outage
from scimcheck.provider.operations import Operations
from scimcheck.provider.replies import content_type, error_reply, finished
from scimcheck.provider.settings import Settings
from scimcheck.provider.shapes import Shape, shapes_of
from scimcheck.provider.store import Store
from scimcheck.provider.tokens import Token

RequestHook = Callable[[Request], "Request | None"]
ResponseHook = Callable[[Context, Reply], None]
ResourceHook = Callable[[JSONObject, JSONObject], None]

_KEPT_PROJECTIONS = 256


class Provider:
    """A SCIM service provider in memory.

    ``ops`` are the steps of its pipeline. ``request_hooks`` may replace a request before anything looks at it,
    ``response_hooks`` may change a reply before it is serialised, ``resource_hooks`` a resource (as shown, with all
    that is known of it as second argument) before it becomes part of a reply. ``issued`` are the tokens of the OAuth
    endpoint by value, ``secret`` is the key that cursors are sealed with. What is changed on a provider has to be
    changed before it serves.
    """

    def __init__(self, settings: Settings | None = None, definitions: Definitions | None = None) -> None:
        self.settings = settings or Settings()
        self.ops = Operations()
        self.request_hooks: list[RequestHook] = []
        self.response_hooks: list[ResponseHook] = []
        self.resource_hooks: list[ResourceHook] = []
        self.issued: dict[str, Token] = {}
        self.secret = secrets.token_bytes(32)
        self.redefine(definitions or self._configured())

    def _configured(self) -> Definitions:
        """The definitions that the settings amount to; shared between providers, so to be copied before a change."""
        unique = tuple((name, tuple(attributes)) for name, attributes in self.settings.also_unique.items())
        return configured_definitions(self.settings.definition_files, self.settings.member_display, unique)

    def redefine(self, definitions: Definitions) -> None:
        """Serve these definitions, with an empty store."""
        models = definitions.models()
        self.definitions = definitions
        self.outage = outage(models, self.settings)
        self.shapes: tuple[Shape, ...] = shapes_of(models, self.settings.indexed)
        self._projections: dict[object, Projection] = {}
        self._by_name = {shape.name: shape for shape in self.shapes}
        self.store = Store({shape.name: shape.indexed for shape in self.shapes})

    def shape(self, type_name: str) -> Shape:
        """The resource type of that name; KeyError when there is none."""
        return self._by_name[type_name]

    def projection(self, type_name: str, query: SearchRequest, requested: tuple[str, ...]) -> Projection:
        """What a query's ``attributes`` and ``excludedAttributes`` select; kept, for most requests ask for the same."""
        key = (type_name, query.attributes, query.excluded_attributes, requested)
        found = self._projections.get(key)
        if found is None:
            if len(self._projections) >= _KEPT_PROJECTIONS:
                self._projections.clear()
            found = Projection(self.shape(type_name).model, query.attributes, query.excluded_attributes, requested)
            self._projections[key] = found
        return found

    def url(self, path: str) -> str:
        """The URI of a path below the base URL, absolute or relative as the settings say."""
        base = self.settings.base_url if self.settings.location_style == "absolute" else self.settings.base_path
        return base.rstrip("/") + path

    def handle(self, request: Request) -> Response:
        """Answer a request. Never raises: what goes wrong inside becomes a 500 with a SCIM body."""
        ctx = Context(self, request, request.method.upper())
        try:
            ctx = self._received(request)
            reply = self._answered(ctx)
            reply.context = ctx
            for hook in self.response_hooks:
                hook(ctx, reply)
            return finished(ctx, reply)
        except Exception as error:
            body = serialise(ScimError(f"internal error: {type(error).__name__}", status=500).body())
            headers = {"Content-Type": content_type("", False), "Content-Length": str(len(body))}
            return Response(500, headers, body)

    def _received(self, request: Request) -> Context:
        for hook in self.request_hooks:
            request = hook(request) or request
        return Context(self, request, request.method.upper())

    def _answered(self, ctx: Context) -> Reply:
        if crossorigin.is_preflight(ctx):
            return crossorigin.preflight_reply(ctx)
        media_type = ""
        try:
            routing.locate(ctx)
            if not routing.is_open(ctx):
                if self.outage:
                    raise ScimError(self.outage, status=500)
                ctx.token = ctx.ops.authenticate(ctx)
                ctx.ops.authorize(ctx)
            step = routing.step(ctx)
            media_type = ctx.ops.negotiate(ctx)
            reply = step(ctx)
        except ScimError as error:
            reply = error_reply(ctx, error)
        except RecursionError:
            reply = error_reply(ctx, InvalidSyntax("the request is nested too deeply"))
        if reply.body is not None or reply.raw is not None:
            reply.headers.setdefault("Content-Type", content_type(media_type, self.settings.content_type_charset))
        return crossorigin.permit(ctx, reply)

    def dispatch(self, ctx: Context, check: Callable[[Context], None]) -> Reply:
        """Answer a request inside another one, with its rights; errors, also those of ``check``, become replies."""
        try:
            routing.locate(ctx)
            check(ctx)
            return routing.step(ctx)(ctx)
        except ScimError as error:
            return error_reply(ctx, error)

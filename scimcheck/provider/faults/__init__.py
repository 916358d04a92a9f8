"""Deviations (each breaks exactly one clause) and variants (legal, but unusual) of the provider.

Every module in this package is imported when the list is asked for, so a new file with decorated functions is all that
a new deviation takes. A deviation gets the provider that is being built and changes one thing about it; with it on,
everything else stays conformant. Four helpers cover most of them:

``on_response(provider, fn, method=, endpoint=, status=)``
    ``fn(request, reply)`` may change the status, headers, JSON ``body`` of a reply, or set its ``raw`` bytes. Without
    filters it sees every reply; ``method``, ``endpoint`` (the first part of the path, as ``"/Users"``) and ``status``
    take one value or a tuple. ``reply.context`` leads to all else that is known of the request.
``on_resource(provider, fn, resource_type=)``
    ``fn(resource, stored)`` may change a resource just before it becomes part of a reply, alone or in a list;
    ``stored`` is the whole resource before projection.
    Both may be changed in place: they belong to this reply alone.
``on_request(provider, fn)``
    ``fn(request)`` may return another request to be answered instead; ``None`` keeps it.
``wrap(provider, name, fn)``
    puts ``fn`` around one step of the pipeline (see ``provider.operations.Operations`` for the names and signatures);
    ``fn(original, ctx, ...)`` gets the original first.

``change_settings(provider, **changes)`` and ``change_schema(provider, urn, fn)`` change what is served.

Something visible in a reply::

    @deviation("create-answers-200", breaks=["RFC7644-3.3-01"], text="POST answers 200 instead of 201.")
    def create_answers_200(provider: Provider) -> None:
        on_response(provider, lambda request, reply: setattr(reply, "status", 200), method="POST", status=201)

Something about every resource::

    @deviation("meta-without-created", breaks=["RFC7643-3.1-21"], text="meta has no created.")
    def meta_without_created(provider: Provider) -> None:
        on_resource(provider, lambda resource, stored: resource.get("meta", {}).pop("created", None))

A step that does not do what it has to::

    @deviation("duplicate-user-names", breaks=["RFC7643-4.1.1-03"], text="Two users may have one userName.")
    def duplicate_user_names(provider: Provider) -> None:
        wrap(provider, "check_uniqueness", lambda original, ctx, attributes, record_id: None)

A variant is mostly settings::

    variant(
        "patch-answers-204",
        reading="RFC7644-3.5.2-22",
        text="PATCH answers 204 without a body.",
        settings={"patch_answers": "no-content"},
    )
"""

from scimcheck.provider.faults.registry import (
    Deviation,
    Variant,
    change_schema,
    change_settings,
    deviation,
    deviations,
    on_request,
    on_resource,
    on_response,
    variant,
    variants,
    wrap,
)

__all__ = [
    "Deviation",
    "Variant",
    "change_schema",
    "change_settings",
    "deviation",
    "deviations",
    "on_request",
    "on_resource",
    "on_response",
    "variant",
    "variants",
    "wrap",
]

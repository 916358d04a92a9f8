"""Gross faults: a whole operation is missing or out of order. A report has to show one cause, not a hundred effects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Reply
from scimcheck.provider.faults.registry import deviation, on_response, wrap

#: What a crash looks like from outside.
_CRASH = "an internal error occurred"


def _fails(status: int) -> Callable[..., Any]:
    """A step that ends in an error of that status instead of doing its work."""

    def step(original: Any, *arguments: Any, **options: Any) -> Any:
        raise ScimError(_CRASH, status=status)

    return step


def _answers(status: int, method: str, *, single: bool) -> Callable[[Request, Reply], None]:
    """Turn answers to ``method`` on single resources, or on collections, into errors of that status."""

    def change(request: Request, reply: Reply) -> None:
        parts = [part for part in request.path.split("/") if part]
        if request.method == method and (len(parts) == 2) is single and parts[0] in ("Users", "Groups"):
            reply.status = status
            reply.body = ScimError(_CRASH, status=status).body()

    return change


@deviation(
    "create-crashes", breaks=["RFC7644-3.3-01"], also=["RFC7644-3.12-15"], text="POST answers 500 and creates nothing."
)
def create_crashes(provider: Provider) -> None:
    wrap(provider, "validate_create", _fails(500))


@deviation("create-refused", breaks=["RFC7644-3.3-01"], text="POST answers 400 whatever the body.")
def create_refused(provider: Provider) -> None:
    wrap(provider, "validate_create", _fails(400))


@deviation("create-not-offered", breaks=["RFC7644-3.2-04"], text="Resource type endpoints answer POST with 404.")
def create_not_offered(provider: Provider) -> None:
    wrap(provider, "validate_create", _fails(404))


@deviation("create-demands-the-unknown", breaks=["RFC7644-3.3-01"], text="POST demands an attribute no schema has.")
def create_demands_the_unknown(provider: Provider) -> None:
    def validate(original: Any, ctx: Any, body: Any) -> JSONObject:
        if isinstance(body, dict) and "shoeSize" not in body:
            raise ScimError("shoeSize is missing", scim_type="invalidValue")
        created: JSONObject = original(ctx, body)
        return created

    wrap(provider, "validate_create", validate)


@deviation(
    "read-crashes", breaks=["RFC7644-3.4.1-01"], also=["RFC7644-3.12-15"], text="GET of a single resource answers 500."
)
def read_crashes(provider: Provider) -> None:
    on_response(provider, _answers(500, "GET", single=True), status=200)


@deviation("read-finds-nothing", breaks=["RFC7644-3.4.1-01"], text="GET of a single resource answers 404.")
def read_finds_nothing(provider: Provider) -> None:
    on_response(provider, _answers(404, "GET", single=True), status=200)


@deviation(
    "lists-crash",
    breaks=["RFC7644-3.2-03"],
    also=["ENTRA-2.1-20", "ENTRA-4.3-01", "RFC7644-3.4.2-10", "RFC7644-3.12-15"],
    text="GET of a collection answers 500.",
)
def lists_crash(provider: Provider) -> None:
    on_response(provider, _answers(500, "GET", single=False), status=200)


@deviation(
    "patch-crashes",
    breaks=["RFC7644-3.5.2.3-02"],
    also=["ENTRA-2.1-04", "ENTRA-2.1-06", "RFC7644-3.12-15"],
    text="PATCH answers 500 and changes nothing.",
)
def patch_crashes(provider: Provider) -> None:
    wrap(provider, "parse_patch", _fails(500))


@deviation(
    "patch-without-effect",
    breaks=["RFC7644-3.5.2.3-02"],
    also=["ENTRA-2.1-04", "ENTRA-2.1-06"],
    text="PATCH answers as usual and changes nothing.",
)
def patch_without_effect(provider: Provider) -> None:
    wrap(provider, "membership_changes", lambda original, ctx, record, operations: None)
    wrap(provider, "apply_patch", lambda original, ctx, resource, operations: resource)


@deviation("patch-only-advertised", breaks=["RFC7643-5-15"], text="PATCH is advertised and answered with 501.")
def patch_only_advertised(provider: Provider) -> None:
    wrap(provider, "parse_patch", _fails(501))


@deviation(
    "replace-crashes", breaks=["RFC7644-3.5-01"], also=["RFC7644-3.12-15"], text="PUT answers 500 and changes nothing."
)
def replace_crashes(provider: Provider) -> None:
    wrap(provider, "validate_replace", _fails(500))


@deviation(
    "delete-crashes",
    breaks=["RFC7644-3.2-05"],
    also=["RFC7644-3.12-15"],
    text="DELETE answers 500 and deletes nothing.",
)
def delete_crashes(provider: Provider) -> None:
    wrap(provider, "store_delete", _fails(500))


@deviation(
    "filters-crash",
    breaks=["RFC7644-3.4.2.2-10"],
    also=["ENTRA-4.3-01", "RFC7644-3.12-15"],
    text="Every filtered query answers 500.",
)
def filters_crash(provider: Provider) -> None:
    wrap(provider, "parse_filter", _fails(500))


@deviation("filters-ignored", breaks=["RFC7644-3.4.2.2-03"], text="Filters are ignored: everything is returned.")
def filters_ignored(provider: Provider) -> None:
    wrap(provider, "list_candidates", lambda original, ctx, shape, filter: original(ctx, shape, None))
    wrap(provider, "matches", lambda original, ctx, filter, resource, model: True)


@deviation("filters-match-nothing", breaks=["RFC7644-3.4.2.2-10"], text="No filter matches anything.")
def filters_match_nothing(provider: Provider) -> None:
    wrap(provider, "matches", lambda original, ctx, filter, resource, model: False)

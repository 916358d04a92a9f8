"""Deviations that break down on odd header fields, searches and bulk requests, or mix up what comes at once."""

from __future__ import annotations

import json
import time
from typing import Any

from scimcheck.core import urns
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.odd_input import crash_when, members_of, operations_of
from scimcheck.provider.faults.races import PAUSE, let_others
from scimcheck.provider.faults.registry import deviation, on_response, wrap

_CRASH = "RFC7644-3.12-15"

# header fields -------------------------------------------------------------------------------------------------------


@deviation("unreadable-languages-crash", breaks=[_CRASH], text="An unreadable Accept-Language is answered with 500.")
def unreadable_languages_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: "q=x" in request.headers.get("accept-language", ""))


@deviation("unreadable-times-crash", breaks=[_CRASH], text="An unreadable If-Modified-Since is answered with 500.")
def unreadable_times_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: ":" not in request.headers.get("if-modified-since", ":"))


@deviation(
    "wishes-without-a-slash-crash", breaks=[_CRASH], text="An Accept that is no media type is answered with 500."
)
def wishes_without_a_slash_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: "/" not in request.headers.get("accept", "/"))


@deviation("unquoted-tags-crash", breaks=[_CRASH], text="An If-Match without quotation marks is answered with 500.")
def unquoted_tags_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: request.headers.get("if-match", '"').isalpha(), "PUT")


@deviation(
    "head-finds-everything", breaks=["RFC9110-9.1-01"], text="HEAD is answered with 200 for what does not exist."
)
def head_finds_everything(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "status", 200), method="HEAD", status=404)


@deviation(
    "head-on-collections-crashes",
    breaks=["RFC9110-9.1-01"],
    also=[_CRASH],
    text="HEAD on a collection is answered with 500.",
)
def head_on_collections_crashes(provider: Provider) -> None:
    crash_when(provider, lambda request: request.path in ("/Users", "/Groups"), "HEAD")


# searches and bulk requests ------------------------------------------------------------------------------------------


@deviation(
    "texts-as-count-crash",
    breaks=["RFC7644-3.4.3-13"],
    also=[_CRASH],
    text="A search with a text as count is answered with 500.",
)
def texts_as_count_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: isinstance(members_of(request).get("count"), str), "POST")


@deviation(
    "texts-as-operations-crash",
    breaks=["RFC7644-3.7-15"],
    also=[_CRASH],
    text="A bulk request with a text as operation is answered with 500.",
)
def texts_as_operations_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: any(isinstance(item, str) for item in operations_of(request)), "POST")


@deviation(
    "operations-without-method-crash",
    breaks=["RFC7644-3.7-15"],
    also=[_CRASH],
    text="A bulk operation without a method is answered with 500.",
)
def operations_without_method_crash(provider: Provider) -> None:
    def odd(request: Request) -> bool:
        return any(isinstance(item, dict) and "method" not in item for item in operations_of(request))

    crash_when(provider, odd, "POST")


@deviation(
    "operations-without-path-fail",
    breaks=[_CRASH],
    text="A bulk operation without a path has the status 500.",
)
def operations_without_path_fail(provider: Provider) -> None:
    def fail(request: Request, reply: Reply) -> None:
        answered = reply.body.get("Operations", ()) if isinstance(reply.body, dict) else ()
        for asked, item in zip(operations_of(request), answered, strict=False):
            if isinstance(asked, dict) and "path" not in asked:
                item["status"] = "500"
                item["response"] = {"schemas": [urns.ERROR], "status": "500"}

    on_response(provider, fail, endpoint="/Bulk", status=200)


@deviation(
    "texts-as-limit-crash",
    breaks=["RFC7644-3.7-15"],
    also=[_CRASH],
    text="A bulk request with a text as failOnErrors is answered with 500.",
)
def texts_as_limit_crash(provider: Provider) -> None:
    crash_when(provider, lambda request: isinstance(members_of(request).get("failOnErrors"), str), "POST")


def _change_errors(provider: Provider, name: str, value: Any) -> None:
    """Give the errors within bulk responses another member."""

    def change(request: Request, reply: Reply) -> None:
        for item in reply.body.get("Operations", ()) if isinstance(reply.body, dict) else ():
            response = item.get("response")
            if isinstance(response, dict) and urns.ERROR in response.get("schemas", ()):
                response[name] = value

    on_response(provider, change, endpoint="/Bulk", status=200)


@deviation("bulk-errors-with-numbers", breaks=["RFC7644-3.12-03"], text="status of errors within bulk is a number.")
def bulk_errors_with_numbers(provider: Provider) -> None:
    _change_errors(provider, "status", 400)


@deviation("bulk-errors-of-another-status", breaks=["RFC7644-3.12-04"], text="status of errors within bulk is 418.")
def bulk_errors_of_another_status(provider: Provider) -> None:
    _change_errors(provider, "status", "418")


# refusals and deletions ----------------------------------------------------------------------------------------------


@deviation(
    "refusals-repeat-passwords",
    breaks=["RFC7643-4.1.1-16"],
    text="A creation that is refused for a name in use is answered with what was sent, the password included.",
)
def refusals_repeat_passwords(provider: Provider) -> None:
    def repeat(request: Request, reply: Reply) -> None:
        sent = members_of(request)
        if "password" in sent:
            reply.body["detail"] = f"in conflict with others: {json.dumps(sent)}"

    on_response(provider, repeat, method="POST", status=409)


def _find_deleted(provider: Provider, when: Any) -> None:
    """Let queries go through what was deleted as well where ``when(ctx, filter)`` is true."""
    gone: list[Any] = []

    def delete(original: Any, ctx: Context, record: Any) -> None:
        gone.append(record)
        original(ctx, record)

    def candidates(original: Any, ctx: Context, shape: Any, filter: Any) -> list[Any]:
        found = list(original(ctx, shape, filter))
        return found + [each for each in gone if each.type_name == shape.name] if when(ctx, filter) else found

    wrap(provider, "store_delete", delete)
    wrap(provider, "list_candidates", candidates)


@deviation(
    "searches-find-what-is-deleted",
    breaks=["RFC7644-3.6-03"],
    text="Searches with POST go through deleted resources, too.",
)
def searches_find_what_is_deleted(provider: Provider) -> None:
    _find_deleted(provider, lambda ctx, filter: ctx.request.path.endswith("/.search"))


@deviation(
    "external-ids-find-what-is-deleted",
    breaks=["RFC7644-3.6-03"],
    text="Filters on externalId go through deleted resources, too.",
)
def external_ids_find_what_is_deleted(provider: Provider) -> None:
    _find_deleted(provider, lambda ctx, filter: "externalId" in str(filter))


# at the same time ----------------------------------------------------------------------------------------------------


@deviation(
    "answers-to-others",
    breaks=["RFC7644-3.1-04"],
    text="Of users that are created at the same time, each answer shows the name of the last one.",
)
def answers_to_others(provider: Provider) -> None:
    latest: JSONObject = {}

    def create(original: Any, ctx: Context, attributes: JSONObject) -> Any:
        latest["userName"] = attributes.get("userName")
        return original(ctx, attributes)

    def mix(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "userName" in reply.body:
            time.sleep(PAUSE)
            reply.body["userName"] = latest["userName"]

    wrap(provider, "store_create", create)
    on_response(provider, mix, method="POST", endpoint="/Users", status=201)


@deviation(
    "ids-counted-side-by-side",
    breaks=["RFC7643-3.1-04"],
    also=["RFC7644-3.1-04"],
    text="Of resources that are created at the same time some get the same id.",
)
def ids_counted_side_by_side(provider: Provider) -> None:
    count = [0]

    def give(original: Any, ctx: Context) -> str:
        last = count[0]
        let_others(ctx)
        count[0] = last + 1
        return f"id-{last + 1}"

    wrap(provider, "new_id", give)

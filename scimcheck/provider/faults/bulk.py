"""Deviations of bulk jobs (RFC 7644 §3.7)."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import change_settings, deviation, on_request, on_response, wrap


def _answer(provider: Provider, change: Callable[[Request, JSONObject], Any]) -> None:
    """Let ``change(request, body)`` change bulk responses in place."""

    def show(request: Request, reply: Reply) -> None:
        if isinstance(reply.body, dict) and "Operations" in reply.body:
            change(request, reply.body)

    on_response(provider, show, method="POST", endpoint="/Bulk")


def _results(provider: Provider, change: Callable[[JSONObject], Any]) -> None:
    """Let ``change`` change the results of operations in place."""

    def each(request: Request, body: JSONObject) -> None:
        for item in body["Operations"]:
            change(item)

    _answer(provider, each)


def _ask(provider: Provider, change: Callable[[JSONObject], Any]) -> None:
    """Let ``change`` change bulk requests in place before they are read."""

    def read(request: Request) -> Request | None:
        if request.path != "/Bulk":
            return None
        try:
            body = json.loads(request.body)
        except ValueError:
            return None
        if isinstance(body, dict):
            change(body)
        return dataclasses.replace(request, body=json.dumps(body).encode())

    on_request(provider, read)


def _operations(provider: Provider, change: Callable[[JSONObject], Any]) -> None:
    """Let ``change`` change operations in place before they are read."""

    def each(body: JSONObject) -> None:
        for item in body.get("Operations", ()):
            change(item)

    _ask(provider, each)


def _failed(item: JSONObject) -> bool:
    return bool(item["status"] >= "300")


@deviation(
    "bulk-without-schemas",
    breaks=["RFC7644-3.7-02"],
    also=["RFC7644-3.1-02", "RFC7644-8.2-01"],
    text="A bulk response has no schemas.",
)
def bulk_without_schemas(provider: Provider) -> None:
    _answer(provider, lambda request, body: body.pop("schemas"))


@deviation("bulk-echoes-fail-on-errors", breaks=["RFC7644-3.7-04"], text="A bulk response repeats failOnErrors.")
def bulk_echoes_fail_on_errors(provider: Provider) -> None:
    _answer(provider, lambda request, body: body.update(failOnErrors=1))


@deviation(
    "bulk-tells-failures-alone",
    breaks=["RFC7644-3.7-05"],
    also=["RFC7644-3.7-11", "RFC7644-3.7.3-02", "RFC7644-3.7-06", "RFC7644-3.7-09"],
    text="A bulk response has results of failed operations alone.",
)
def bulk_tells_failures_alone(provider: Provider) -> None:
    def strip(request: Request, body: JSONObject) -> None:
        body["Operations"] = [item for item in body["Operations"] if _failed(item)]

    _answer(provider, strip)


@deviation("bulk-without-bulk-ids", breaks=["RFC7644-3.7-18"], text="Results of creations have no bulkId.")
def bulk_without_bulk_ids(provider: Provider) -> None:
    _results(provider, lambda item: item.pop("bulkId", None))


@deviation("bulk-without-locations", breaks=["RFC7644-3.7-11"], text="Results of creations have no location.")
def bulk_without_locations(provider: Provider) -> None:
    _results(provider, lambda item: item.pop("location", None))


@deviation("bulk-responses-are-texts", breaks=["RFC7644-3.7-13"], text="Successful results have a text as response.")
def bulk_responses_are_texts(provider: Provider) -> None:
    _results(provider, lambda item: None if _failed(item) else item.update(response="created"))


@deviation("bulk-answers-207", breaks=["RFC7644-3.7-14"], text="A bulk job is answered with 207.")
def bulk_answers_207(provider: Provider) -> None:
    def change(request: Request, reply: Reply) -> None:
        failed = any(_failed(item) for item in reply.body["Operations"])
        reply.status = 207 if failed else 200

    on_response(provider, change, method="POST", endpoint="/Bulk", status=200)


@deviation("bulk-says-200-for-creations", breaks=["RFC7644-3.7.3-02"], text="Results of creations have the status 200.")
def bulk_says_200_for_creations(provider: Provider) -> None:
    _results(provider, lambda item: item["status"] == "201" and item.update(status="200"))


@deviation("bulk-without-operations", breaks=["RFC7644-3.7.3-01"], text="A bulk response has no Operations.")
def bulk_without_operations(provider: Provider) -> None:
    _answer(provider, lambda request, body: body.pop("Operations"))


@deviation("bulk-methods-are-lower-case", breaks=["RFC7644-3.7-06"], text="Results repeat methods in lower case.")
def bulk_methods_are_lower_case(provider: Provider) -> None:
    _results(provider, lambda item: item["method"] == "PUT" and item.update(method="put"))


@deviation(
    "bulk-without-put",
    breaks=["RFC7644-3.7-09"],
    also=["RFC7644-3.12-15", "RFC7644-3.7-11", "RFC7644-3.7-15", "RFC7644-3.7.3-02", "RFC7644-3.7-08"],
    text="PUT in a job is answered with 404.",
)
def bulk_without_put(provider: Provider) -> None:
    _operations(provider, lambda item: item.get("method") == "PUT" and item.update(path="/Nowhere/1"))


@deviation(
    "bulk-reverses-order",
    breaks=["RFC7644-3.7-20"],
    also=["RFC7644-3.12-15", "RFC7644-3.7-15"],
    text="Replacements in a job are carried out in reverse order.",
)
def bulk_reverses_order(provider: Provider) -> None:
    def reverse(body: JSONObject) -> None:
        operations = body.get("Operations", [])
        places = [index for index, item in enumerate(operations) if item.get("method") == "PUT"]
        puts = [operations[index] for index in reversed(places)]
        if len({item["path"] for item in puts}) < len(puts):
            for index, item in zip(places, puts, strict=True):
                operations[index] = item

    _ask(provider, reverse)


@deviation(
    "bulk-without-patch",
    breaks=["RFC7644-3.7-10"],
    also=["RFC7644-3.12-15", "RFC7644-3.7-15"],
    text="PATCH in a job has no effect.",
)
def bulk_without_patch(provider: Provider) -> None:
    def empty(item: JSONObject) -> None:
        if item.get("method") == "PATCH":
            for operation in item["data"]["Operations"]:
                operation["path"] = "externalId"

    _operations(provider, empty)


@deviation(
    "bulk-accepts-anonymous-creations",
    breaks=["RFC7644-3.7-07"],
    also=["RFC7644-3.12-15", "RFC7644-3.7-15"],
    text="A POST without bulkId is carried out.",
)
def bulk_accepts_anonymous_creations(provider: Provider) -> None:
    def name(item: JSONObject) -> None:
        if item.get("method") == "POST":
            item.setdefault("bulkId", f"given{id(item)}")

    _operations(provider, name)


@deviation(
    "bulk-errors-without-body",
    breaks=["RFC7644-3.7-12"],
    also=["RFC7644-3.7.3-03"],
    text="Failed operations have no response.",
)
def bulk_errors_without_body(provider: Provider) -> None:
    _results(provider, lambda item: item.pop("response", None))


@deviation("bulk-errors-without-detail", breaks=["RFC7644-3.7.3-03"], text="Failed operations do not say why.")
def bulk_errors_without_detail(provider: Provider) -> None:
    _results(provider, lambda item: item.get("response", {}).pop("detail", None))


@deviation(
    "bulk-stops-at-first-error",
    breaks=["RFC7644-3.7-16"],
    also=["RFC7644-3.7-08"],
    text="A job ends with its first error.",
)
def bulk_stops_at_first_error(provider: Provider) -> None:
    _ask(provider, lambda body: body.setdefault("failOnErrors", 1))


@deviation("bulk-never-stops", breaks=["RFC7644-3.7-17"], text="failOnErrors has no effect.")
def bulk_never_stops(provider: Provider) -> None:
    _ask(provider, lambda body: body.pop("failOnErrors", None))


@deviation(
    "bulk-says-400-for-unknown-ids",
    breaks=["RFC7644-3.7.3-04"],
    also=["RFC7644-3.12-04"],
    text="An unknown id in a job gives 400.",
)
def bulk_says_400_for_unknown_ids(provider: Provider) -> None:
    _results(provider, lambda item: item["status"] == "404" and item.update(status="400"))


@deviation("bulk-needs-no-operations", breaks=["RFC7644-3.7-03"], text="A job without Operations is processed.")
def bulk_needs_no_operations(provider: Provider) -> None:
    _ask(provider, lambda body: body.setdefault("Operations", []))


@deviation(
    "bulk-crashes-on-broken-json",
    breaks=["RFC7644-3.7-15"],
    also=["RFC7644-3.12-08", "RFC7644-3.12-21", "RFC7644-3.12-15"],
    text="A job that is no JSON is answered with 500.",
)
def bulk_crashes_on_broken_json(provider: Provider) -> None:
    on_response(provider, _crash, method="POST", endpoint="/Bulk", status=400)


def _crash(request: Request, reply: Reply) -> None:
    if not request.body.rstrip().endswith(b"}"):
        reply.status, reply.body["status"] = 500, "500"
        reply.body.pop("scimType", None)


@deviation(
    "bulk-ignores-versions",
    breaks=["RFC7644-3.7-08"],
    also=["RFC7644-3.12-15", "RFC7644-3.7-15"],
    text="version in operations has no effect.",
)
def bulk_ignores_versions(provider: Provider) -> None:
    _operations(provider, lambda item: item.pop("version", None))


def _unresolved(provider: Provider, concerned: Callable[[JSONObject, JSONObject], bool]) -> None:
    """Take references in the operations concerned for plain texts."""

    def change(body: JSONObject) -> None:
        for item in body.get("Operations", ()):
            if concerned(item, body):
                item["data"] = json.loads(json.dumps(item.get("data")).replace("bulkId:", "bulkID:"))

    _ask(provider, change)


_LENIENT = {"unknown_members": "accept", "unknown_references": "accept"}


@deviation(
    "bulk-references-are-texts",
    breaks=["RFC7644-3.7.2-01"],
    also=[
        "RFC7644-3.12-15",
        "RFC7644-3.7-15",
        "RFC7644-3.7.2-02",
        "RFC7644-3.7.2-03",
        "RFC7644-3.7.2-04",
        "RFC7644-3.7.1-01",
    ],
    settings=_LENIENT,
    text="References by bulkId are stored as they are.",
)
def bulk_references_are_texts(provider: Provider) -> None:
    _unresolved(provider, lambda item, body: True)


@deviation(
    "bulk-references-in-extensions-are-texts",
    breaks=["RFC7644-3.7.2-02"],
    settings=_LENIENT,
    text="References by bulkId in extensions are stored as they are.",
)
def bulk_references_in_extensions_are_texts(provider: Provider) -> None:
    _unresolved(provider, lambda item, body: "extension" in json.dumps(item))


@deviation(
    "bulk-references-to-nothing-are-stored",
    breaks=["RFC7644-3.7.2-03"],
    settings=_LENIENT,
    text="References that no operation resolves are stored.",
)
def bulk_references_to_nothing_are_stored(provider: Provider) -> None:
    _unresolved(provider, lambda item, body: "bulkId:nobody" in json.dumps(item))


@deviation("bulk-forward-references-fail", breaks=["RFC7644-3.7.2-04"], text="References forward are refused.")
def bulk_forward_references_fail(provider: Provider) -> None:
    def forward(item: JSONObject, body: JSONObject) -> bool:
        first = body["Operations"][0]
        return item is first and "bulkId:person" in json.dumps(first)

    _unresolved(provider, forward)


@deviation(
    "bulk-circles-are-lost",
    breaks=["RFC7644-3.7.1-01"],
    settings=_LENIENT,
    text="Of circular references one is stored as it is.",
)
def bulk_circles_are_lost(provider: Provider) -> None:
    _unresolved(provider, lambda item, body: "bulkId:other" in json.dumps(item))


def _configured(provider: Provider, **changes: Any) -> None:
    def config(original: Any, ctx: Context) -> JSONObject:
        found: JSONObject = original(ctx)
        return {**found, "bulk": {**found["bulk"], **changes}}

    wrap(provider, "service_provider_config", config)


@deviation(
    "bulk-limits-are-zero",
    breaks=["RFC7644-3.7.4-01"],
    also=["RFC7643-5-05", "RFC7643-5-06"],
    text="The announced limits of jobs are 0.",
)
def bulk_limits_are_zero(provider: Provider) -> None:
    _configured(provider, maxOperations=0, maxPayloadSize=0)


@deviation(
    "bulk-takes-any-number",
    breaks=["RFC7644-3.7.4-02"],
    also=["RFC7644-3.12-14"],
    text="maxOperations is not enforced.",
)
def bulk_takes_any_number(provider: Provider) -> None:
    change_settings(provider, bulk_max_operations=5000)
    _configured(provider, maxOperations=100)


@deviation("bulk-takes-any-size", breaks=["RFC7644-3.7.4-03"], text="maxPayloadSize is not enforced.")
def bulk_takes_any_size(provider: Provider) -> None:
    _configured(provider, maxPayloadSize=100_000)


@deviation("bulk-limits-are-not-named", breaks=["RFC7644-3.7.4-04"], text="413 does not say which limit it is about.")
def bulk_limits_are_not_named(provider: Provider) -> None:
    def strip(request: Request, reply: Reply) -> None:
        reply.body["detail"] = "no"

    on_response(provider, strip, endpoint="/Bulk", status=413)

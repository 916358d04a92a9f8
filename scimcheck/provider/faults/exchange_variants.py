"""Variants of PATCH and of bulk jobs: what RFC 7644 §3.5.2 and §3.7 leave open beyond the settings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scimcheck.core.errors import InvalidSyntax, ScimError
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.patch import Operation
from scimcheck.core.path import PatchPath
from scimcheck.core.urns import BULK_REQUEST, ENTERPRISE_USER
from scimcheck.provider.answers import show
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.entra_forms import refuse, rewrite, without_path
from scimcheck.provider.faults.patch_steps import instead, on_selected
from scimcheck.provider.faults.registry import on_response, variant, wrap
from scimcheck.provider.rendering import render


@variant(
    "selected-values-merged",
    reading="RFC7644-3.5.2.3-07",
    text="replace of a selected value keeps the sub-attributes that are not given.",
)
def selected_values_merged(provider: Provider) -> None:
    def step(ctx: Context, now: JSONObject, item: Operation) -> Sequence[Operation]:
        if not on_selected(item, "replace", sub=False) or item.path is None or not isinstance(item.value, dict):
            return [item]
        path, parts = item.path, sorted(item.value.items(), key=lambda pair: pair[0] in ("type", "value"))
        return [replace(item, path=PatchPath(path.attr, path.filter, name), value=value) for name, value in parts]

    instead(provider, step)


@variant("empty-paths-are-none", reading="RFC7644-3.5.2-07", text="An empty path counts as none.")
def empty_paths(provider: Provider) -> None:
    rewrite(
        provider, lambda ctx, listed: [{n: v for n, v in item.items() if (n, v) != ("path", "")} for item in listed]
    )


@variant(
    "qualified-keys-refused",
    reading="RFC7644-3.5.2.1-03",
    text="A value without path may not have keys of the form URN:attribute, nor dotted ones.",
    costs=["ENTRA-3.3-02", "ENTRA-3.3-03"],
)
def qualified_keys_refused(provider: Provider) -> None:
    def odd(value: JSONObject) -> bool:
        return any("." in key.rpartition(":")[2] or (":" in key and key != ENTERPRISE_USER) for key in value)

    for op in ("add", "Add", "replace", "Replace"):
        refuse(provider, without_path(op, odd))


variant(
    "unknown-keys-in-patch-refused",
    reading="RFC7644-3.5.2-08",
    text="Unknown attributes in the values of PATCH are refused.",
    settings={"unknown_in_patch": "refuse"},
    costs=["ENTRA-3.5-07"],
)


@variant(
    "bulk-tells-what-was-left-out",
    reading="RFC7644-3.7-17",
    text="Operations behind the limit of errors are answered with 424.",
)
def bulk_tells_what_was_left_out(provider: Provider) -> None:
    def tell(request: Any, reply: Reply) -> None:
        if not isinstance(reply.body, dict):
            return
        sent = json.loads(request.body)["Operations"]
        done = reply.body["Operations"]
        for item in sent[len(done) :]:
            element: JSONObject = {"method": item["method"], "status": "424"}
            if "bulkId" in item:
                element["bulkId"] = item["bulkId"]
            if item["method"] != "POST":
                element["location"] = provider.url(item["path"])
            element["response"] = ScimError("not processed after an error", status=424).body()
            done.append(element)

    on_response(provider, tell, endpoint="/Bulk", status=200)


@variant("bulk-needs-no-urn", reading="RFC7644-3.7-03", text="A job is done without the URN of its message.")
def bulk_needs_no_urn(provider: Provider) -> None:
    def read(original: Any, ctx: Context) -> JSON:
        body: JSON = original(ctx)
        if ctx.endpoint == "/Bulk" and isinstance(body, dict) and "schemas" not in body:
            return {**body, "schemas": [BULK_REQUEST]}
        return body

    wrap(provider, "read_body", read)


@variant(
    "bulk-refused-for-an-unknown-method",
    reading="RFC7644-3.7-06",
    text="An operation with a method that bulk does not know has the whole request refused.",
)
def bulk_refused_for_an_unknown_method(provider: Provider) -> None:
    def read(original: Any, ctx: Context) -> JSON:
        body: JSON = original(ctx)
        if ctx.endpoint == "/Bulk" and isinstance(body, dict) and isinstance(body.get("Operations"), list):
            for item in body["Operations"]:
                if isinstance(item, dict) and str(item.get("method")).upper() not in ("POST", "PUT", "PATCH", "DELETE"):
                    raise InvalidSyntax(f"bulk knows no {item.get('method')}")
        return body

    wrap(provider, "read_body", read)


@variant(
    "bulk-refused-for-unknown-references",
    reading="RFC7644-3.7.2-03",
    text="An operation that refers to nothing is answered with 409.",
)
def bulk_unknown_references(provider: Provider) -> None:
    def tell(request: Any, reply: Reply) -> None:
        for item in reply.body.get("Operations", ()) if isinstance(reply.body, dict) else ():
            told = item.get("response")
            if isinstance(told, dict) and "no operation of this job created" in str(told.get("detail")):
                item["status"] = "409"
                told["status"] = "409"
                told.pop("scimType", None)

    on_response(provider, tell, endpoint="/Bulk", status=200)


@variant(
    "bulk-answers-with-resources",
    reading="RFC7644-3.7-11",
    text="Successful operations of a job show the resource in response.",
)
def bulk_answers_with_resources(provider: Provider) -> None:
    def tell(request: Any, reply: Reply) -> None:
        for item in reply.body.get("Operations", ()) if isinstance(reply.body, dict) else ():
            if item.get("status") in ("200", "201") and "location" in item:
                record = reply.context.store.find(item["location"].rpartition("/")[2])
                if record is not None:
                    shown = render(reply.context, record)
                    item["response"] = show(reply.context, record.type_name, shown)

    on_response(provider, tell, endpoint="/Bulk", status=200)


@variant(
    "circles-refused-in-bulk",
    reading="RFC7644-3.7.1-01",
    text="Resources of a job that refer to each other in a circle are refused with 409.",
)
def circles_refused(provider: Provider) -> None:
    def read(original: Any, ctx: Context) -> JSON:
        body: JSON = original(ctx)
        if ctx.endpoint == "/Bulk" and isinstance(body, dict) and isinstance(body.get("Operations"), list):
            circle = _circle(body["Operations"])
            ctx.notes["circle"] = circle
            for item in body["Operations"]:
                if isinstance(item, dict) and str(item.get("bulkId")) in circle:
                    item["data"] = {"schemas": []}
        return body

    def tell(request: Any, reply: Reply) -> None:
        for item in reply.body.get("Operations", ()) if isinstance(reply.body, dict) else ():
            if str(item.get("bulkId")) in reply.context.notes.get("circle", ()):
                item["status"] = "409"
                item["response"].update(status="409", detail="the references form a circle")
                item["response"].pop("scimType", None)

    wrap(provider, "read_body", read)
    on_response(provider, tell, endpoint="/Bulk", status=200)


def _circle(listed: list[Any]) -> set[str]:
    """The bulkIds of creations that refer to each other, directly or not."""
    creations = [item for item in listed if isinstance(item, dict) and item.get("method") == "POST"]
    text = {item["bulkId"]: str(item.get("data")) for item in creations if isinstance(item.get("bulkId"), str)}
    names = {name: {other for other in text if f"bulkId:{other}'" in told} for name, told in text.items()}
    reached = {name: set(direct) for name, direct in names.items()}
    for _ in names:
        for found in reached.values():
            for other in list(found):
                found |= reached[other]
    return {name for name, found in reached.items() if name in found}

"""Deviations of resource versions (RFC 7644 §3.14)."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable
from typing import Any

from scimcheck.core.errors import InvalidValue, PreconditionFailed
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.registry import deviation, on_request, on_response, variant, wrap
from scimcheck.provider.replies import error_reply
from scimcheck.provider.store import Record


@deviation(
    "if-match-ignored",
    breaks=["RFC7644-3.14-06"],
    also=[
        "RFC7644-3.7-08",
        "RFC7644-3.14-07",
        "RFC7644-3.12-13",
        "RFC9110-13.1.1-01",
        "RFC9110-13.1.1-05",
        "RFC9110-13.1.2-04",
        "RFC9110-13.2.2-01",
    ],
    text="If-Match has no effect.",
)
def if_match_ignored(provider: Provider) -> None:
    wrap(provider, "check_preconditions", lambda original, ctx, resource: None)


@deviation("etag-never-changes", breaks=["RFC7644-3.14-08"], text="A resource keeps its entity-tag for ever.")
def etag_never_changes(provider: Provider) -> None:
    wrap(provider, "version", lambda original, ctx, record, resource: f'W/"{record.created:x}"')


@deviation(
    "etag-without-quotes",
    breaks=["RFC9110-8.8.3-01"],
    also=["RFC7643-3.1-27", "RFC7644-3.14-04", "RFC9110-13.1.2-02"],
    text="The ETag header has no quotation marks.",
)
def etag_without_quotes(provider: Provider) -> None:
    def strip(request: object, reply: object) -> None:
        headers = getattr(reply, "headers", {})
        if "ETag" in headers:
            headers["ETag"] = headers["ETag"].replace('"', "")

    on_response(provider, strip)


def _retag(
    provider: Provider, change: Callable[[Context, str], str], *, meta: bool = True, header: bool = True
) -> None:
    """Let ``change(ctx, tag)`` replace what is shown of entity-tags; an empty one is not shown."""

    def show(request: object, reply: Reply) -> None:
        body = reply.body if isinstance(reply.body, dict) else {}
        held = body.get("meta") if isinstance(body.get("meta"), dict) else None
        if header and "ETag" in reply.headers:
            reply.headers["ETag"] = change(reply.context, reply.headers["ETag"])
            if not reply.headers["ETag"]:
                del reply.headers["ETag"]
        if meta and held and "version" in held:
            held["version"] = change(reply.context, held["version"])
            if not held["version"]:
                del held["version"]

    on_response(provider, show)


@deviation("creation-without-etag", breaks=["RFC7644-3.14-02"], text="The answer to POST has no ETag.")
def creation_without_etag(provider: Provider) -> None:
    _retag(provider, lambda ctx, tag: "" if ctx.method == "POST" else tag, meta=False)


@deviation(
    "reading-without-etag",
    breaks=["RFC7644-3.14-02"],
    also=["RFC9110-8.8.3.1-01"],
    text="The answer to GET has no ETag.",
)
def reading_without_etag(provider: Provider) -> None:
    _retag(provider, lambda ctx, tag: "" if ctx.method == "GET" else tag, meta=False)


@deviation(
    "etag-for-groups-alone",
    breaks=["RFC9110-8.8.3.1-01"],
    also=["RFC9110-9.3.2-02", "RFC7644-3.14-02"],
    text="Users have no ETag when they are read.",
)
def etag_for_groups_alone(provider: Provider) -> None:
    _retag(provider, lambda ctx, tag: "" if ctx.endpoint == "/Users" and ctx.method == "GET" else tag, meta=False)


@deviation("meta-without-version", breaks=["RFC7644-3.14-03"], text="meta has no version.")
def meta_without_version(provider: Provider) -> None:
    _retag(provider, lambda ctx, tag: "", header=False)


@deviation("version-differs-from-etag", breaks=["RFC7643-3.1-27"], text="meta.version is the ETag without W/.")
def version_differs_from_etag(provider: Provider) -> None:
    _retag(provider, lambda ctx, tag: tag.removeprefix("W/"), header=False)


@deviation(
    "weak-in-lower-case",
    breaks=["RFC9110-8.8.3-02"],
    also=["RFC7643-3.1-30", "RFC7644-3.14-04", "RFC9110-13.1.2-02"],
    text="Weak entity-tags begin with w/.",
)
def weak_in_lower_case(provider: Provider) -> None:
    _retag(provider, lambda ctx, tag: tag.replace("W/", "w/"))


@deviation(
    "etag-changes-with-time",
    breaks=["RFC7644-3.14-09"],
    also=[
        "RFC6750-3-01",
        "RFC7644-2-02",
        "RFC7644-2-04",
        "RFC7644-3.12-08",
        "RFC7644-3.12-21",
        "RFC7644-3.2-07",
        "RFC7644-3.2-09",
        "RFC7644-3.5.2-20",
        "RFC7644-6.1-01",
        "RFC9110-9.3.2-02",
        "RFC9110-8.8.3-03",
        "RFC9110-15.4.5-02",
    ],
    text="Every GET gives a resource another entity-tag; conditions know them all.",
)
def etag_changes_with_time(provider: Provider) -> None:
    served = itertools.count(1)

    def show(request: object, reply: Reply) -> None:
        tag = reply.headers.get("ETag")
        held = reply.body.get("meta") if isinstance(reply.body, dict) else None
        if tag and reply.context.method == "GET" and isinstance(held, dict):
            held["version"] = reply.headers["ETag"] = f'{tag[:-1]}.{next(served)}"'

    def known(request: Request) -> Request | None:
        headers = {
            name: re.sub(r'\.\d+"', '"', value) if name in ("if-match", "if-none-match") else value
            for name, value in request.headers.items()
        }
        return dataclasses.replace(request, headers=headers)

    on_response(provider, show)
    on_request(provider, known)


@deviation(
    "replacement-answers-old-etag",
    breaks=["RFC9110-8.8.3-03"],
    text="The answer to PUT has an ETag that no GET shows.",
)
def replacement_answers_old_etag(provider: Provider) -> None:
    _retag(provider, lambda ctx, tag: f'{tag[:-1]}-old"' if ctx.method == "PUT" else tag)


def _conditions(provider: Provider, change: Callable[[str, dict[str, str]], Any]) -> None:
    """Let ``change(method, headers)`` change the header fields of requests in place."""

    def read(request: Request) -> Request:
        headers = dict(request.headers)
        change(request.method, headers)
        return dataclasses.replace(request, headers=headers)

    on_request(provider, read)


@deviation(
    "if-none-match-ignored",
    breaks=["RFC7644-3.14-04"],
    also=["RFC9110-13.1.2-02"],
    text="GET takes no notice of If-None-Match.",
)
def if_none_match_ignored(provider: Provider) -> None:
    _conditions(provider, lambda method, headers: method == "GET" and headers.pop("if-none-match", None))


@deviation(
    "not-modified-though-changed",
    breaks=["RFC7644-3.14-05"],
    also=["RFC9110-13.1.2-02", "RFC7643-3.1-28"],
    text="Any If-None-Match on GET is answered with 304.",
)
def not_modified_though_changed(provider: Provider) -> None:
    def change(method: str, headers: dict[str, str]) -> None:
        if method == "GET" and "if-none-match" in headers:
            headers["if-none-match"] = "*"

    _conditions(provider, change)


def _unknown_condition(
    provider: Provider, name: str, faulty: Callable[[str], bool], methods: tuple[str, ...] = ("GET",)
) -> None:
    """Take a condition for one that no resource satisfies."""

    def change(method: str, headers: dict[str, str]) -> None:
        if method in methods and faulty(headers.get(name, "")):
            headers[name] = '"none"'

    _conditions(provider, change)


_WRITES = ("PUT", "PATCH", "DELETE")


@deviation("if-none-match-without-star", breaks=["RFC9110-13.1.2-03"], text="If-None-Match: * on GET has no effect.")
def if_none_match_without_star(provider: Provider) -> None:
    _unknown_condition(provider, "if-none-match", lambda value: value == "*")


@deviation("if-none-match-takes-one", breaks=["RFC9110-13.1.2-05"], text="If-None-Match understands one tag alone.")
def if_none_match_takes_one(provider: Provider) -> None:
    _unknown_condition(provider, "if-none-match", lambda value: "," in value)


@deviation(
    "if-none-match-compares-strongly",
    breaks=["RFC9110-13.1.2-01"],
    also=["RFC9110-8.8.3.2-01"],
    text="If-None-Match compares weak tags byte for byte.",
)
def if_none_match_compares_strongly(provider: Provider) -> None:
    _unknown_condition(provider, "if-none-match", lambda value: value.startswith('"') and "," not in value)


@deviation("versions-ignore-case", breaks=["RFC7643-3.1-28"], text="Entity-tags match in any letter case.")
def versions_ignore_case(provider: Provider) -> None:
    def version(original: Any, ctx: Context, record: Record, resource: JSONObject) -> str:
        tag: str = original(ctx, record, resource)
        return f'{tag[:-1]}x"'

    def change(method: str, headers: dict[str, str]) -> None:
        if "if-none-match" in headers:
            headers["if-none-match"] = headers["if-none-match"].lower().replace("w/", "W/")

    wrap(provider, "version", version)
    _conditions(provider, change)


@deviation("not-modified-with-content", breaks=["RFC9110-15.4.5-01"], text="304 has content.")
def not_modified_with_content(provider: Provider) -> None:
    on_response(provider, lambda request, reply: setattr(reply, "raw", b'{"unchanged": true}'), status=304)


@deviation("not-modified-without-etag", breaks=["RFC9110-15.4.5-02"], text="304 has no ETag.")
def not_modified_without_etag(provider: Provider) -> None:
    on_response(provider, lambda request, reply: reply.headers.pop("ETag", None), status=304)


@deviation("deletion-ignores-if-match", breaks=["RFC7644-3.14-07"], text="DELETE takes no notice of If-Match.")
def deletion_ignores_if_match(provider: Provider) -> None:
    _conditions(provider, lambda method, headers: method == "DELETE" and headers.pop("if-match", None))


@deviation(
    "patch-ignores-if-match",
    breaks=["RFC7644-3.14-06"],
    also=["RFC9110-13.1.1-01", "RFC9110-13.1.1-05", "RFC7644-3.12-13"],
    text="PATCH takes no notice of If-Match.",
)
def patch_ignores_if_match(provider: Provider) -> None:
    _conditions(provider, lambda method, headers: method == "PATCH" and headers.pop("if-match", None))


@deviation(
    "refused-but-carried-out",
    breaks=["RFC9110-13.1.1-05"],
    also=["RFC7644-3.7-08", "RFC7644-3.14-06", "RFC9110-13.1.2-04"],
    text="A PUT whose If-Match is false is answered with 412 and carried out.",
)
def refused_but_carried_out(provider: Provider) -> None:
    def check(original: Any, ctx: Context, resource: JSONObject) -> None:
        try:
            original(ctx, resource)
        except PreconditionFailed as error:
            if ctx.method != "PUT":
                raise
            ctx.notes["refused"] = error.status

    def show(request: Request, reply: Reply) -> None:
        if reply.context is not None and "refused" in reply.context.notes:
            refused = error_reply(reply.context, PreconditionFailed("the version is outdated"))
            reply.status, reply.body = refused.status, refused.body

    wrap(provider, "check_preconditions", check)
    on_response(provider, show, method="PUT")


@deviation("if-match-without-star", breaks=["RFC9110-13.1.1-02"], text="If-Match: * matches nothing.")
def if_match_without_star(provider: Provider) -> None:
    _unknown_condition(provider, "if-match", lambda value: value == "*", _WRITES)


@deviation(
    "if-match-takes-one",
    breaks=["RFC9110-13.1.1-03"],
    settings={"etag_style": "strong"},
    text="If-Match understands one tag alone.",
)
def if_match_takes_one(provider: Provider) -> None:
    _unknown_condition(provider, "if-match", lambda value: "," in value, _WRITES)


@deviation(
    "if-match-takes-one-weak-tag", breaks=["RFC9110-13.1.1-03"], text="If-Match understands one tag alone, a weak one."
)
def if_match_takes_one_weak_tag(provider: Provider) -> None:
    _unknown_condition(provider, "if-match", lambda value: "," in value, _WRITES)


@deviation(
    "if-match-compares-weakly",
    breaks=["RFC9110-13.1.1-04"],
    settings={"etag_style": "strong"},
    text="A weak tag in If-Match matches a strong one.",
)
def if_match_compares_weakly(provider: Provider) -> None:
    def change(method: str, headers: dict[str, str]) -> None:
        if "if-match" in headers:
            headers["if-match"] = headers["if-match"].replace("W/", "")

    _conditions(provider, change)


@deviation(
    "outdated-is-bad-request",
    breaks=["RFC9110-15.5.13-01"],
    also=[
        "RFC7644-3.7-08",
        "RFC7644-3.14-06",
        "RFC7644-3.14-07",
        "RFC9110-13.1.2-04",
        "RFC9110-13.2.2-01",
        "RFC7644-3.12-13",
    ],
    text="A false precondition is answered with 400.",
)
def outdated_is_bad_request(provider: Provider) -> None:
    def check(original: Any, ctx: Context, resource: JSONObject) -> None:
        try:
            original(ctx, resource)
        except PreconditionFailed as error:
            raise InvalidValue(error.detail) from None

    wrap(provider, "check_preconditions", check)


@deviation("if-none-match-on-put-ignored", breaks=["RFC9110-13.1.2-04"], text="PUT ignores If-None-Match.")
def if_none_match_on_put_ignored(provider: Provider) -> None:
    _conditions(provider, lambda method, headers: method == "PUT" and headers.pop("if-none-match", None))


@deviation(
    "preconditions-come-first",
    breaks=["RFC9110-13.2.1-01"],
    text="If-Match on an unknown id is answered with 412.",
)
def preconditions_come_first(provider: Provider) -> None:
    def change(request: Request, reply: Reply) -> None:
        if "if-match" in request.headers:
            refused = error_reply(reply.context, PreconditionFailed("there is no such version"))
            reply.status, reply.body = refused.status, refused.body

    on_response(provider, change, status=404)


@deviation("if-none-match-comes-first", breaks=["RFC9110-13.2.2-01"], text="GET takes no notice of If-Match.")
def if_none_match_comes_first(provider: Provider) -> None:
    _conditions(provider, lambda method, headers: method == "GET" and headers.pop("if-match", None))


@variant(
    "tags-for-caches-alone",
    reading="RFC7644-3.14-01",
    text="Versions are not supported; a web framework tags what it sends for caches and ignores conditions.",
    settings={"etag_supported": False},
)
def tags_for_caches_alone(provider: Provider) -> None:
    def tag(request: Request, reply: Reply) -> None:
        reply.headers["ETag"] = f'W/"{sum(map(ord, str(reply.body))):x}"'

    on_response(provider, tag, status=(200, 201))

"""Deviations of resource versions (RFC 7644 §3.14)."""

from __future__ import annotations

from scimcheck.provider.app import Provider
from scimcheck.provider.faults.registry import deviation, on_response, wrap


@deviation(
    "if-match-ignored",
    breaks=["RFC7644-3.14-06"],
    also=[
        "RFC7644-3.14-07",
        "RFC7644-3.12-13",
        "RFC9110-13.1.1-01",
        "RFC9110-13.1.1-05",
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
    also=["RFC7643-3.1-27"],
    text="The ETag header has no quotation marks.",
)
def etag_without_quotes(provider: Provider) -> None:
    def strip(request: object, reply: object) -> None:
        headers = getattr(reply, "headers", {})
        if "ETag" in headers:
            headers["ETag"] = headers["ETag"].replace('"', "")

    on_response(provider, strip)

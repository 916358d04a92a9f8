"""Deviations of ServiceProviderConfig: its content, and the truth of what it advertises (RFC 7643 §5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scimcheck.core.errors import ScimError
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.core.urns import LIST_RESPONSE
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.documents import change_config
from scimcheck.provider.faults.registry import change_settings, deviation, on_response, variant, wrap

# --- ServiceProviderConfig --------------------------------------------------------------------------------------------


def _config(name: str, breaks: str, text: str, change: Callable[[JSONObject], Any], *also: str) -> None:
    """Register a deviation that changes the published configuration."""

    @deviation(name, breaks=[breaks], also=also, text=text)
    def apply(provider: Provider) -> None:
        change_config(provider, change)


def _scheme(**members: Any) -> Callable[[JSONObject], Any]:
    """A change of the first authentication scheme; ``None`` takes a member out."""

    def change(config: JSONObject) -> None:
        scheme = config["authenticationSchemes"][0]
        scheme.update(members)
        for name in [name for name, value in members.items() if value is None]:
            scheme.pop(name)

    return change


_config(
    "config-without-urn",
    "RFC7643-5-01",
    "The configuration has a SCIM 1.0 URN.",
    lambda config: config.update(schemas=["urn:scim:schemas:core:1.0"]),
)
_config(
    "documentation-is-no-url",
    "RFC7643-5-04",
    "documentationUri is a relative path.",
    lambda config: config.update(documentationUri="/help"),
)
_config(
    "config-without-patch",
    "RFC7643-5-05",
    "The configuration says nothing of PATCH.",
    lambda config: config.pop("patch"),
)
_config("config-without-bulk", "RFC7643-5-06", "bulk is a boolean.", lambda config: config.update(bulk=True))
_config(
    "config-filter-in-words",
    "RFC7643-5-07",
    "filter.supported is a string.",
    lambda config: config["filter"].update(supported="true"),
)
_config(
    "config-without-change-password",
    "RFC7643-5-08",
    "The configuration says nothing of changePassword.",
    lambda config: config.pop("changePassword"),
)
_config(
    "config-sort-as-array",
    "RFC7643-5-09",
    "sort is an array.",
    lambda config: config.update(sort=[{"supported": True}]),
)
_config(
    "config-without-etag", "RFC7643-5-10", "The configuration says nothing of etag.", lambda config: config.pop("etag")
)
_config(
    "max-operations-in-words",
    "RFC7643-5-11",
    "bulk.maxOperations is a string.",
    lambda config: config["bulk"].update(maxOperations="1000"),
)
_config(
    "max-payload-size-missing",
    "RFC7643-5-12",
    "bulk.maxPayloadSize is missing although bulk is supported.",
    lambda config: config["bulk"].pop("maxPayloadSize"),
)
_config(
    "max-results-negative",
    "RFC7643-5-13",
    "filter.maxResults is -1.",
    lambda config: config["filter"].update(maxResults=-1),
)
_config(
    "authentication-schemes-as-object",
    "RFC7643-5-16",
    "authenticationSchemes is one object.",
    lambda config: config.update(authenticationSchemes=config["authenticationSchemes"][0]),
)
_config("scheme-without-type", "RFC7643-5-17", "An authentication scheme has no type.", _scheme(type=None))
_config("scheme-without-name", "RFC7643-5-18", "An authentication scheme has no name.", _scheme(name=None))
_config(
    "scheme-without-description",
    "RFC7643-5-19",
    "An authentication scheme has no description.",
    _scheme(description=None),
)
_config("scheme-spec-is-no-url", "RFC7643-5-20", "specUri is the name of a document.", _scheme(specUri="RFC 6750"))


def _all_primary(config: JSONObject) -> None:
    for scheme in config["authenticationSchemes"]:
        scheme["primary"] = True


_config("several-primary-schemes", "RFC7643-5-21", "Every authentication scheme is the primary one.", _all_primary)
_config(
    "keywords-quoted",
    "RFC7643-1.1-01",
    "The type of an authentication scheme has quotation marks in it.",
    _scheme(type="'oauthbearertoken'"),
    "RFC7643-5-17",
)


@deviation(
    "config-needs-credentials", breaks=["RFC7643-5-22"], text="The configuration is shown to known clients only."
)
def config_needs_credentials(provider: Provider) -> None:
    change_settings(provider, public_endpoints=())


@deviation("config-can-be-replaced", breaks=["RFC7643-5-02"], text="PUT on the configuration answers 200.")
def config_can_be_replaced(provider: Provider) -> None:
    on_response(provider, _succeed, method="PUT", endpoint="/ServiceProviderConfig")


def _succeed(request: Request, reply: Reply) -> None:
    reply.status, reply.body = 200, {}


@deviation("config-as-list", breaks=["RFC7644-4-01"], text="The configuration comes as a list of one.")
def config_as_list(provider: Provider) -> None:
    def listed(request: Request, reply: Reply) -> None:
        reply.body = {"schemas": [LIST_RESPONSE], "totalResults": 1, "Resources": [reply.body]}

    on_response(provider, listed, method="GET", endpoint="/ServiceProviderConfig", status=200)


# --- the truth --------------------------------------------------------------------------------------------------------


@deviation(
    "patch-pretended",
    breaks=["RFC7643-5-15"],
    also=["RFC7644-3.5.2.3-02"],
    text="PATCH is not supported; it answers 200 and does nothing.",
)
def patch_pretended(provider: Provider) -> None:
    change_config(provider, lambda config: config["patch"].update(supported=False))
    wrap(provider, "apply_patch", lambda original, ctx, resource, operations: resource)
    wrap(provider, "membership_changes", lambda original, ctx, record, operations: None)


@deviation("sort-only-advertised", breaks=["RFC7643-5-15"], text="Sorting is advertised and answered with 501.")
def sort_only_advertised(provider: Provider) -> None:
    def refuse(original: Any, ctx: Context, *arguments: Any) -> list[JSONObject]:
        raise ScimError("sorting is not implemented", status=501)

    wrap(provider, "sort", refuse)


@deviation("bulk-only-advertised", breaks=["RFC7643-5-15"], text="Bulk is advertised and answered with 501.")
def bulk_only_advertised(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        reply.status, reply.body = 501, ScimError("bulk is not implemented", status=501).body()

    on_response(provider, refuse, method="POST", endpoint="/Bulk")


@deviation(
    "versions-only-advertised",
    breaks=["RFC7643-5-15"],
    also=["RFC7644-3.14-02", "RFC7644-3.14-03", "RFC9110-8.8.3.1-01"],
    text="Versions are advertised, and there are none.",
    settings={"etag_supported": False},
)
def versions_only_advertised(provider: Provider) -> None:
    change_config(provider, lambda config: config["etag"].update(supported=True))


@deviation(
    "password-change-only-advertised",
    breaks=["RFC7643-5-15"],
    also=["RFC7643-4.1.1-17", "RFC7644-3.5.2.3-02", "RFC7643-7-26"],
    text="Changing passwords is advertised and refused with 403.",
)
def password_change_only_advertised(provider: Provider) -> None:
    def refuse(request: Request, reply: Reply) -> None:
        if b"password" in request.body:
            reply.status, reply.body = 403, ScimError("passwords cannot be changed", status=403).body()

    on_response(provider, refuse, method=("PUT", "PATCH"), status=(200, 204))


# --- legal choices ----------------------------------------------------------------------------------------------------

variant(
    "more-in-the-configuration",
    reading="RFC7643-5-01",
    text="The configuration has attributes of the vendor's own.",
    settings={"extra_discovery_attributes": True},
)


@variant("bulk-limits-left-out", reading="RFC7643-5-11", text="Without bulk there are no limits of bulk.")
def bulk_limits_left_out(provider: Provider) -> None:
    change_settings(provider, bulk_supported=False)
    change_config(provider, lambda config: config.update(bulk={"supported": False}))


@variant("patch-not-advertised", reading="RFC7643-5-15", text="PATCH works although it is not advertised.")
def patch_not_advertised(provider: Provider) -> None:
    change_config(provider, lambda config: config["patch"].update(supported=False))


@variant(
    "unusual-scheme-type", reading="RFC7643-5-17", text="The authentication scheme has a type of the vendor's own."
)
def unusual_scheme_type(provider: Provider) -> None:
    change_config(provider, _scheme(type="mutualtls"))

"""Groups whose names must be unique, and do not stay so; groups that show their members only on request."""

from __future__ import annotations

from typing import Any

from scimcheck.core import urns
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context
from scimcheck.provider.faults.registry import change_schema, deviation, variant, wrap


def _name_groups_apart(provider: Provider) -> None:
    """Declare names of groups as unique, and hold them to it."""

    def unique(schema: JSONObject) -> None:
        next(item for item in schema["attributes"] if item["name"] == "displayName")["uniqueness"] = "server"

    change_schema(provider, urns.GROUP, unique)


def _forget_uniqueness(provider: Provider, method: str) -> None:
    def check(original: Any, ctx: Context, attributes: JSONObject, record_id: str | None) -> None:
        if ctx.method != method or ctx.typed().name != "Group":
            original(ctx, attributes, record_id)

    _name_groups_apart(provider)
    wrap(provider, "check_uniqueness", check)


@variant("group-names-unique", reading="RFC7643-7-38", text="The names of groups are unique, as their schema says.")
def group_names_unique(provider: Provider) -> None:
    _name_groups_apart(provider)


@deviation(
    "replaced-groups-share-names",
    breaks=["RFC7644-3.5.1-11"],
    text="The names of groups are declared as unique; PUT gives one group the name of another.",
)
def replaced_groups_share_names(provider: Provider) -> None:
    _forget_uniqueness(provider, "PUT")


@deviation(
    "patched-groups-share-names",
    breaks=["RFC7644-3.5.2-25"],
    also=["RFC7644-3.12-19"],
    text="The names of groups are declared as unique; PATCH gives one group the name of another.",
)
def patched_groups_share_names(provider: Provider) -> None:
    _forget_uniqueness(provider, "PATCH")


@variant(
    "members-on-request",
    reading="RFC7643-8.7.1-23",
    text="Groups show their members only to those who ask for them by name, as their schema says.",
)
def members_on_request(provider: Provider) -> None:
    def on_request(schema: JSONObject) -> None:
        next(item for item in schema["attributes"] if item["name"] == "members")["returned"] = "request"

    change_schema(provider, urns.GROUP, on_request)

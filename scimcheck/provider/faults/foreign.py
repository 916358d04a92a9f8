"""What servers of others were seen to do (docs/interop.md), where one cause has many consequences."""

from __future__ import annotations

from scimcheck.core import urns
from scimcheck.core.http import Request
from scimcheck.core.json import JSONObject
from scimcheck.provider.app import Provider
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.faults.documents import change_config
from scimcheck.provider.faults.editing import edit_written
from scimcheck.provider.faults.registry import change_schema, deviation, on_response, variant


@deviation(
    "display-names-made-up",
    breaks=["RFC7643-2.2-04"],
    also=["RFC7644-3.5.1-02", "RFC7643-7-26", "RFC7644-3.3-08", "RFC7644-3.7-20", "ENTRA-2.2-04", "ENTRA-3.5-05"],
    text="POST and PUT store the userName as displayName, whatever displayName they have.",
)
def display_names_made_up(provider: Provider) -> None:
    def compute(ctx: Context, attributes: JSONObject, body: JSONObject) -> None:
        if ctx.endpoint == "/Users":
            attributes["displayName"] = attributes["userName"]

    edit_written(provider, compute)


@deviation(
    "unknown-number-spoils-the-user",
    breaks=["ENTRA-3.6-08", "ENTRA-3.6-09"],
    also=["ENTRA-8.2-02", "RFC7644-3.12-15"],
    text="Users have no phoneNumbers; PATCH with a path to one is a server error, and so is each GET from then on.",
)
def unknown_number_spoils_the_user(provider: Provider) -> None:
    spoilt: set[str] = set()

    def drop(schema: JSONObject) -> None:
        schema["attributes"] = [item for item in schema["attributes"] if item["name"] != "phoneNumbers"]

    def spoil(request: Request, reply: Reply) -> None:
        if request.method == "PATCH" and b'"phoneNumbers[' in request.body:
            spoilt.add(request.path)
        if request.path in spoilt and request.method != "DELETE":
            reply.status, reply.body = 500, {"schemas": [urns.ERROR], "status": "500", "detail": "no such field"}

    change_schema(provider, urns.USER, drop)
    on_response(provider, spoil, endpoint="/Users")


@variant(
    "limit-of-filters-that-do-not-exist",
    reading="RFC7643-5-14",
    text="ServiceProviderConfig has filter.supported false and filter.maxResults 3.",
    settings={"filter_supported": False},
    costs=("ENTRA-1.2-01", "ENTRA-1.2-05", "ENTRA-4.3-01", "ENTRA-4.3-05"),
)
def limit_of_filters_that_do_not_exist(provider: Provider) -> None:
    change_config(provider, lambda config: config["filter"].update(maxResults=3))

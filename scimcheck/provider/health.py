"""How the service fares: an endpoint beside SCIM that tells, and schemas that keep the service from working."""

from __future__ import annotations

from scimcheck.core.schema import ResourceModel
from scimcheck.provider.context import Context, Reply
from scimcheck.provider.settings import Settings


def health(ctx: Context) -> Reply:
    """That the service is up, as a word for a browser or a load balancer; it is no SCIM message."""
    return Reply(200, headers={"Content-Type": "text/plain; charset=utf-8"}, raw=b"Healthy")


def outage(models: tuple[ResourceModel, ...], settings: Settings) -> str:
    """Why no SCIM request can be answered: an attribute whose name the settings call fatal; else empty."""
    fatal = set(settings.fatal_in_names)
    for model in models if fatal else ():
        for located in model.attributes():
            if fatal & set(located.attribute.name):
                return f"the attribute {located.attribute.name} cannot be served"
    return ""

"""Deviations of definitions: predefined sub-attributes and core attributes defined otherwise (RFC 7643 §2.4, §3.3)."""

from __future__ import annotations

from scimcheck.core import urns
from scimcheck.provider.app import Provider
from scimcheck.provider.faults.documents import change_attribute, change_published
from scimcheck.provider.faults.enriching import attribute
from scimcheck.provider.faults.registry import change_schema, deviation


@deviation(
    "primary-defined-as-text",
    breaks=["RFC7643-2.4-02"],
    also=["RFC7643-8.7.1-16"],
    text="The schema of User calls photos.primary a string.",
)
def primary_defined_as_text(provider: Provider) -> None:
    change_published(provider, urns.USER, lambda schema: change_attribute(schema, "photos.primary", {"type": "string"}))


@deviation(
    "extension-defines-core-attributes",
    breaks=["RFC7643-3.3-04"],
    text="The enterprise extension defines displayName as well.",
)
def extension_defines_core_attributes(provider: Provider) -> None:
    item = attribute("displayName")
    change_schema(provider, urns.ENTERPRISE_USER, lambda schema: schema["attributes"].append(item))

"""Attribute mappings: what a provisioning job sends of a directory object, and where it puts it.

The form on disk is Microsoft Graph's ``synchronizationSchema``, which the portal offers for download.
"""

from __future__ import annotations

from scimcheck.entra.mapping.evaluate import Desired, desired
from scimcheck.entra.mapping.model import (
    AttributeDefinition,
    AttributeMapping,
    Filter,
    Kind,
    ObjectMapping,
    SynchronizationSchema,
)
from scimcheck.entra.mapping.scope import in_scope

__all__ = [
    "AttributeDefinition",
    "AttributeMapping",
    "Desired",
    "Filter",
    "Kind",
    "ObjectMapping",
    "SynchronizationSchema",
    "desired",
    "in_scope",
]

"""PATCH (RFC 7644 §3.5.2): operations on a resource, in the standard's form and in those that Entra ID sends."""

from __future__ import annotations

from scimcheck.core.patch.apply import apply_operations, apply_patch
from scimcheck.core.patch.changes import unchanged
from scimcheck.core.patch.dialect import ENTRA, RFC, PatchChoices, PatchDialect
from scimcheck.core.patch.operations import MISSING, Missing, Operation, parse_patch

__all__ = [
    "ENTRA",
    "MISSING",
    "RFC",
    "Missing",
    "Operation",
    "PatchChoices",
    "PatchDialect",
    "apply_operations",
    "apply_patch",
    "parse_patch",
    "unchanged",
]

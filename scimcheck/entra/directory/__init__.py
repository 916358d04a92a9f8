"""A directory as provisioning reads it: users and groups in the names that mappings use for their attributes."""

from __future__ import annotations

from scimcheck.entra.directory.cases import CASES, Case
from scimcheck.entra.directory.generate import generate
from scimcheck.entra.directory.objects import Directory, DirectoryObject

__all__ = ["CASES", "Case", "Directory", "DirectoryObject", "generate"]

"""What a run was given for the gallery's validation: allowed values, a domain, credentials for federation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scimcheck.core.errors import UsageError
from scimcheck.core.json import JSON
from scimcheck.entra.gallery.mapping import GalleryMapping
from scimcheck.entra.gallery.values import DOMAIN


@dataclass(frozen=True, slots=True, repr=False)
class Federation:
    """Workload identity federation: where a token of the issuer comes from, and where it is exchanged.

    ``issuer_url`` is the issuer's token endpoint, asked with ``application_id`` and ``secret``; ``assertion`` is a
    token that was got elsewhere, which is taken instead. ``token_url`` is the endpoint's own token endpoint,
    ``client_id`` the client it knows; ``audience`` is used with Google only.
    """

    token_url: str
    client_id: str = ""
    issuer_url: str = ""
    application_id: str = ""
    secret: str = ""
    assertion: str = ""
    audience: str = ""

    @property
    def kind(self) -> str:
        """Which exchange the address calls for: ``google-service-account``, ``google`` or ``generic``."""
        if "googleapis.com" not in self.token_url:
            return "generic"
        return "google-service-account" if "serviceAccounts" in self.token_url else "google"


#: Where a target keeps its :class:`GalleryInput`, in its cache.
INPUT = ("gallery", "input")


@dataclass(frozen=True, slots=True)
class GalleryInput:
    """``values`` holds one or two maps from target attribute to a value that the endpoint accepts.

    ``oauth_scope`` is the scope to ask for with client credentials; ``mapping`` the one somebody chose, if any.
    """

    domain: str = DOMAIN
    values: tuple[Mapping[str, JSON], ...] = ()
    oauth_scope: str = ""
    federation: Federation | None = None
    mapping: GalleryMapping | None = None


def read_values(file: Path) -> GalleryInput:
    """Read a values file: ``{"domain": …, "values": [{"<target attribute>": …}, …]}``, both optional.

    Raises UsageError in one line for a file that cannot be used.
    """
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"--scim-gallery-values: {file}: {error.strerror or error}") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"--scim-gallery-values: {file}:{error.lineno}: {error.msg}") from None
    except UnicodeDecodeError:
        raise UsageError(f"--scim-gallery-values: {file}: not UTF-8") from None
    if not isinstance(content, dict) or not set(content) <= {"domain", "values"}:
        raise UsageError(f"--scim-gallery-values: {file}: expected an object with domain and values")
    values, domain = content.get("values", []), content.get("domain", DOMAIN)
    if not isinstance(values, list) or len(values) > 2 or not all(isinstance(item, dict) for item in values):
        raise UsageError(f"--scim-gallery-values: {file}: values: expected a list of one or two objects")
    if not isinstance(domain, str) or not domain:
        raise UsageError(f"--scim-gallery-values: {file}: domain: expected a domain name")
    return GalleryInput(domain, tuple(values))

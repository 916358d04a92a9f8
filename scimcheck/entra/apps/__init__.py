"""Entra applications: how the customers of a vendor, or the user of scimcheck, wire Entra ID to an endpoint."""

from __future__ import annotations

from scimcheck.entra.apps.load import DEFAULT, app_names, load_app, read_app
from scimcheck.entra.apps.model import App, mapped_targets

__all__ = ["DEFAULT", "App", "app_names", "load_app", "mapped_targets", "read_app"]

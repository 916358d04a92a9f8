"""scimcheck: SCIM 2.0 conformance and Microsoft Entra ID compatibility. Public names load on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scimcheck._version import __version__ as __version__
    from scimcheck.checks.findings import Finding as Finding
    from scimcheck.checks.findings import Verdict as Verdict
    from scimcheck.client.exchange import Exchange as Exchange
    from scimcheck.requirements.model import Requirement as Requirement

_PUBLIC = {
    "Exchange": "scimcheck.client.exchange",
    "Finding": "scimcheck.checks.findings",
    "Requirement": "scimcheck.requirements.model",
    "Verdict": "scimcheck.checks.findings",
    "__version__": "scimcheck._version",
}

__all__ = ["Exchange", "Finding", "Requirement", "Verdict", "__version__"]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        from importlib import import_module

        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'scimcheck' has no attribute {name!r}")

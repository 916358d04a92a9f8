"""The public surface; whoever changes it changes this list and the changelog."""

from __future__ import annotations

import subprocess
import sys

import pytest

import scimcheck

PUBLIC = ["Exchange", "Finding", "Requirement", "Verdict", "__version__"]


def test_public_names_are_pinned() -> None:
    """The names a user may import from ``scimcheck`` are these and no others."""
    assert sorted(scimcheck.__all__) == sorted(PUBLIC)


def test_every_public_name_resolves() -> None:
    """Each public name is there when asked for, and asking for another one says which."""
    assert all(getattr(scimcheck, name) is not None for name in PUBLIC)
    with pytest.raises(AttributeError, match="Nonsense"):
        getattr(scimcheck, "".join(["Non", "sense"]))


def test_importing_the_package_loads_nothing_else() -> None:
    """``import scimcheck`` alone loads one module: the public names come on first use."""
    code = "import sys, scimcheck; print(*[n for n in sys.modules if n.startswith('scimcheck')])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["scimcheck"]

"""Where the bundled suites, fixtures and report templates lie: inside the wheel, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def is_packaged() -> bool:
    """Whether this is an installed wheel, which holds the three folders inside the package."""
    return (_PACKAGE / "suites").is_dir()


def bundled(name: str) -> Path:
    """The folder ``name`` (``suites``, ``fixtures``, ``reports``); FileNotFoundError when it was not shipped."""
    path = (_PACKAGE if is_packaged() else _PACKAGE.parent) / name
    if not path.is_dir():
        raise FileNotFoundError(f"scimcheck was installed without its {name!r} folder")
    return path


def suite_args() -> list[str]:
    """The pytest arguments that select the bundled suites.

    From a wheel the module name is handed over rather than the path, because pytest would list all of site-packages
    on the way down a path.
    """
    return ["--pyargs", "scimcheck.suites"] if is_packaged() else [str(bundled("suites"))]

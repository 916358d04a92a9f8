"""Which checks the bundled suites hold and what they judge, found out without running them."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from scimcheck.checks.rules import rules
from scimcheck.harness.mark import CheckInfo
from scimcheck.requirements.catalogue import load
from scimcheck.requirements.coverage import Coverage, measure
from scimcheck.resources import bundled


@dataclass(frozen=True, slots=True)
class ListedCheck:
    """A check of the suites: its name (file and function), what it declares, and its one-line promise."""

    name: str
    info: CheckInfo
    text: str


def suite_files(folder: Path | None = None) -> list[Path]:
    """The test files of the suites, sorted."""
    return sorted((folder or bundled("suites")).rglob("test_*.py"))


def checks(folder: Path | None = None) -> Iterator[ListedCheck]:
    """Every check of the suites, in the order of their files."""
    root = folder or bundled("suites")
    for file in suite_files(root):
        module = _load(file, root)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            info = getattr(function, "scim_check", None)
            if isinstance(info, CheckInfo) and function.__module__ == module.__name__:
                text = (inspect.getdoc(function) or "").partition("\n")[0]
                yield ListedCheck(f"{file.relative_to(root).as_posix()}::{name}", info, text)


def _load(file: Path, root: Path) -> ModuleType:
    """Import a suite file by its path, under a name of its own: suites are in no importable package of a checkout."""
    name = "scimcheck_suites_" + "_".join(file.relative_to(root).with_suffix("").parts)
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def coverage(folder: Path | None = None) -> Coverage:
    """Which requirements have a check or an exchange rule."""
    judged: dict[str, tuple[str, ...]] = {item.name: item.info.requirements for item in checks(folder)}
    judged.update({f"rule:{rule.name}": rule.requirements for rule in rules()})
    return measure(load(), judged)

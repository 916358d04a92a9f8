"""The suites' checks, collected once and run against one provider after another, without a pytest run around each.

What pytest would do for a check is done here in the same order: needs, fixtures, the check, the judge's books, the
exchange rules. ``certify`` is the same with pytest itself; a test holds the two together.
"""

from __future__ import annotations

import contextlib
import inspect
import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from scimcheck.checks.findings import Blocked, ConformanceFailure, Finding, NotApplicable, Verdict
from scimcheck.entra.dialect import Dialect
from scimcheck.harness.judge import Judge
from scimcheck.harness.mark import DEPTHS, CheckInfo
from scimcheck.harness.target import Target
from scimcheck.plugin import build, wire
from scimcheck.plugin.options import RunConfig
from scimcheck.plugin.session import check_name, dialect_of, info_of, subject_of
from scimcheck.plugin.state import RunState
from scimcheck.requirements.catalogue import load
from scimcheck.requirements.model import Level
from scimcheck.resources import bundled
from tests.meta.affected import EVERYDAY, judged_by_rules
from tests.meta.certify import SEED


@dataclass(frozen=True, slots=True)
class Bench:
    """A run's findings, root causes completed."""

    findings: tuple[Finding, ...]
    exchanges: int

    def having(self, *verdicts: Verdict) -> frozenset[str]:
        """Requirements whose worst verdict is one of these."""
        worst: dict[str, list[Verdict]] = {}
        for finding in self.findings:
            worst.setdefault(finding.requirement, []).append(finding.verdict)
        return frozenset(name for name, found in worst.items() if Verdict.worst(found) in verdicts)

    @property
    def red(self) -> frozenset[str]:
        """Requirements that failed or, being recommendations, became advisories."""
        return self.having(Verdict.FAILED, Verdict.ADVISORY)

    def explain(self, *verdicts: Verdict) -> str:
        """The findings with these verdicts, a line each."""
        return "\n".join(
            f"{f.verdict.value}: {f.requirement} [{f.subject}] {f.check}: expected {f.expected}; observed {f.observed}"
            for f in self.findings
            if f.verdict in verdicts
        )


class _Collector:
    """Keeps what pytest collected."""

    def __init__(self) -> None:
        self.items: list[pytest.Function] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Take the items."""
        self.items = [item for item in session.items if isinstance(item, pytest.Function)]


@cache
def collected() -> tuple[tuple[pytest.Function, CheckInfo, str], ...]:
    """Every check of the suites, parametrised for the plain provider, with what it is marked with and its name."""
    collector = _Collector()
    arguments = ["--scim", "--scim-report=none", "--scim-json=none", "--scim-depth=deep", "--collect-only", "-q"]
    arguments += [f"--scim-select={','.join(level.value for level in Level)},gallery"]
    arguments += ["-c", "/dev/null", f"--rootdir={bundled('suites')}", "-p", "no:cacheprovider", "--capture=no"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = pytest.main([*arguments, "-W", "ignore", str(bundled("suites"))], plugins=[collector])
    assert code == pytest.ExitCode.OK, f"the suites could not be collected: {code!r}"
    marked = ((item, info_of(item)) for item in collector.items)
    return tuple((item, info, check_name(item)) for item, info in marked if info is not None)


def run(
    names: Sequence[str],
    requirements: Collection[str] | None = None,
    *,
    depth: str = "standard",
    besides: Collection[str] = (),
) -> Bench:
    """Run the checks that judge any of ``requirements`` (all by default) against a provider with these names.

    For requirements that exchange rules judge, the everyday checks run as well, so that there is something to judge.
    ``besides`` are the names of checks that run in any case.
    """
    config = RunConfig(profile=tuple(names), seed=SEED, depth=depth)
    state = RunState(config, "meta")
    state.target = build.target(config, state.prefix)
    with state.target.session.purpose("check"):
        for item, info, name in collected():
            wanted = name in besides or _concerned(name, info, requirements, depth)
            if wanted and _tried(item, info, depth, state.target):
                state.results.findings += _judged(item, info, name, state.target)
    wire.settle(state, wire.conclude(state, load()))
    return Bench(tuple(wire.with_root_causes(state.results.findings, load())), state.results.exchange_count)


def target(names: Sequence[str]) -> Target:
    """The target of a run against a provider with these names, nothing done to it yet."""
    config = RunConfig(profile=tuple(names), seed=SEED)
    return build.target(config, RunState(config, "meta").prefix)


def _concerned(name: str, info: CheckInfo, requirements: Collection[str] | None, depth: str) -> bool:
    if DEPTHS.index(info.depth) > DEPTHS.index(depth):
        return False
    if requirements is None:
        return not info.on_request
    if not set(info.requirements).isdisjoint(requirements):
        return True
    everyday = name.partition("::")[0] in EVERYDAY
    return everyday and not judged_by_rules().isdisjoint(requirements)


def _tried(item: pytest.Function, info: CheckInfo, depth: str, target: Target) -> bool:
    """Whether a run of that depth tries the check with the resource type that it is parametrised with, if any."""
    name = getattr(getattr(item, "callspec", None), "params", {}).get("model")
    return name is None or name in info.tried_with(depth, [model.name for model in target.models], target.primary.name)


def _judged(item: pytest.Function, info: CheckInfo, name: str, target: Target) -> list[Finding]:
    judge = Judge(load(), info.requirements, check=name, subject=subject_of(item), dialect=dialect_of(item))
    try:
        with target.session.check(judge.check), ExitStack() as stack:
            _call(item, info, target, judge, stack)
            judge.finish()
    except (ConformanceFailure, Blocked, NotApplicable, Exception) as error:
        if not _settled(judge, error):
            judge.finish(error)
    target.spares.end(judge.check, well=judge.content)
    return judge.findings


def _settled(judge: Judge, error: BaseException) -> bool:
    """Whether the judge closed its books itself."""
    return isinstance(error, ConformanceFailure) and {f.requirement for f in judge.findings} >= set(judge.requirements)


def _call(item: pytest.Function, info: CheckInfo, target: Target, judge: Judge, stack: ExitStack) -> None:
    parameters: dict[str, Any] = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    known: dict[str, Any] = {"scim": target, "judge": judge, **parameters}
    if "model" in parameters:
        known["model"] = target.model(parameters["model"])
        if known["model"] is None:
            raise NotApplicable("the provider has no such resource type")
    if "dialect" in parameters:
        known["dialect"] = Dialect(parameters["dialect"])
    for need in info.needs:
        target.capabilities.demand(need, known.get("model"))
    names = inspect.signature(item.obj).parameters
    item.obj(**{name: _fixture(item, name, known, stack) for name in names})


def _fixture(item: pytest.Function, name: str, known: dict[str, Any], stack: ExitStack) -> Any:
    """The value of a fixture, made by its own function, once for a check."""
    if name not in known:
        definition = item._fixtureinfo.name2fixturedefs[name][-1]
        made = definition.func(**{each: _fixture(item, each, known, stack) for each in definition.argnames})
        known[name] = stack.enter_context(_as_context(made)) if inspect.isgenerator(made) else made
    return known[name]


@contextlib.contextmanager
def _as_context(generator: Iterator[Any]) -> Iterator[Any]:
    yield next(generator)
    next(generator, None)

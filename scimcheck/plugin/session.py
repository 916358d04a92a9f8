"""The pytest hooks of a run, in whichever process they are called: alone, as xdist controller or as xdist worker."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from scimcheck.checks.findings import Blocked, ConformanceFailure, Finding, NotApplicable
from scimcheck.client.exchange import Exchange
from scimcheck.client.preflight import preflight
from scimcheck.core.errors import UsageError
from scimcheck.harness import census
from scimcheck.harness.bulking import job_size
from scimcheck.harness.cleanup import clean_up, delete_paths
from scimcheck.harness.judge import Judge
from scimcheck.harness.ledger import read_ledger
from scimcheck.harness.mark import CheckInfo
from scimcheck.harness.target import Target
from scimcheck.plugin import build, options, output, selection, wire
from scimcheck.plugin.options import RunConfig
from scimcheck.plugin.state import RunState
from scimcheck.requirements.catalogue import load

JUDGE = pytest.StashKey[Judge]()
REASON = pytest.StashKey["Blocked | NotApplicable"]()

#: Where the ledgers of network runs lie until their resources are gone, below the current folder.
LEDGERS = Path(".scimcheck")


def info_of(item: pytest.Item) -> CheckInfo | None:
    """What the item's ``@check`` declares, or ``None`` for a test that is no check."""
    marker = item.get_closest_marker("scim")
    return marker.args[0] if marker and marker.args else None


class ScimSession:
    """The plugin object of one process."""

    def __init__(self, config: pytest.Config, state: RunState, *, controller: bool) -> None:
        self.pytest_config = config
        self.state = state
        self.controller = controller
        self.catalogue = load()

    @classmethod
    def begin(cls, config: pytest.Config) -> ScimSession:
        """Read the options, make sure the target is there, discover it, count what it holds; UsageError otherwise."""
        run = options.read(config)
        given = getattr(config, "workerinput", {}).get("scimcheck")
        worker = getattr(config, "workerinput", {}).get("workerid", "")
        if given:
            shared = json.loads(given)
            run = options.with_seed(run, shared["seed"])
            state = RunState(run, shared["run_id"], worker)
        else:
            state = RunState(run, uuid4().hex[:8])
        distributed = not given and bool(
            getattr(config.option, "dist", "no") != "no" and getattr(config.option, "tx", None)
        )
        session = cls(config, state, controller=distributed)
        session._open()
        if config.option.tbstyle == "auto":
            # What a failed check has to say is in our own text; long tracebacks take longer than the checks.
            config.option.tbstyle = "short"
        if not given and not config.option.collectonly:
            output.prepare(config, state, session.catalogue)
        return session

    @property
    def target(self) -> Target:
        """The target of this process."""
        if self.state.target is None:
            raise UsageError("the run has no target")
        return self.state.target

    @property
    def run(self) -> RunConfig:
        """The configuration."""
        return self.state.config

    def _open(self) -> None:
        state = self.state
        if not self.run.in_process and not state.worker:
            with build.session(self.run) as visitor:
                greeting = preflight(visitor)
            if not greeting.ok:
                raise UsageError(greeting.line)
        ledger = LEDGERS / f"{state.run_id}{'-' + state.worker if state.worker else ''}.jsonl"
        state.target = build.target(self.run, state.prefix, worker=state.worker, ledger_file=ledger)
        base = self.target.session.base
        state.host = "reference" if self.run.in_process else base.origin.partition("://")[2]
        state.description = "in-process reference provider"
        if not self.run.in_process:
            state.description = self.target.session.redactor.url(str(base))
        if self._counts:
            state.results.before = census.take(self.target.session, self._endpoints)

    @property
    def _counts(self) -> bool:
        """Whether this process takes the census: the one that alone sees the target, or the controller."""
        return not self.controller if self.run.in_process else not self.state.worker

    @property
    def _endpoints(self) -> list[str]:
        return [model.endpoint for model in self.target.models]

    # Collection -----------------------------------------------------------------------------------------------

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a check once for each resource type or dialect when it asks for ``model`` or ``dialect``."""
        if "model" in metafunc.fixturenames and "model" not in _parametrized(metafunc):
            names = [model.name for model in self.target.models]
            info = info_of(metafunc.definition)
            if info is not None:
                names = info.tried_with(self.run.depth, names, self.target.primary.name)
            metafunc.parametrize("model", names, indirect=True)
        if "dialect" in metafunc.fixturenames and "dialect" not in _parametrized(metafunc):
            metafunc.parametrize("dialect", self.run.dialects, indirect=True)

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep the checks that the options select."""
        kept = [item for item in items if selection.selected(item.nodeid, info_of(item), self.run, self.catalogue)]
        if len(kept) < len(items):
            config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
            items[:] = kept

    # One check ------------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Appoint the judge, and end here when the target lacks what the check needs."""
        info = info_of(item)
        if info is None:
            return
        item.stash[JUDGE] = Judge(
            self.catalogue,
            info.requirements,
            check=check_name(item),
            subject=subject_of(item),
            strict=self.run.strict,
            dialect=dialect_of(item),
        )
        try:
            self._demand(item, info)
        except (Blocked, NotApplicable) as reason:
            raise _skipped(item, reason) from None

    def _demand(self, item: pytest.Item, info: CheckInfo) -> None:
        """Return when the target has what the check needs."""
        if info.writes and self.run.read_only:
            raise NotApplicable("the run is read-only")
        parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
        model = self.target.model(parameters["model"]) if "model" in parameters else None
        for need in info.needs:
            self.target.capabilities.demand(need, model)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, request: pytest.FixtureRequest) -> Generator[None, Any, None]:
        """A fixture that cannot be had (no user can be created) ends its check, not the run."""
        outcome = yield
        error = outcome.excinfo[1] if outcome.excinfo else None
        if isinstance(error, (Blocked, NotApplicable)) and isinstance(request.node, pytest.Item):
            _force(outcome, _skipped(request.node, error))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, Any, None]:
        """After a check that ended normally, close its books: failed requirements fail the test here."""
        outcome = yield
        judge = pyfuncitem.stash.get(JUDGE, None)
        error = outcome.excinfo[1] if outcome.excinfo else None
        if isinstance(error, (Blocked, NotApplicable)):
            _force(outcome, _skipped(pyfuncitem, error))
        elif judge is not None and error is None:
            try:
                judge.finish()
            except (ConformanceFailure, LookupError) as failure:
                _force(outcome, failure)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
        """Hang findings and evidence on the report, which is what travels from a worker to the controller."""
        outcome = yield
        report: pytest.TestReport = outcome.get_result()
        judge = item.stash.get(JUDGE, None)
        if judge is None or call.when == "teardown":
            return
        error = item.stash.get(REASON, call.excinfo.value) if call.excinfo else None
        if error is not None and not _closed(judge, error):
            judge.finish(error)
        if error is not None or call.when == "call":
            output.shape_report(report, item, judge, error, self.state)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect what the reports bring, wherever their checks ran."""
        brought = getattr(report, "scim", None)
        if brought and not self.state.worker:
            self.state.results.add(
                (Finding.from_json(item) for item in brought["findings"]),
                (Exchange.from_json(item) for item in brought["exchanges"]),
            )

    # xdist ----------------------------------------------------------------------------------------------------

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker which run it belongs to."""
        self.state.workers += 1
        node.workerinput["scimcheck"] = json.dumps({"run_id": self.state.run_id, "seed": self.run.seed})

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take in what a worker leaves: rules, probes, clean-up, census."""
        left = getattr(node, "workeroutput", {}).get("scimcheck")
        if left:
            wire.take_in(self.state.results, json.loads(left))
        elif error:
            self.state.results.notes.append(f"worker {node.gateway.id} died; its exchange rules were not judged")

    # The end --------------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Judge the exchange rules, clean up, count again; in the process that reports, write the record.

        First of all plugins, because pytest-html writes its file in the same hook.
        """
        if self.state.closed:
            return
        self.state.closed = True
        mine = wire.conclude(self.state, self.catalogue)
        if not self.run.read_only:
            self._clean_up()
        if self._counts:
            self.state.results.after = census.take(self.target.session, self._endpoints)
        wire.settle(self.state, mine)
        if self.state.worker:
            self.pytest_config.workeroutput["scimcheck"] = json.dumps(wire.leave(self.state))  # type: ignore[attr-defined]
            return
        output.write(session, self.state)

    def _clean_up(self) -> None:
        results, target = self.state.results, self.target
        results.ours |= set(target.ledger.alive)
        results.left += clean_up(target.session, target.ledger, target.models, self.state.prefix, job=job_size(target))
        results.created += target.ledger.created
        results.deleted += target.ledger.deleted
        self._finish_for_dead_workers()

    def _finish_for_dead_workers(self) -> None:
        """Delete what workers left that did not live to do it themselves."""
        if self.controller and not self.run.in_process and not self.run.read_only:
            for file in sorted(LEDGERS.glob(f"{self.state.run_id}-*.jsonl")):
                self.state.results.left += delete_paths(self.target.session, self.target.ledger, read_ledger(file))
                file.unlink()
        if LEDGERS.is_dir() and not any(LEDGERS.iterdir()):
            LEDGERS.rmdir()

    def pytest_unconfigure(self) -> None:
        """After an interruption workers die later than the session: look for their leftovers once more."""
        if not self.state.worker:
            self._finish_for_dead_workers()
        self.target.session.close()

    def pytest_report_header(self) -> list[str]:
        """Say what is tested and how to repeat it."""
        return output.header(self.state)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Show blocked, not applicable, advisory and error beside passed and failed."""
        return output.status(report)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The verdict, for people."""
        output.summary(terminalreporter, self.state, self.catalogue)


def _parametrized(metafunc: pytest.Metafunc) -> set[str]:
    names: set[str] = set()
    for marker in metafunc.definition.iter_markers("parametrize"):
        given = marker.args[0]
        names |= {name.strip() for name in given.split(",")} if isinstance(given, str) else set(given)
    return names


def _force(outcome: Any, error: BaseException) -> None:
    """Replace what a hook call ended with (``force_exception``, where pluggy is not too old to have it)."""
    if hasattr(outcome, "force_exception"):
        outcome.force_exception(error)
    else:
        outcome._result, outcome._exception = None, error


def _skipped(item: pytest.Item, reason: Blocked | NotApplicable) -> BaseException:
    """pytest's own way of ending a test, which spares it the picture of a traceback; the reason is kept for us."""
    item.stash[REASON] = reason
    return pytest.skip.Exception(str(reason), _use_item_location=True)


def _closed(judge: Judge, error: BaseException) -> bool:
    """Whether the books were closed by ``finish``, whose own exception this is."""
    if isinstance(error, LookupError) and "marked with" in str(error):
        return True
    return isinstance(error, ConformanceFailure) and {f.requirement for f in judge.findings} >= set(judge.requirements)


def check_name(item: pytest.Item) -> str:
    """``rfc7644/test_s3_3_create.py::test_…``, the same in a checkout and from a wheel."""
    parts = item.path.parts
    start = len(parts) - parts[::-1].index("suites") if "suites" in parts else len(parts) - 1
    return f"{'/'.join(parts[start:])}::{item.name.split('[')[0]}"


def dialect_of(item: pytest.Item) -> str:
    """The Entra dialect that the check speaks in, if it is parametrised with one."""
    return str(getattr(getattr(item, "callspec", None), "params", {}).get("dialect", ""))


def subject_of(item: pytest.Item) -> str:
    """What the check is parametrised with: a resource type, a dialect, a case."""
    callspec = getattr(item, "callspec", None)
    return str(callspec.id) if callspec else ""

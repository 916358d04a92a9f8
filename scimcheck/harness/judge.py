"""The judge of one check: collects what holds and what does not, requirement by requirement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from scimcheck.checks.findings import Blocked, ConformanceFailure, Finding, NotApplicable, Verdict
from scimcheck.client.exchange import Exchange
from scimcheck.requirements.model import Level, Requirement

_BROKEN = (Verdict.FAILED, Verdict.ERROR, Verdict.BLOCKED)

#: Longest value shown in an observation, in characters.
SHOWN = 400


def show(value: Any) -> str:
    """A value as a short text for ``expected`` and ``observed``."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


class Judge:
    """Collects the findings of one check run. Every requirement the check is marked with has to be judged."""

    def __init__(
        self,
        catalogue: Mapping[str, Requirement],
        requirements: Sequence[str],
        *,
        check: str = "",
        subject: str = "",
        strict: bool = False,
        dialect: str = "",
    ) -> None:
        self.catalogue = catalogue
        self.requirements = tuple(requirements)
        self.check = check
        self.subject = subject
        self.strict = strict
        self.dialect = dialect
        #: Words a reason why something does not apply, when there is more to say than the check knows.
        self.remark: Callable[[str], str] = str
        self.findings: list[Finding] = []
        self._judged: dict[str, tuple[str, ...]] = {}

    @property
    def content(self) -> bool:
        """Whether nothing has turned out to be broken so far."""
        return not any(finding.verdict in _BROKEN for finding in self.findings)

    def expect(
        self,
        requirement: str,
        condition: object,
        *,
        expected: Any,
        observed: Any,
        at: Exchange | Iterable[Exchange] = (),
        hint: str = "",
        subject: str = "",
    ) -> bool:
        """Record whether ``condition`` holds for the requirement and go on; returns the condition.

        ``expected`` and ``observed`` are for people; ``at`` are the exchanges that prove it, in order.
        """
        exchanges = _ids(at)
        self._touch(requirement, exchanges)
        if not condition:
            self._add(requirement, self.verdict_of(requirement), expected, observed, exchanges, hint, subject)
        return bool(condition)

    def demand(self, requirement: str, condition: object, **evidence: Any) -> None:
        """Like :meth:`expect`, but end the check when the condition does not hold: what is left is blocked by it."""
        if not self.expect(requirement, condition, **evidence):
            raise ConformanceFailure(self.findings[-1:])

    def status(
        self, requirement: str, exchange: Exchange, *allowed: int, also: Iterable[Exchange] = (), hint: str = ""
    ) -> bool:
        """Expect one of the given statuses."""
        return self.expect(
            requirement,
            exchange.status in allowed,
            expected=" or ".join(f"{status}" for status in allowed),
            observed=exchange.summary(),
            at=(*also, exchange),
            hint=hint,
        )

    def advise(
        self,
        requirement: str,
        *,
        expected: Any,
        observed: Any,
        at: Exchange | Iterable[Exchange] = (),
        hint: str = "",
    ) -> None:
        """Record a deviation that a listed reading tolerates: an advisory whatever the requirement's level."""
        exchanges = _ids(at)
        self._touch(requirement, exchanges)
        self._add(requirement, Verdict.ADVISORY, expected, observed, exchanges, hint, "")

    def note(self, requirement: str, observed: Any, *, at: Exchange | Iterable[Exchange] = (), hint: str = "") -> None:
        """Record that the requirement holds, with what was observed in words and perhaps a remark."""
        exchanges = _ids(at)
        self._touch(requirement, exchanges)
        self._add(requirement, Verdict.PASSED, "", observed, exchanges, hint, "")

    def skip(self, requirement: str, reason: str) -> None:
        """Say that one requirement of this check cannot apply here (an attribute is missing, a feature is absent)."""
        self._touch(requirement, ())
        self._add(requirement, Verdict.NOT_APPLICABLE, "", self.remark(reason), (), "", "")

    def not_applicable(self, reason: str) -> NoReturn:
        """End the check: what it has not judged yet does not apply to this target."""
        raise NotApplicable(self.remark(reason))

    def blocked(self, by: str, reason: str) -> NoReturn:
        """End the check: what it has not judged yet cannot be judged because requirement ``by`` is broken."""
        raise Blocked(by, reason)

    def verdict_of(self, requirement: str) -> Verdict:
        """What breaking the requirement amounts to: SHOULD is an advisory unless the run is strict, MAY always."""
        level = self.catalogue[requirement].level
        if level.fails or (self.strict and level in (Level.SHOULD, Level.SHOULD_NOT)):
            return Verdict.FAILED
        return Verdict.ADVISORY

    def finish(self, ended: BaseException | None = None) -> None:
        """Close the books: passed, blocked and not applicable for what has no other finding.

        ``ended`` is the exception that ended the check, if any. Raises ConformanceFailure when something failed and the
        check ended normally, and LookupError when it left a requirement unjudged.
        """
        settled = {finding.requirement for finding in self.findings}
        unjudged = [name for name in self.requirements if name not in self._judged]
        for name in self._judged:
            if name not in settled:
                self._add(name, Verdict.PASSED, "", "", self._judged[name], "", "")
        self._settle(unjudged, ended)
        if ended is None:
            if unjudged:
                raise LookupError(f"the check did not judge {', '.join(unjudged)}, which it is marked with")
            failed = [finding for finding in self.findings if finding.verdict is Verdict.FAILED]
            if failed:
                raise ConformanceFailure(failed)

    def _settle(self, unjudged: Iterable[str], ended: BaseException | None) -> None:
        for name in unjudged:
            if isinstance(ended, ConformanceFailure):
                cause = ended.findings[0].requirement
                self._block(name, cause, f"the check ended at {cause}")
            elif isinstance(ended, Blocked):
                self._block(name, ended.blocked_by, ended.reason)
            elif isinstance(ended, NotApplicable):
                self._add(name, Verdict.NOT_APPLICABLE, "", ended.reason, (), "", "")
            elif ended is not None:
                text = " ".join(str(ended).split()) or type(ended).__name__
                self._add(name, Verdict.ERROR, "a usable answer", f"{type(ended).__name__}: {text}", (), "", "")

    def _block(self, requirement: str, by: str, reason: str) -> None:
        self.findings.append(
            Finding(
                requirement,
                Verdict.BLOCKED,
                self.check,
                self.subject,
                observed=show(reason),
                blocked_by=by,
                dialect=self.dialect,
            )
        )

    def _touch(self, requirement: str, exchanges: tuple[str, ...]) -> None:
        if requirement not in self.requirements:
            raise LookupError(f"the check is not marked with {requirement}")
        self._judged[requirement] = self._judged.get(requirement, ()) or exchanges

    def _add(
        self,
        requirement: str,
        verdict: Verdict,
        expected: Any,
        observed: Any,
        exchanges: tuple[str, ...],
        hint: str,
        subject: str,
    ) -> None:
        self.findings.append(
            Finding(
                requirement,
                verdict,
                self.check,
                subject or self.subject,
                show(expected),
                show(observed),
                exchanges,
                hint=hint,
                dialect=self.dialect,
            )
        )


def _ids(at: Exchange | Iterable[Exchange]) -> tuple[str, ...]:
    if isinstance(at, Exchange):
        return (at.id,)
    return tuple(exchange.id for exchange in at)

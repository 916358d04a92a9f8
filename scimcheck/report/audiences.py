"""Who may rely on the target: one verdict each for SCIM 2.0 and for Entra with its compatibility flag off and on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scimcheck.checks.findings import Verdict
from scimcheck.report.results import RequirementResult, is_entra, severity_rank
from scimcheck.requirements.model import Requirement

#: The Tenant-URL parameter that makes Entra speak RFC 7644.
FLAG = "?aadOptscim062020"

#: The audience of the gallery's validation, and the area of its requirements.
GALLERY = "gallery"

#: Audiences in order: (name, title, Entra dialect or "" for the RFCs).
_AUDIENCES = (
    ("scim", "SCIM 2.0 core", ""),
    ("entra-off", "Entra, compatibility flag off", "legacy"),
    ("entra-on", "Entra, compatibility flag on", "compliant"),
    (GALLERY, "Entra gallery pre-flight", ""),
)

#: What keeps an audience from passing, worst first.
_BLOCKING = (Verdict.FAILED, Verdict.ERROR, Verdict.BLOCKED)


@dataclass(frozen=True, slots=True)
class AudienceVerdict:
    """Whether one audience can rely on the target.

    ``name`` is ``scim``, ``entra-off``, ``entra-on`` or ``gallery``. ``counts`` has every verdict that requirements of
    the audience reached, recommendations included. ``blocking`` are the ids of binding ones that failed, errored or
    were blocked, worst first as in ``root_causes``. ``verdict`` is *not applicable* when the run judged nothing for
    this audience. ``sentence`` says it all in words; ``unjudged`` counts binding, testable requirements that no check
    of the run spoke of.
    """

    name: str
    title: str
    verdict: Verdict
    counts: Mapping[Verdict, int]
    blocking: tuple[str, ...]
    sentence: str
    unjudged: int = 0

    @property
    def passed(self) -> bool:
        """Whether the audience was judged and nothing stands in its way."""
        return self.verdict is Verdict.PASSED

    @property
    def word(self) -> str:
        """The verdict as people read it: *not judged* where no check spoke, apart from *not applicable*."""
        return self.verdict.value if self.counts else "not judged"


def audience_names(requirement: Requirement) -> tuple[str, ...]:
    """The names of the audiences that a requirement counts for; none for one of unknown origin."""
    if requirement.area == GALLERY:
        return (GALLERY,)
    if is_entra(requirement):
        dialect = requirement.dialect
        return tuple(name for name, _, spoken in _AUDIENCES if spoken and dialect in ("any", spoken))
    return ("scim",) if requirement.document or requirement.id.startswith("RFC") else ()


def audiences(results: Iterable[RequirementResult], dialects: Sequence[str]) -> tuple[AudienceVerdict, ...]:
    """The verdicts for SCIM 2.0 core, Entra with the flag off, and Entra with the flag on, in this order.

    ``dialects`` are those replayed, ``legacy`` (flag off) and ``compliant`` (flag on); an audience whose dialect is not
    among them was not judged.
    """
    everything = tuple(results)
    blocks = Counter(cause for result in everything for cause in result.blocked_by)
    return tuple(
        _audience(
            name, title, [_spoken(r, dialect) for r in everything if name in audience_names(r.requirement)], blocks
        )
        if not dialect or dialect in dialects
        else AudienceVerdict(name, title, Verdict.NOT_APPLICABLE, {}, (), "Not replayed in this run.")
        for name, title, dialect in _AUDIENCES
    )


def _spoken(result: RequirementResult, dialect: str) -> RequirementResult:
    """The result as one dialect sees it: what was found while speaking the other one does not count."""
    findings = tuple(finding for finding in result.findings if finding.dialect in ("", dialect))
    if not dialect or len(findings) == len(result.findings):
        return result
    return replace(result, findings=findings, verdict=Verdict.worst(finding.verdict for finding in findings))


def _audience(
    name: str, title: str, results: Sequence[RequirementResult], blocks: Mapping[str, int]
) -> AudienceVerdict:
    judged = [result for result in results if result.judged]
    counts = Counter(result.verdict for result in judged)
    blocking = sorted(
        filter(_blocks, judged),
        key=lambda result: (
            _BLOCKING.index(result.verdict),
            -blocks.get(result.requirement.id, 0),
            severity_rank(result.requirement),
        ),
    )
    unjudged = sum(not r.judged and r.requirement.testable and r.requirement.level.fails for r in results)
    verdict = _verdict(blocking, counts)
    made = AudienceVerdict(
        name=name,
        title=title,
        verdict=verdict,
        counts={kind: counts[kind] for kind in Verdict if counts[kind]},
        blocking=tuple(result.requirement.id for result in blocking),
        sentence=_sentence(verdict, counts, Counter(result.verdict for result in blocking), unjudged),
        unjudged=unjudged,
    )
    return _of_gallery(made, results) if name == GALLERY else made


def _of_gallery(made: AudienceVerdict, results: Sequence[RequirementResult]) -> AudienceVerdict:
    """The gallery's verdict: nobody has passed before every test has run, or was skipped by the gallery's own rules."""
    if not made.counts:
        return replace(made, sentence="Not run: it takes --scim-select gallery.")
    unrun = sum(not _ran(result) for result in results)
    if not unrun or not made.passed:
        return made
    return replace(
        made, verdict=Verdict.NOT_APPLICABLE, sentence=f"No verdict: {unrun} of {len(results)} tests did not run."
    )


def _ran(result: RequirementResult) -> bool:
    skipped = any(reason.startswith("SKIPPED") for reason in result.reasons)
    return result.judged and (result.verdict is not Verdict.NOT_APPLICABLE or skipped)


def _blocks(result: RequirementResult) -> bool:
    """Whether a result keeps its audience from passing: recommendations do so only where a strict run failed them."""
    return result.verdict is Verdict.FAILED or (result.verdict in _BLOCKING and result.requirement.level.fails)


def _verdict(blocking: Sequence[RequirementResult], counts: Mapping[Verdict, int]) -> Verdict:
    if blocking:
        return blocking[0].verdict
    judged = counts.get(Verdict.PASSED) or counts.get(Verdict.ADVISORY)
    return Verdict.PASSED if judged else Verdict.NOT_APPLICABLE


def _sentence(verdict: Verdict, counts: Mapping[Verdict, int], blocking: Mapping[Verdict, int], unjudged: int) -> str:
    """The verdict in words, with what it does not cover: a run of a few checks must not read like a certificate."""
    if verdict is Verdict.NOT_APPLICABLE:
        return "Nothing that counts for it was judged in this run."
    besides = [f"{unjudged} not judged in this run"] if unjudged else []
    if verdict is Verdict.PASSED:
        if counts.get(Verdict.ADVISORY):
            besides.insert(0, f"{counts[Verdict.ADVISORY]} to consider")
        return "; ".join(["Everything judged holds", *besides]) + "."
    words = {Verdict.FAILED: "broken", Verdict.ERROR: "without usable answer", Verdict.BLOCKED: "blocked by others"}
    return "; ".join([f"{blocking[kind]} {word}" for kind, word in words.items() if blocking.get(kind)] + besides) + "."


def entra_advice(verdicts: Iterable[AudienceVerdict]) -> str:
    """The one sentence a vendor wants: whether the Tenant URL should carry ``?aadOptscim062020``."""
    by_name = {verdict.name: verdict for verdict in verdicts}
    off, on = by_name["entra-off"], by_name["entra-on"]
    if any(each.passed and each.unjudged > sum(each.counts.values()) for each in (off, on)):
        return "Too little of what Entra needs was judged in this run to say anything of its flag."
    if off.passed and on.passed:
        return f"Either works: the Tenant URL may carry {FLAG} or not."
    if on.passed:
        return f"Use {FLAG}: Entra works with the flag on" + _otherwise(off, "off") + _demand_note(off)
    if off.passed:
        return f"Do not use {FLAG}: Entra works with the flag off" + _otherwise(on, "on") + _demand_note(on)
    if off.verdict is on.verdict is Verdict.NOT_APPLICABLE:
        return "Entra was not judged in this run."
    return _neither(off, on)


def _otherwise(other: AudienceVerdict, flag: str) -> str:
    if other.verdict is Verdict.NOT_APPLICABLE:
        return f"; flag {flag} was not judged in this run."
    return f"; with the flag {flag} it stumbles over {few(other.blocking)}."


def _demand_note(other: AudienceVerdict) -> str:
    """Provision on demand ignores the flag, so the dialect that stumbles is seen now and then all the same."""
    if other.verdict is Verdict.NOT_APPLICABLE or other.name != "entra-off":
        return ""
    return " Provision on demand ignores the flag and will stumble all the same."


def _neither(off: AudienceVerdict, on: AudienceVerdict) -> str:
    judged = [verdict for verdict in (off, on) if verdict.verdict is not Verdict.NOT_APPLICABLE]
    if len(judged) == 1:
        flag = "off" if judged[0] is off else "on"
        return f"Entra with the flag {flag} does not work yet: {few(judged[0].blocking)}. The other was not judged."
    shared = tuple(name for name in off.blocking if name in on.blocking)
    if shared:
        return f"Neither works yet: both stumble over {few(shared)}."
    return f"Neither works yet: flag off stumbles over {few(off.blocking)}, flag on over {few(on.blocking)}."


def few(names: Sequence[str], limit: int = 3) -> str:
    """The first names, and how many there are besides."""
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more} more" if more > 0 else "")

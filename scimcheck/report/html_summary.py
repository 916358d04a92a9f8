"""The top of the report: who may rely on the target, what to fix first, what the run left behind, how it was run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scimcheck.report.html_parts import badge, row_link, row_links, slug
from scimcheck.report.markup import Content, Html, details, element, facts, joined, table
from scimcheck.report.model import Census, RunRecord
from scimcheck.report.verdicts import AudienceVerdict, RequirementResult, RootCause, entra_advice, root_causes
from scimcheck.report.wording import census_sentences, consequence, counted, duration_text, observed_text

#: Root causes listed at the top; the table has all.
SHOWN_CAUSES = 8


def head(record: RunRecord) -> Html:
    """What was run against what."""
    info = record.info
    words = [
        info.started,
        f"{counted(record.exchange_count, 'exchange')} in {duration_text(info.duration)}",
        f"seed {info.seed}",
        f"depth {info.depth}",
        f"scimcheck {info.version}",
    ]
    profile = element("span", f" with {info.profile}", class_="note") if info.profile else None
    return element(
        "header",
        element("p", element("strong", info.target, class_="target"), profile),
        element("p", " · ".join(words), class_="note"),
        [element("p", "Note: ", note, class_="callout") for note in _notes(record)],
        class_="head",
    )


def _notes(record: RunRecord) -> list[str]:
    """The notes of the run; curl lines against the in-process provider need a word on where it listens."""
    if not record.info.target.startswith("in-process"):
        return list(record.notes)
    return [
        *record.notes,
        "The in-process provider has no address of its own. To repeat a curl line, start scimcheck serve and put the "
        "address it prints in place of the base URL.",
    ]


def audience_cards(audiences: Sequence[AudienceVerdict]) -> Html:
    """A card per audience and the advice on the flag below them."""
    advice = element("p", entra_advice(audiences), class_="callout advice") if audiences else None
    return element(
        "section",
        element("h2", "Who can rely on it"),
        element("div", *map(_card, audiences), class_="cards"),
        advice,
        class_="audiences",
    )


def _card(audience: AudienceVerdict) -> Html:
    return element(
        "article",
        element("h3", audience.title),
        element("p", badge(audience.word), class_="verdict"),
        _bar(audience),
        element("p", audience.sentence),
        element("p", row_links(audience.blocking, 6), class_="ids") if audience.blocking else None,
        class_=f"card {slug(audience.word)}",
    )


def _bar(audience: AudienceVerdict) -> Html | None:
    """The share of each verdict as a bar; the legend below says the same in words."""
    if not audience.counts:
        return None
    parts = [
        element("span", class_=slug(verdict.value), style=f"flex-grow:{count}")
        for verdict, count in audience.counts.items()
    ]
    legend = " · ".join(f"{count:,} {verdict.value}" for verdict, count in audience.counts.items())
    return joined(element("div", *parts, class_="bar", aria_hidden="true"), element("p", legend, class_="note"))


def causes_list(results: Iterable[RequirementResult]) -> Html | None:
    """What to fix first, worst first; None when nothing is broken."""
    causes = root_causes(results)
    if not causes:
        return None
    more = len(causes) - SHOWN_CAUSES
    return element(
        "section",
        element("h2", "What to fix first"),
        element("ol", *map(_cause, causes[:SHOWN_CAUSES]), class_="causes"),
        element("p", f"… and {more} more in the table below.", class_="note") if more > 0 else None,
    )


def _cause(cause: RootCause) -> Html:
    requirement, first = cause.requirement, cause.result.deciding[0]
    subject = element("span", first.subject, ": ", class_="note") if first.subject else None
    return element(
        "li",
        element(
            "p",
            badge(cause.result.verdict),
            " ",
            row_link(requirement.id),
            " ",
            element("span", requirement.level.value, class_="level"),
            element("span", f" blocks {counted(len(cause.blocks), 'other')}", class_="note") if cause.blocks else None,
        ),
        element("p", requirement.text, class_="demand"),
        facts(
            ("Also breaks", row_links(cause.companions)),
            ("Expected", [subject, first.expected] if first.expected else None),
            ("Observed", observed_text(first)),
            ("What Entra does", consequence(cause.result)),
            ("Fix", requirement.fix),
        ),
    )


def census_part(census: Census | None) -> Html | None:
    """Both proofs, and what contradicts them; None when no census was taken."""
    if census is None:
        return None
    proofs = zip((census.nothing_left, census.nothing_touched), census_sentences(census), strict=True)
    lists = (("Left behind", census.left), ("Changed", census.changed), ("Missing", census.missing))
    return element(
        "section",
        element("h2", "What the run left behind"),
        element("ul", *(element("li", _sign(holds), sentence) for holds, sentence in proofs), class_="proofs"),
        [_id_list(title, items) for title, items in lists if items],
        details("Counts before and after", _counts(census), class_="more") if census.before or census.after else None,
    )


def _sign(holds: bool) -> list[Content]:
    return [badge("passed" if holds else "failed", "clean" if holds else "not clean"), " "]


def _id_list(title: str, items: Sequence[str]) -> Html:
    rows = [element("li", element("code", item)) for item in items]
    return details(f"{title} ({len(items):,})", element("ul", *rows), class_="more", open=len(items) <= 10)


def _counts(census: Census) -> Html:
    names = list(dict.fromkeys((*census.before, *census.after)))
    rows = [(name, _number(census.before.get(name)), _number(census.after.get(name))) for name in names]
    return table("Resources before and after the run", ("Endpoint", "Before", "After"), rows)


def _number(value: int | None) -> str:
    return "not listed" if value is None else f"{value:,}"


def run_part(record: RunRecord) -> Html:
    """Capabilities, exchange rules and settings: what one looks up, so all closed."""
    return element(
        "section",
        element("h2", "About this run"),
        _capabilities(record),
        _rules(record),
        details("Settings", _settings(record), class_="more"),
    )


def _capabilities(record: RunRecord) -> Html | None:
    if not record.capabilities:
        return None
    contradicting = sum(capability.contradicts for capability in record.capabilities)
    states = {"works": "passed", "broken": "failed", "absent": "not applicable"}
    rows = [
        (
            capability.name,
            badge(states[capability.state], capability.state),
            {True: "yes", False: "no", None: "–"}[capability.advertised],
            capability.reason,
        )
        for capability in record.capabilities
    ]
    aside = f", {contradicting} not as advertised" if contradicting else ""
    columns = ("Capability", "Seen", "Advertised", "Reason")
    return details(f"Capabilities ({len(rows)}{aside})", table("Capabilities", columns, rows), class_="more")


def _rules(record: RunRecord) -> Html | None:
    if not record.rules:
        return None
    rows = [(r.name, row_links(r.requirements), f"{r.judged:,}", f"{r.broken:,}") for r in record.rules]
    broken = sum(rule.broken > 0 for rule in record.rules)
    columns = ("Rule", "Requirements", "Exchanges judged", "Broken by")
    title = f"Rules for every exchange ({len(rows)}, {broken} broken)"
    return details(title, table("Exchange rules", columns, rows), class_="more")


def _settings(record: RunRecord) -> Html | None:
    info = record.info
    flags = {"legacy": "flag off", "compliant": "flag on"}
    return facts(
        ("Started", info.started),
        ("Finished", info.finished),
        ("Python", info.python),
        ("Entra dialects", ", ".join(flags.get(dialect, dialect) for dialect in info.dialects)),
        ("Selection", ", ".join(info.selection)),
        ("Workers", str(info.workers) if info.workers else ""),
        *((name, str(value)) for name, value in info.options.items()),
    )

"""Judged requirements that do not apply to the reference provider as it is, and where each is seen kept.

A deep run of the plain provider finds all others kept, the 25 of the gallery on request; the table of
docs/reference-provider.md is made of what stands here (``test_meta_standing``). When checks were added,
``python -m tests.meta.standing`` writes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from scimcheck.harness.inventory import coverage

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference-provider.md"

#: Variants under which requirements apply and are kept. The long proof has the first three on together in one deep run.
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "cursor-pagination": (
        "RFC9865-2-01",
        "RFC9865-2-02",
        "RFC9865-2-03",
        "RFC9865-2-04",
        "RFC9865-2-05",
        "RFC9865-2-06",
        "RFC9865-2-07",
        "RFC9865-2-10",
        "RFC9865-2-11",
        "RFC9865-2-12",
        "RFC9865-2-14",
        "RFC9865-2-15",
        "RFC9865-2-16",
        "RFC9865-2-18",
        "RFC9865-2-19",
        "RFC9865-2-20",
        "RFC9865-2.1-01",
        "RFC9865-2.1-02",
        "RFC9865-2.1-04",
        "RFC9865-2.1-05",
        "RFC9865-2.2-01",
        "RFC9865-2.4-01",
        "RFC9865-2.4-02",
        "RFC9865-3-01",
        "RFC9865-4-02",
        "RFC9865-4-03",
        "RFC9865-4-04",
        "RFC9865-4-05",
        "RFC9865-4-06",
        "RFC9865-4-07",
        "RFC9865-5.2-02",
        "RFC9865-5.2-04",
        "RFC9865-5.2-05",
        "RFC9865-5.2-06",
    ),
    "me-is-a-user": ("RFC7644-3.11-03", "RFC7644-3.11-04", "RFC7644-3.11-05", "RFC7644-3.11-06"),
    "every-characteristic": (
        "RFC7643-2.3.3-01",
        "RFC7643-2.3.4-01",
        "RFC7643-2.3.5-02",
        "RFC7643-6-14",
        "RFC7643-7-27",
        "RFC7643-7-28",
        "RFC7643-7-34",
        "RFC7643-7-35",
        "RFC7643-7-39",
        "RFC7644-3.4.2.2-23",
        "RFC7644-3.5.1-05",
        "RFC7644-3.5.1-06",
        "RFC7644-3.5.1-07",
        "RFC7644-3.5.2-12",
        "RFC7644-3.5.2-13",
    ),
    "me-is-redirected": ("RFC7644-3.11-02", "RFC7644-3.12-07"),
    "relative-locations": ("RFC7643-2.3.7-02",),
    "members-without-display": ("RFC7643-2.4-10",),
    "common-attributes-listed": ("RFC7643-3.1-31",),
    "content-location-sent": ("RFC7643-3.1-26", "RFC9110-8.7-01"),
    "custom-extension": ("ENTRA-2.8-01", "ENTRA-2.8-02"),
    "throttled-now-and-then": ("ENTRA-2.3-02", "RFC9110-10.2.3-01"),
    "token-in-the-url": ("RFC6750-2.3-02",),
    "version-before-the-tenant": ("RFC7643-2.4-06", "RFC7644-3.13-02"),
    "version-in-the-base": ("RFC7644-3.13-01",),
}
#: What is seen of the rest, which no variant makes apply.
ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "tests/client looks at TLS, which a server in this process has none of": (
        "ENTRA-1.6-02",
        "ENTRA-1.6-03",
        "ENTRA-1.6-04",
        "ENTRA-1.6-05",
        "RFC7644-7.2-02",
    ),
    "the provider's base URL has no versions that could be unknown; deviations and tests of suites show the checks": (
        "RFC7644-3.12-25",
        "RFC7644-3.13-03",
    ),
    "the provider declares all that is meant; it is a remark on those that do not": ("ENTRA-3.6-08", "ENTRA-3.6-09"),
    "the provider gives every attribute a type; a deviation that leaves one out shows the check": ("RFC7643-2.2-07",),
    "the provider sends no cookies; deviations that do show the rules": (
        "RFC6750-5.2-03",
        "RFC7644-7.4-02",
        "RFC7644-7.4-04",
    ),
    "the provider has PATCH; a deviation that lacks it shows the check": ("RFC7644-3.5.2-01",),
}


@cache
def judged() -> dict[str, set[str]]:
    """The testable requirements that some check or rule judges, by document."""
    found = coverage()
    return {
        document: {item.id for item in group if item.testable and found.checks[item.id]}
        for document, group in found.catalogue.documents.items()
    }


def apart() -> frozenset[str]:
    """What a deep run of the plain provider does not find kept, because it does not apply there."""
    return frozenset(name for table in (VARIANTS, ELSEWHERE) for names in table.values() for name in names)


def standing_table() -> str:
    """The table of docs/reference-provider.md: by document, what is judged and how it is seen kept."""
    varied, elsewhere = ({name for names in table.values() for name in names} for table in (VARIANTS, ELSEWHERE))
    head = "| document | judged | kept as it is | kept by a variant | seen in another way |\n|---|---|---|---|---|\n"
    rows = {
        name: (len(names), len(names - varied - elsewhere), len(names & varied), len(names & elsewhere))
        for name, names in judged().items()
    }
    rows["**all**"] = tuple(map(sum, zip(*rows.values(), strict=True)))
    return head + "".join(f"| {name} | {' | '.join(map(str, figures))} |\n" for name, figures in rows.items())


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(
        re.sub(r"\| document \| judged .*?\n(?=\n)", standing_table(), text, flags=re.DOTALL), encoding="utf-8"
    )

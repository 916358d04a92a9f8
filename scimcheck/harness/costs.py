"""What the checks of the suites cost: requests that each sends, as measured on the reference provider."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from scimcheck.resources import bundled

#: Most requests that a run of the reference provider may take, by depth.
BUDGETS = {"quick": 400, "standard": 2900}

#: Share by which the requests of a whole run may differ from what was measured before the figures are outdated.
TOLERANCE = 0.1


@dataclass(frozen=True, slots=True)
class Costs:
    """Requests of whole runs by depth, and of each check by name.

    A check's number counts all resource types and dialects. What several checks share is on the account of the first;
    probes, discovery, census and clean-up are in the totals alone. Another target answers with more or fewer pages,
    and lacks what makes a check apply, so its numbers differ.
    """

    totals: Mapping[str, int]
    checks: Mapping[str, int]

    def told(self, check: str) -> str:
        """The cost of a check for people."""
        count = self.checks.get(check)
        return "not measured" if count is None else f"{count} request{'' if count == 1 else 's'}"


def load_costs() -> Costs:
    """The figures that came with this version."""
    data = json.loads((bundled("fixtures") / "costs.json").read_text(encoding="utf-8"))
    return Costs(data["totals"], data["checks"])


def outdated(costs: Costs, depth: str, total: int) -> str:
    """Why a run's total is out of bounds or the figures need to be measured again; empty when all is well."""
    budget = BUDGETS.get(depth)
    if budget is not None and total > budget:
        return f"a {depth} run takes {total} requests, {total - budget} more than it may"
    listed = costs.totals.get(depth)
    if listed is not None and abs(total - listed) > TOLERANCE * listed:
        return f"a {depth} run takes {total} requests instead of {listed}: run tools/measure_costs.py"
    return ""

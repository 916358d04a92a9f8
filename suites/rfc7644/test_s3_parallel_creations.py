"""RFC 7643 §3.1, RFC 7644 §3.1: creations at the same time are not mixed up. Changes: test_s3_parallel.py."""

from __future__ import annotations

from functools import partial

from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.parallel import at_once, parties
from scimcheck.harness.target import Target, ids

UNIQUE, SHOWN = "RFC7643-3.1-04", "RFC7644-3.1-04"


@check(UNIQUE, SHOWN, needs=("create", "read"))
def test_parallel_creations_are_told_apart(scim: Target, judge: Judge) -> None:
    """Resources that are created at the same time have ids of their own, and every answer shows the one it is for."""
    model = scim.primary
    name = attributes.naming(model)
    bodies = [scim.payload(model) for _ in range(parties(scim, 3, 12))]
    answers = at_once([partial(scim.post, model.endpoint, json=body) for body in bodies])
    made = [(body, answer) for body, answer in zip(bodies, answers, strict=True) if answer.ok and answer.body.get("id")]
    given = ids([answer.body for _, answer in made])
    judge.expect(
        UNIQUE,
        len(set(given)) == len(given),
        expected=f"{len(given)} ids for as many resources created at the same time",
        observed=f"{len(set(given))}: {', '.join(sorted(given))}",
        at=answers,
    )
    mixed = [answer for body, answer in made if not _is_named(answer.body.get(name), body.get(name))]
    judge.expect(
        SHOWN,
        not mixed,
        expected=f"answers with the {name} of their own requests",
        observed="; ".join(f"{answer.summary()} with {name} {answer.body.get(name)!r}" for answer in mixed),
        at=mixed or answers,
    )


def _is_named(shown: object, sent: object) -> bool:
    """Whether an answer shows the name that was sent, in any letter case, or none at all."""
    return shown is None or str(shown).lower() == str(sent).lower()

"""Changes of what is not there any more, and replacements with members that nobody knows."""

from __future__ import annotations

from scimcheck.core.resource import member
from scimcheck.harness import check
from scimcheck.harness.entra_search import users
from scimcheck.harness.judge import Judge
from scimcheck.harness.replay_values import need_texts, ops
from scimcheck.harness.target import Target

#: An attribute name with two letters exchanged.
MISSPELT = "dispalyName"


@check("ENTRA-4.7-05", needs=("User", "patch", "delete"))
def test_a_stale_link_is_told(scim: Target, judge: Judge) -> None:
    """A change of a user that never was, and of one that was deleted, is answered with 404."""
    model = users(scim, judge)
    (path,) = need_texts(judge, model)
    body = ops(("replace", path, scim.unique("stale")))
    judge.status("ENTRA-4.7-05", scim.patch(scim.unknown_id(model), json=body), 404)
    user = scim.some(model)
    gone = scim.delete(user.path)
    judge.status("ENTRA-4.7-05", scim.patch(user.path, json=body), 404, also=(user.exchange, gone))


@check("ENTRA-8.3-02", needs=("User", "put", "read"))
def test_a_replacement_with_a_misspelt_member_is_carried_out(scim: Target, judge: Judge) -> None:
    """PUT with a member that no schema knows answers 200, and the member does not come back."""
    user = scim.create(users(scim, judge))
    odd = scim.put(user.path, json={**user.sent, MISSPELT: "Nora"})
    if not odd.ok and not scim.put(user.path, json=user.sent).ok:
        judge.blocked("RFC7644-3.5.1-01", f"a replacement without the member fails as well: {odd.summary()}")
    read = scim.read(user)
    judge.expect(
        "ENTRA-8.3-02",
        odd.ok and member(read.body, MISSPELT) is None,
        expected=f"200, and no {MISSPELT} afterwards",
        observed=f"{odd.summary()}, then {MISSPELT} {member(read.body, MISSPELT)!r}",
        at=(user.exchange, odd, read),
    )

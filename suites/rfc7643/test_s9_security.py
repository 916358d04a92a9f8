"""RFC 7643 §9.2 and §9.3 as far as a client sees them: injected texts, and credentials of limited rights."""

from __future__ import annotations

from scimcheck.core.schema import ResourceModel
from scimcheck.harness import attributes, check
from scimcheck.harness.judge import Judge
from scimcheck.harness.representation import kept
from scimcheck.harness.target import Resource, Target, ids
from scimcheck.harness.trial import keeps_text, shared_out, stored, text_attributes

#: Texts that end a string, a statement or an expression in SQL, LDAP, JSON stores, templates and shells.
HOSTILE = (
    "x' OR '1'='1",
    "x'; DROP TABLE users; --",
    "*)(objectClass=*",
    '{"$gt": ""}',
    "${7*7}{{7*7}}",
    "x\\",
    "../../etc/passwd",
)


@check("RFC7643-9.2-02", needs=("create", "read"))
def test_hostile_texts_are_texts(scim: Target, judge: Judge) -> None:
    """A text with meta-characters is stored as it is, or refused; in a filter it matches nothing else."""
    model: ResourceModel = scim.primary
    chosen = text_attributes(model)[:4]
    if not chosen:
        judge.not_applicable(f"{model.name} has no free text attribute")
    by_name = {attribute.name: attribute for attribute in chosen}
    for values in shared_out(HOSTILE, chosen):
        for name, outcome in stored(scim, model, values).items():
            text = values[name]
            intact = outcome.shown is None or kept(text, outcome.shown, by_name[name])
            if not intact and not keeps_text(scim, model, name):
                judge.blocked("RFC7643-2.2-04", f"no text at all is kept in {name}")
            judge.expect(
                "RFC7643-9.2-02",
                outcome.created.status < 500 and intact,
                expected=f"201 with {name}: {text}, or 400",
                observed=f"{outcome.created.summary()}; {name}: {outcome.shown!r}",
                at=outcome.exchanges,
            )
    if scim.capabilities.works("filter", model):
        for text in HOSTILE[:4]:
            _matches_nothing_else(scim, judge, model, text)


def _matches_nothing_else(scim: Target, judge: Judge, model: ResourceModel, text: str) -> None:
    other = scim.shared(model)[0]
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    found = scim.search(model.endpoint, f'{attributes.naming(model)} eq "{quoted}"')
    judge.expect(
        "RFC7643-9.2-02",
        found.status < 500 and other.id not in ids(found.resources),
        expected="no match, or 400",
        observed=f"{found.summary()} with {len(found.resources)} resources",
        at=found,
    )


@check("RFC7643-9.3-01", needs=("limited-client", "create", "read"), every_type="deep")
def test_limited_credentials_change_nothing(scim: Target, judge: Judge, resource: Resource) -> None:
    """A request beyond the rights of its credentials is refused and has no effect."""
    limited = scim.identities.limited
    refused = scim.delete(resource.path, auth=limited)
    found = scim.read(resource)
    judge.expect(
        "RFC7643-9.3-01",
        not refused.ok and found.status == 200,
        expected="403 or 404, and the resource as it was",
        observed=f"{refused.summary()}; {found.summary()}",
        at=(resource.exchange, refused, found),
    )

"""Every request shape that is known of Entra and Microsoft's tools is replayed, or there is a reason why not."""

from __future__ import annotations

import pytest

from scimcheck.entra.shapes import load_shapes, shape
from scimcheck.requirements.catalogue import load
from suites.entra import test_replay, test_replay_requests

#: Shapes that no check replays as they stand, and why.
NOT_REPLAYED = {
    "token.client_credentials.body": "goes to the token endpoint; test_oauth.py sends and judges it",
    "token.client_credentials.basic": "goes to the token endpoint; test_oauth.py sends and judges it",
    "token.wif": "takes an assertion that Entra itself has signed",
    "probe.empty_token_entra_jwt": "takes a token that Entra itself has issued; forged ones are refused (ENTRA-1.4-08)",
    "schemas.get": "test_discovery.py sends it and judges what it shows",
}

REPLAYED: dict[str, str] = {
    name: requirement
    for module in (test_replay, test_replay_requests)
    for table in vars(module).values()
    if isinstance(table, dict)
    for name, requirement in table.items()
    if "." in str(name) and str(requirement).startswith("ENTRA-")
}


def test_every_shape_is_replayed_or_excused() -> None:
    """No shape of the catalogue is forgotten, and no excuse outlives its need."""
    known = {found.id for found in load_shapes()}
    assert set(REPLAYED) | set(NOT_REPLAYED) == known
    assert not set(REPLAYED) & set(NOT_REPLAYED)


@pytest.mark.parametrize(("dialect", "count"), [("legacy", 63), ("compliant", 63)])
def test_so_many_are_replayed_in_a_dialect(dialect: str, count: int) -> None:
    """Those of the dialect and those of both, flag off or flag on."""
    allowed = ("any", dialect)
    sent = [
        name
        for name, requirement in REPLAYED.items()
        if shape(name).applies_to(dialect) and load()[requirement].dialect in allowed
    ]
    assert len(sent) == count

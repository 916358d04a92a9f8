"""Which of the gallery's tests each of these deviations turns red: all of them, and no other."""

from __future__ import annotations

from scimcheck.entra.gallery.tests import numbered

#: Deviations, and the numbers of the tests that fail or warn with them.
PROOF: dict[str, tuple[int, ...]] = {
    "create-refused": (*range(1, 15), *range(16, 21), 23, 24, 25),
    "creation-answered-with-a-list": (*range(1, 15), *range(16, 21), 25),
    "parentheses-refused-in-search": (8,),
    "unknown-group-answers-404": (8, 9, 10, 11, 12, 13, 14),
    "schema-of-groups-left-out": (8, 9, 11, 12, 13, 15, 19, 20),
    "entra-user-name-never-changes": (2,),
    "entra-disabled-users-not-found": (3, 6),
    "deleted-user-is-readable": (4,),
    "entra-users-return-under-another-id": (6,),
    "entra-bare-manager-with-flag-refused": (5, 25),
    "entra-group-rename-ignored": (9,),
    "deleted-stays-listed": (10, 14),
    "entra-member-addition-ignored": (11, 12),
    "entra-member-removal-ignored": (12,),
    "entra-empty-string-refused": (16,),
    "entra-urn-keys-ignored": (2, 16, 18),
    "patch-answers-202": (16, 18, 20, 25),
    "token-for-a-minute": (21,),
    "federated-tokens-refused": (22,),
    "user-pages-echo-one": (23,),
    "group-pages-echo-one": (24,),
}

#: Legal choices that some of the tests cannot live with, and why: Microsoft's own would fail as well.
COSTS: dict[str, tuple[int, ...]] = {
    # Pages are followed by index, and have to be as long as was asked for.
    "cursor-pagination-only": (23, 24),
    "small-pages": (23, 24),
    # displayName has to come back exactly as it was sent.
    "lower-case-values": (19,),
    # The forms of PATCH are Entra's.
    "patch-by-the-letter": (2, 3, 5, 6, 9, 11, 12, 16, 18, 25),
    # Every list entry of the direct tests has primary, which addresses do not declare.
    "unknown-attributes-refused": (16, 17, 18, 25),
    # Nothing can be tried where nothing can be created.
    "creation-forbidden": PROOF["create-refused"],
    "creation-not-offered": PROOF["create-refused"],
}


def requirements_of(numbers: tuple[int, ...]) -> frozenset[str]:
    """The requirements that the tests of these numbers judge."""
    return frozenset(numbered(number).requirement for number in numbers)


def proved() -> frozenset[str]:
    """The requirements of the gallery that some deviation turns red."""
    return frozenset().union(*map(requirements_of, PROOF.values()))

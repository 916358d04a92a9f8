"""Requirements that break together are told as one fault, and nothing gets lost on the way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scimcheck.requirements.catalogue import load
from scimcheck.requirements.companions import KnownFault, companions, known_faults

NAMES = st.sampled_from("ABCDEF")
FAULTS = st.lists(
    st.builds(
        KnownFault,
        st.lists(NAMES, min_size=1, max_size=2, unique=True).map(tuple),
        st.lists(NAMES, max_size=3, unique=True).map(tuple),
    ),
    max_size=6,
)


def test_the_head_is_what_the_fault_is_about() -> None:
    """Companions follow in the order given, whatever the order of the fault."""
    fault = KnownFault(("C",), ("B", "A"))
    assert companions(["A", "B", "C", "D"], [], [fault]) == {"C": ("A", "B"), "D": ()}


def test_a_fault_counts_only_when_all_that_it_is_about_is_broken() -> None:
    """Else the requirements have each their own cause; an advisory is broken enough."""
    fault = KnownFault(("S", "A"), ("B",))
    assert companions(["A", "B"], [], [fault]) == {"A": (), "B": ()}
    assert companions(["A", "B"], ["S"], [fault]) == {"A": ("B",)}


def test_the_fault_that_explains_most_wins_and_then_the_more_likely_one() -> None:
    """One that would break much besides is the less likely one."""
    small, large = KnownFault(("A",), ("B",)), KnownFault(("A",), ("B", "C"))
    assert companions(["A", "B", "C"], [], [small, large]) == {"A": ("B", "C")}
    wide = KnownFault(("B",), ("A", "X", "Y"))
    assert companions(["A", "B"], [], [wide, small]) == {"A": ("B",)}


@given(st.lists(NAMES, unique=True), st.lists(NAMES), FAULTS)
def test_every_requirement_is_told_once(failed: list[str], advised: list[str], faults: list[KnownFault]) -> None:
    """As a head or as the companion of one."""
    groups = companions(failed, advised, faults)
    told = [name for head, along in groups.items() for name in (head, *along)]
    assert sorted(told) == sorted(failed)
    assert list(groups) == [name for name in failed if name in groups]


def test_known_faults_are_of_the_catalogue() -> None:
    """Each names at least two requirements, all of them known."""
    known = set(load())
    assert known_faults()
    for fault in known_faults():
        assert fault.named <= known
        assert len(fault.named) > 1

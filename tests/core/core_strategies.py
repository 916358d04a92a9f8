"""Hypothesis strategies for attribute paths, filters and PATCH paths of any meaning."""

from __future__ import annotations

from hypothesis import strategies as st

from scimcheck.core.filter.ast import And, AttrPath, Comparison, Filter, Not, Or, Present, ValuePath
from scimcheck.core.path import PatchPath

OPERATORS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")

#: Names that look like operators and literals are names all the same.
names = st.one_of(
    st.sampled_from(["and", "or", "not", "pr", "eq", "true", "null", "$ref", "userName", "x-y_1"]),
    st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True),
)
urns = st.sampled_from(
    ["urn:a:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "http://x/y?z"]
)
paths = st.builds(AttrPath, names, st.none() | names, st.none() | urns)
sub_paths = st.builds(AttrPath, names)
operands = st.one_of(
    st.text(max_size=12),
    st.booleans(),
    st.none(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)


def _logic(leaves: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    def extend(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
        several = st.lists(inner, min_size=2, max_size=4).map(tuple)
        return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Not, inner))

    return st.recursive(leaves, extend, max_leaves=8)


def _leaves(at: st.SearchStrategy[AttrPath]) -> st.SearchStrategy[Filter]:
    return st.builds(Comparison, at, st.sampled_from(OPERATORS), operands) | st.builds(Present, at)


value_filters = _logic(_leaves(sub_paths))
filters = _logic(_leaves(paths) | st.builds(ValuePath, paths, value_filters))
patch_paths = st.one_of(
    st.builds(PatchPath, paths),
    st.builds(PatchPath, st.builds(AttrPath, names, st.none(), st.none() | urns), value_filters, st.none() | names),
)

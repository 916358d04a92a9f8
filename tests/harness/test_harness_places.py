"""Places to write to in the models of the reference provider, and the values for them."""

from __future__ import annotations

import pytest

from scimcheck.core.schema import Located, ResourceModel
from scimcheck.core.values import type_error
from scimcheck.harness import places
from scimcheck.harness.patching import holding, operation, told
from scimcheck.harness.target import Target
from scimcheck.plugin import build, options

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.fixture(scope="module")
def scim() -> Target:
    """The reference provider, in this process."""
    return build.target(options.RunConfig(), "scimcheck-places")


@pytest.fixture
def user(scim: Target) -> ResourceModel:
    """The User resource type."""
    assert scim.user is not None
    return scim.user


def _names(found: list[Located]) -> list[str]:
    return [place.attribute.name for place in found]


def test_paths_are_in_attribute_notation(user: ResourceModel) -> None:
    """A place has a name, a dot before a sub-attribute, and a URN where it takes one."""
    group = places.singular_complex(user)
    assert group is not None
    sub = places.sub_texts(group)[0]
    assert places.path_of(sub) == f"name.{sub.attribute.name}"
    assert places.path_of(sub, core=CORE) == f"{CORE}:name.{sub.attribute.name}"
    extra = places.extension_texts(user)[0]
    assert places.path_of(extra) == f"{extra.schema}:{extra.attribute.name}" == places.path_of(extra, core=CORE)


def test_texts_are_free_of_special_meaning(user: ResourceModel) -> None:
    """Neither names that identify nor such with a format of their own are written to."""
    assert not {"userName", "locale", "timezone", "preferredLanguage", "password", "id"} & set(
        _names(places.texts(user))
    )


def test_group_name_is_required_whatever_is_declared(scim: Target) -> None:
    """Groups have no text that can be removed."""
    assert scim.group is not None
    assert _names(places.texts(scim.group)) == ["displayName"]
    assert places.texts(scim.group, optional=True) == []


def test_collections_with_formats_come_last(user: ResourceModel) -> None:
    """Values that a provider may rewrite are taken only when there is nothing else."""
    names = _names(list(places.collections(user)))
    assert names[0] == "emails"
    assert names[-1] in ("phoneNumbers", "ims", "photos")
    assert "members" not in names


def test_values_of_a_collection_differ_in_every_text(scim: Target, user: ResourceModel) -> None:
    """So that a filter on any text selects just one of them."""
    listed = places.collection(user, subs=2)
    assert listed is not None
    made = places.three(scim, listed)
    assert len(made) == 3
    for sub in places.sub_texts(listed):
        assert len({item[sub.attribute.name] for item in made}) == 3


def test_fresh_values_fit_and_differ(scim: Target, user: ResourceModel) -> None:
    """A value for a place has its type, and is none of those to avoid."""
    for place in [*places.texts(user), *places.typed(user)]:
        first = places.fresh(scim, place)
        second = places.fresh(scim, place, first)
        assert type_error(second, place.attribute) is None
        assert first != second


def test_holding_gives_a_resource_with_the_values(scim: Target, user: ResourceModel) -> None:
    """Values are created at their places, and the state is what a GET shows."""
    text, extra = places.texts(user)[0], places.extension_texts(user)[0]
    subject = holding(scim, None, user, (text, "a"), (extra, "b"))  # type: ignore[arg-type]
    assert subject.state[text.attribute.name] == "a"
    assert subject.state[str(extra.schema)] == {extra.attribute.name: "b"}
    patched = subject.send(operation("replace", text.attribute.name, value="c"))
    assert (patched.before[text.attribute.name], patched.after[text.attribute.name]) == ("a", "c")
    assert subject.state == patched.after
    assert patched.told == f"replace {text.attribute.name}"


def test_operations_are_told_in_words() -> None:
    """A subject in a report names operations and paths."""
    assert told([operation("remove", "a"), operation("add", value=1), {}]) == "remove a, then add, then no op"
    assert told([]) == "PATCH"

"""A population with two members that differ in a boolean alone: ``yes`` has true, ``no`` has false."""

from __future__ import annotations

from scimcheck.core.characteristics import DataType
from scimcheck.core.path import AttrPath
from scimcheck.core.schema import ResourceModel
from scimcheck.harness.judge import Judge
from scimcheck.harness.paths import of_type, path_of, put, settable, value_at
from scimcheck.harness.population import Population, population
from scimcheck.harness.target import Target

#: The members by their word, each with its value.
FLAGS = {"yes": True, "no": False}


def flagged(scim: Target, judge: Judge, model: ResourceModel) -> tuple[Population, AttrPath]:
    """The population with both members, and the path of the boolean.

    The check does not apply when there is no writable boolean, or the target does not keep what it is given.
    """
    people = population(scim, model)
    found = next((leaf for leaf in of_type(model, DataType.BOOLEAN) if settable(leaf)), None)
    if found is None:
        judge.not_applicable(f"{model.name} has no writable boolean")
    for word, value in FLAGS.items():
        if word not in people.members and not people.add(word, put(people.body(word), found, value)):
            judge.not_applicable(f"the target takes no {path_of(found)} of {value}")
        if value_at(people.members[word].state, found, model) is not value:
            judge.not_applicable(f"the target does not keep {path_of(found)}")
    return people, path_of(found)

"""The gallery's validation, tests 8 to 14: groups through the service. Run by ``--scim-select gallery``."""

from __future__ import annotations

import pytest

from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness import gallery_groups as groups
from scimcheck.harness.gallery import play
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

pytestmark = pytest.mark.xdist_group("gallery")


@check("ENTRA-8.4-08", on_request=True)
def test_08_create_group(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Create_Group_Test: a new group, whose name contains parentheses, is provisioned and found by its name."""
    play(scim, judge, 8, groups.create_group, dialect=dialect)


@check("ENTRA-8.4-09", on_request=True)
def test_09_update_group(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Update_Group_Test: a renamed group is found by its new name."""
    play(scim, judge, 9, groups.update_group, dialect=dialect)


@check("ENTRA-8.4-10", on_request=True)
def test_10_delete_group(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Delete_Group_Test, optional: a deleted group is gone."""
    play(scim, judge, 10, groups.delete_group, dialect=dialect)


@check("ENTRA-8.4-11", on_request=True)
def test_11_group_update_add_member(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Group_Update_Add_Member_Test: a user who is added to a group is among its members."""
    play(scim, judge, 11, groups.add_member, dialect=dialect)


@check("ENTRA-8.4-12", on_request=True)
def test_12_group_update_remove_member(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Group_Update_Remove_Member_Test: a member who is removed is no longer among the members."""
    play(scim, judge, 12, groups.remove_member, dialect=dialect)


@check("ENTRA-8.4-13", on_request=True)
def test_13_pod_group(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """POD_Group_Test: one group is provisioned on demand."""
    play(scim, judge, 13, groups.pod_group, dialect=dialect)


@check("ENTRA-8.4-14", on_request=True)
def test_14_restore_group(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Restore_Group_Test, optional: a group that was unassigned and is assigned again is there again."""
    play(scim, judge, 14, groups.restore_group, dialect=dialect)

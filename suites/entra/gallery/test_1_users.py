"""The gallery's validation, tests 1 to 7: users through the service. Run by ``--scim-select gallery``."""

from __future__ import annotations

import pytest

from scimcheck.entra.dialect import Dialect
from scimcheck.harness import check
from scimcheck.harness import gallery_users as users
from scimcheck.harness.gallery import play
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

pytestmark = pytest.mark.xdist_group("gallery")


@check("ENTRA-8.4-01", on_request=True)
def test_01_create_user(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Create_User_Test: a new source user is provisioned and found by its user name."""
    play(scim, judge, 1, users.create_user, dialect=dialect)


@check("ENTRA-8.4-02", on_request=True)
def test_02_update_user(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Update_User_Test: every mapped attribute of a provisioned user changes, the user name included."""
    play(scim, judge, 2, users.update_user, dialect=dialect)


@check("ENTRA-8.4-03", on_request=True)
def test_03_disable_user(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Disable_User_Test: a disabled user stays readable and shows active false."""
    play(scim, judge, 3, users.disable_user, dialect=dialect)


@check("ENTRA-8.4-04", on_request=True)
def test_04_delete_user(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Delete_User_Test, optional: a user that is disabled and then deleted is gone."""
    play(scim, judge, 4, users.delete_user, dialect=dialect)


@check("ENTRA-8.4-05", on_request=True)
def test_05_user_update_manager(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """User_Update_Manager_Test: the manager of a user is set, changed and removed."""
    play(scim, judge, 5, users.update_manager, dialect=dialect)


@check("ENTRA-8.4-06", on_request=True)
def test_06_restore_user(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """Restore_User_Test: a user that is disabled and enabled again is the same resource."""
    play(scim, judge, 6, users.restore_user, dialect=dialect)


@check("ENTRA-8.4-07", on_request=True)
def test_07_pod_user(scim: Target, judge: Judge, dialect: Dialect) -> None:
    """POD_User_Test: one user is provisioned on demand."""
    play(scim, judge, 7, users.pod_user, dialect=dialect)

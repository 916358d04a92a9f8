"""The gallery's validation, tests 15 to 25: what the workflow sends itself. Run by ``--scim-select gallery``."""

from __future__ import annotations

import pytest

from scimcheck.harness import check
from scimcheck.harness import gallery_direct as direct
from scimcheck.harness.gallery import play
from scimcheck.harness.gallery_paging import page_groups, page_users
from scimcheck.harness.gallery_tokens import federated_identity, validate_credentials
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target

pytestmark = pytest.mark.xdist_group("gallery")


@check("ENTRA-8.4-15", on_request=True, writes=False)
def test_15_schema_discoverability(scim: Target, judge: Judge) -> None:
    """Schema_Discoverability_Test: /Schemas lists every attribute that the application maps."""
    play(scim, judge, 15, direct.discover)


@check("ENTRA-8.4-16", on_request=True)
def test_16_scim_null_update(scim: Target, judge: Judge) -> None:
    """SCIM_Null_Update_Test: optional attributes can be cleared with empty strings and with null."""
    play(scim, judge, 16, direct.null_update, also=direct.null_update_verbose)


@check("ENTRA-8.4-17", on_request=True)
def test_17_scim_user_create(scim: Target, judge: Judge) -> None:
    """SCIM_User_Create_Test: POST /Users with all mapped attributes creates a user."""
    play(scim, judge, 17, direct.create_user)


@check("ENTRA-8.4-18", on_request=True)
def test_18_scim_user_update(scim: Target, judge: Judge) -> None:
    """SCIM_User_Update_Test: one PATCH replaces all simple attributes of a user, the user name included."""
    play(scim, judge, 18, direct.update_user, also=direct.update_user_verbose)


@check("ENTRA-8.4-19", on_request=True)
def test_19_scim_group_create(scim: Target, judge: Judge) -> None:
    """SCIM_Group_Create_Test: POST /Groups creates a group."""
    play(scim, judge, 19, direct.create_group)


@check("ENTRA-8.4-20", on_request=True)
def test_20_scim_group_update(scim: Target, judge: Judge) -> None:
    """SCIM_Group_Update_Test: one PATCH replaces the simple attributes of a group."""
    play(scim, judge, 20, direct.update_group)


@check("ENTRA-8.4-21", on_request=True)
def test_21_validate_credentials(scim: Target, judge: Judge) -> None:
    """Validate_Credentials_Test: a token lives from 60 to 360 minutes and opens the endpoint."""
    play(scim, judge, 21, validate_credentials)


@check("ENTRA-8.4-22", on_request=True)
def test_22_federated_identity(scim: Target, judge: Judge) -> None:
    """Federated_Identity_Test: the token endpoint exchanges a token of Entra for one of its own."""
    play(scim, judge, 22, federated_identity)


@check("ENTRA-8.4-23", on_request=True)
def test_23_scim_user_pagination(scim: Target, judge: Judge) -> None:
    """SCIM_User_Pagination_Test: users can be listed in pages of five."""
    play(scim, judge, 23, page_users)


@check("ENTRA-8.4-24", on_request=True)
def test_24_scim_group_pagination(scim: Target, judge: Judge) -> None:
    """SCIM_Group_Pagination_Test, optional: groups can be listed in pages of five."""
    play(scim, judge, 24, page_groups)


@check("ENTRA-8.4-25", on_request=True)
def test_25_scim_update_manager(scim: Target, judge: Judge) -> None:
    """SCIM_Update_Manager_Test: the manager is set, replaced and emptied by direct PATCH requests."""
    play(scim, judge, 25, direct.update_manager)

"""What is hard about names and accounts of real directories, a user each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scimcheck.entra.expression.values import Value


@dataclass(frozen=True, slots=True)
class Case:
    """A hard case: ``attributes`` replace those of an ordinary user, ``None`` takes one away.

    ``local`` is the part of the name before the ``@``; empty leaves the ordinary one.
    """

    name: str
    local: str = ""
    attributes: Mapping[str, Value] = field(default_factory=dict)
    soft_deleted: bool = False
    assigned: bool = True
    guest: bool = False


def _named(given: str, family: str, **more: Value) -> dict[str, Value]:
    return {"givenName": given, "surname": family, "displayName": f"{given} {family}", **more}


CASES = (
    Case("apostrophe", "fiona.o'hara", _named("Fiona", "O'Hara")),
    Case("plus sign", "tomas+berlin", _named("Tomas", "Weiß")),
    Case("guest", "rene.dubois", _named("René", "Dubois", userType="Guest"), guest=True),
    Case("twenty digits", attributes={"employeeId": "98765432109876543210"}),
    Case("leading zeros", attributes={"employeeId": "0000417", "postalCode": "01067"}),
    Case("emoji", attributes=_named("Robin", "Park 🎉", jobTitle="Lead 👩‍🚀")),
    Case("right to left", attributes=_named("יעל", "כהן", city="תל אביב", department="מכירות")),
    Case("arabic", attributes=_named("ليلى", "حداد", jobTitle="مهندسة")),
    Case("han", attributes=_named("美咲", "渡辺", department="営業部", streetAddress="港区芝公園4-2-8")),
    Case("combining marks", attributes=_named("Zoe\u0308", "Nova\u0301kova\u0301")),
    Case("sharp s", attributes=_named("Groß", "STRASSE")),
    Case("quotes", attributes=_named("Bo", 'van "Bo" Dijk', jobTitle='Head of "C:\\Shares"')),
    Case("markup", attributes=_named("Ida", "Moe <b>", jobTitle="R&D <lead>", department="Sales; 50 % {x}")),
    Case("blanks inside", attributes=_named("Ana  Maria", "de  la Cruz")),
    Case("long", attributes=_named("Maximiliana" * 5, "Featherstonehaugh" * 3, jobTitle="Chief " * 20 + "Officer")),
    Case("one name", attributes={"givenName": None, "surname": None, "displayName": "Suharto"}),
    Case("no mail", attributes={"mail": None, "proxyAddresses": None}),
    Case("capitals", "Karla.BERG", _named("KARLA", "berg")),
    Case("several roles", attributes={"appRoleAssignments": ["Admin", "Workflow Admin"]}),
    Case("no role", attributes={"appRoleAssignments": None}),
    Case(
        "bare", attributes=dict.fromkeys(("jobTitle", "department", "city", "employeeId", "telephoneNumber", "mobile"))
    ),
    Case("disabled", attributes={"accountEnabled": False}),
    Case("unassigned", assigned=False),
    Case("soft-deleted", soft_deleted=True),
)

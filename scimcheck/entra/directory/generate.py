"""Making up a directory: the same one for the same seed."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator

from faker import Faker

from scimcheck.entra.directory.cases import CASES, Case
from scimcheck.entra.directory.objects import Directory, DirectoryObject
from scimcheck.entra.expression.values import Value

_SPACE = uuid.UUID("5c1c0000-0000-4000-8000-000000000000")
_DEPARTMENTS = ("Finance", "Field Sales", "Research", "People", "Legal")
_ROLES = ("Admin", "Team Admin", "Lite Team User", "User")
_CITIES = (
    ("Bergen", "Vestland", "NO", "nb-NO"),
    ("Leeds", "West Yorkshire", "GB", "en-GB"),
    ("Graz", "", "AT", "de-AT"),
)
#: Names of groups, the first ones ordinary.
_GROUPS = ("Everybody", "Field Sales", "Sales (EMEA) & Partners", "Kids' Corner + Café", "Отдел 7 🚀")


def generate(
    seed: int, users: int = 48, groups: int = 5, *, prefix: str = "", domain: str = "example.com"
) -> Directory:
    """A directory of ``users`` users and ``groups`` groups.

    Ordinary users come first, half of them at least, then one for each hard case as far as the number goes. ``prefix``
    begins every name that has to be unique. Every second user has a manager; each group has some users as members, and
    the last one holds the first group as well.
    """
    make = _Maker(seed, prefix, domain)
    ordinary = max(users - users // 2, users - len(CASES))
    cases: list[Case] = [Case("")] * ordinary + list(CASES[: users - ordinary])
    people = [make.user(number, case) for number, case in enumerate(cases)]
    people = [make.managed(people, number) for number in range(len(people))]
    teams = list(make.groups(groups, people))
    return Directory(tuple(people), tuple(teams))


class _Maker:
    """The generators of one directory."""

    def __init__(self, seed: int, prefix: str, domain: str) -> None:
        self.chance = random.Random(seed)
        self.fake = Faker("en_US")
        self.fake.seed_instance(seed)
        self.prefix = prefix
        self.domain = domain
        self.seed = seed

    def user(self, number: int, case: Case) -> DirectoryObject:
        """One user: an ordinary one, changed as the case asks."""
        given, family = self.fake.first_name(), self.fake.last_name()
        local = f"{self.prefix}{case.local or f'{given}.{family}'.lower()}.{number}"
        mail = f"{local}@{self.domain}"
        attributes: dict[str, Value] = {
            **self._person(number, given, family),
            "mail": mail,
            "mailNickname": local,
            "proxyAddresses": [f"SMTP:{mail}", f"smtp:{local}@old.{self.domain}"],
            **case.attributes,
            "userPrincipalName": self._principal(local, case),
        }
        identity = self._id("user", number)
        if case.soft_deleted:
            attributes["userPrincipalName"] = f"{identity.replace('-', '')}{attributes['userPrincipalName']}"
        kept = {name: value for name, value in attributes.items() if value is not None}
        return DirectoryObject("User", identity, kept, case.name, case.assigned, case.soft_deleted)

    def managed(self, people: list[DirectoryObject], number: int) -> DirectoryObject:
        """The user of that number, every second one with somebody before it as the manager."""
        person = people[number]
        return person.changed(manager=people[(number - 1) // 2].id) if number % 2 else person

    def groups(self, count: int, people: list[DirectoryObject]) -> Iterator[DirectoryObject]:
        """Groups with members."""
        first = self._id("group", 0)
        for number in range(count):
            members = [person.id for person in people[number :: max(count, 1)]][:8]
            nested = [first] if number and number == count - 1 else []
            name = _GROUPS[number % len(_GROUPS)]
            attributes: dict[str, Value] = {
                "displayName": f"{self.prefix}{name} {number}",
                "mailNickname": f"{self.prefix}group.{number}",
                "description": self.fake.sentence(),
                "securityEnabled": True,
                "members": [*members, *nested],
            }
            yield DirectoryObject("Group", self._id("group", number), attributes, "nested" if nested else "")

    def _person(self, number: int, given: str, family: str) -> dict[str, Value]:
        city, state, country, language = self.chance.choice(_CITIES)
        return {
            "accountEnabled": True,
            "givenName": given,
            "surname": family,
            "displayName": f"{given} {family}",
            "jobTitle": self.fake.job(),
            "department": self.chance.choice(_DEPARTMENTS),
            "companyName": self.fake.company(),
            "employeeId": f"{40_000 + number}",
            "employeeType": "Employee",
            "userType": "Member",
            "preferredLanguage": language,
            "streetAddress": self.fake.street_address(),
            "city": city,
            "state": state or None,
            "country": country,
            "postalCode": f"{self.chance.randrange(10_000, 99_999)}",
            "physicalDeliveryOfficeName": f"Building {self.chance.choice('ABC')}, room {number % 400 + 100}",
            "telephoneNumber": f"+47 55 00 {number % 10_000:04}",
            "mobile": f"+47 90 00 {number % 10_000:04}",
            "facsimileTelephoneNumber": f"+47 56 00 {number % 10_000:04}",
            "appRoleAssignments": [self.chance.choice(_ROLES)],
            "otherMails": [f"{given}.{family}.{number}@home.example".lower()],
            "onPremisesSamAccountName": f"{self.prefix}{given[:1]}{family}{number}".lower(),
            "extensionAttribute1": self.chance.choice(("HQ", "Field", "Remote")),
            "extensionAttribute8": f"{self.chance.randrange(1, 13)}/{self.chance.randrange(1, 29)}/2019",
        }

    def _principal(self, local: str, case: Case) -> str:
        if not case.guest:
            return f"{local}@{self.domain}"
        return f"{local}_partner.example#EXT#@{self.domain}"

    def _id(self, kind: str, number: int) -> str:
        return str(uuid.uuid5(_SPACE, f"{self.prefix}{self.seed}/{kind}/{number}"))

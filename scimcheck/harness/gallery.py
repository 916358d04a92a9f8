"""One run of a gallery test: what it may use, the requests it sends, and how it ends."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from scimcheck.client.exchange import Exchange
from scimcheck.client.outgoing import UNSET
from scimcheck.core import urns
from scimcheck.core.json import JSON, JSONObject
from scimcheck.core.schema import Attribute, ResourceModel
from scimcheck.entra.dialect import Dialect
from scimcheck.entra.gallery.flattening import Flattened, flatten
from scimcheck.entra.gallery.mapping import GalleryMapping, Row, default_mapping
from scimcheck.entra.gallery.results import (
    NO_GROUPS,
    NO_MANAGER_MAPPED,
    NO_MANAGER_TARGET,
    SKIPPED,
    failed_action,
    failed_direct,
    failed_phase,
    success,
)
from scimcheck.entra.gallery.tests import GalleryTest, numbered
from scimcheck.entra.gallery.values import Values
from scimcheck.entra.queries import gallery_query
from scimcheck.harness.gallery_input import INPUT, GalleryInput
from scimcheck.harness.judge import Judge
from scimcheck.harness.target import Target, error_text

USERS, GROUPS = "/Users", "/Groups"

#: How long a test waits for what it wrote to show, in seconds, and the pauses between two looks.
PATIENCE = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5

_HEADERS = {"Accept": urns.MEDIA_TYPE}


class Failed(Exception):
    """The test failed; the message is the text of its result."""


class Skipped(Exception):
    """The test does not apply; the message is the text of its result, and behind a colon our reason."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What all tests of a run share: ``/Schemas`` as it was read, the mapping in force, allowed values."""

    schemas: Exchange
    found: Flattened
    mapping: GalleryMapping
    left_out: tuple[str, ...]
    canonical: dict[str, tuple[str, ...]]

    @property
    def groups(self) -> bool:
        """Whether groups are supported: the Group schema is listed."""
        return self.found.group_schema


def input_of(scim: Target) -> GalleryInput:
    """What the run was given for the gallery."""
    given: GalleryInput = scim.cache.get(INPUT) or GalleryInput()
    return given


def setting_of(scim: Target) -> Setting:
    """The setting of the run, found out once."""
    key = ("gallery", "setting")
    if key not in scim.cache:
        schemas = scim.get("/Schemas", headers=_HEADERS)
        found = flatten(schemas.resources)
        whole = input_of(scim).mapping or default_mapping()
        mapping = whole.pruned(scim.user, scim.group, found)
        kept = {*mapping.user, *mapping.group}
        left_out = tuple(row.target for row in (*whole.user, *whole.group) if row not in kept)
        scim.cache[key] = Setting(schemas, found, mapping, left_out, _canonical(scim, mapping))
    made: Setting = scim.cache[key]
    return made


def _canonical(scim: Target, mapping: GalleryMapping) -> dict[str, tuple[str, ...]]:
    """The allowed values of plain target attributes that list any, by target attribute in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for model, rows in ((scim.user, mapping.user), (scim.group, mapping.group)):
        for row in rows if model else ():
            definition = _definition(model, row.target)
            if definition is not None and definition.canonical_values:
                found[row.target.lower()] = definition.canonical_values
    return found


def _definition(model: ResourceModel | None, target: str) -> Attribute | None:
    if model is None or "[" in target:
        return None
    urn, _, name = target.rpartition(":")
    name, _, sub = name.partition(".")
    located = model.find(urn or None, name, sub or None)
    return located.attribute if located else None


@dataclass(slots=True)
class GalleryRun:
    """A run of one test. ``phase`` is the label of the phase it is in; direct tests have none.

    ``remark`` is what there is to say of a test that passes."""

    scim: Target
    setting: Setting
    test: GalleryTest
    values: Values
    dialect: Dialect = Dialect.COMPLIANT
    phase: str = ""
    remark: str = ""
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def mapping(self) -> GalleryMapping:
        """The mapping in force."""
        return self.setting.mapping

    def rows(self, endpoint: str) -> tuple[Row, ...]:
        """The mapping's rows for users or groups."""
        return self.mapping.rows_for(endpoint == GROUPS)

    def model(self, endpoint: str) -> ResourceModel | None:
        """The resource type at the endpoint, if the target names one."""
        return self.scim.group if endpoint == GROUPS else self.scim.user

    # Requests -------------------------------------------------------------------------------------------------

    def ask(self, method: str, path: str, *, query: str = "", json: JSON = UNSET, auth: str | None = None) -> Exchange:
        """Send a request with the workflow's headers and note it, whatever the answer is."""
        headers = dict(_HEADERS) if json is UNSET else {**_HEADERS, "Content-Type": urns.MEDIA_TYPE}
        options = {} if auth is None else {"auth": auth}
        exchange = self.scim.request(method, path, params=query or None, json=json, headers=headers, **options)
        self.exchanges.append(exchange)
        return exchange

    def step(self, action: str, method: str, path: str, *, query: str = "", json: JSON = UNSET) -> Exchange:
        """A step of the workflow: an answer of 400 or above ends the test with the action's name."""
        exchange = self.ask(method, path, query=query, json=json)
        if exchange.status >= 400:
            raise Failed(self._failed_action(action, exchange))
        return exchange

    def _failed_action(self, action: str, exchange: Exchange) -> str:
        seen = f"{exchange.summary()} {error_text(exchange)}".strip()
        return f"{failed_action(self.phase, action)} ({seen})" if self.phase else failed_direct(action, seen)

    def find(self, endpoint: str, name: str, *, encoded: bool = False) -> Exchange:
        """The workflow's search for a user name or a group's display name."""
        attribute = "displayName" if endpoint == GROUPS else "userName"
        query = gallery_query(attribute, name, encode_value=encoded)
        action = "Get_SCIM_Group" if endpoint == GROUPS else "Get_SCIM_User"
        return self.step(action, "GET", endpoint, query=query)

    def until(
        self, look: Callable[[], Exchange], holds: Callable[[Exchange], object], *, hopeful: bool = True
    ) -> Exchange:
        """Look until it holds or patience ends; the last look.

        A provider in this process is asked once, and so is one that has refused what should show.
        """
        end, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
        exchange = look()
        while hopeful and self.scim.over_network and not holds(exchange) and time.monotonic() < end:
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            exchange = look()
        return exchange

    # Verdicts -------------------------------------------------------------------------------------------------

    def expect(self, condition: object, provisioning: str, scim: str) -> None:
        """End an engine test unless the condition holds; the texts say what provisioning and the endpoint show."""
        if not condition:
            raise Failed(failed_phase(self.phase, provisioning, scim))

    def demand(self, condition: object, action: str, reason: str) -> None:
        """End a direct test unless the condition holds."""
        if not condition:
            raise Failed(failed_direct(action, reason))

    def completed(self, endpoint: str, body: JSONObject) -> JSONObject:
        """The body together with what the endpoint's schemas require beyond the mapping, as a vendor has it mapped."""
        model = self.model(endpoint)
        return body if model is None else _completed(body, self.scim.payload(model))


def _completed(body: JSONObject, required: JSONObject) -> JSONObject:
    """``body`` with the members of ``required`` that it lacks, one level deep."""
    whole = {**required, **body}
    for name, value in required.items():
        if isinstance(value, dict) and isinstance(body.get(name), dict):
            whole[name] = {**value, **body[name]}
    whole["schemas"] = list(dict.fromkeys([*body["schemas"], *required.get("schemas", [])]))
    return whole


def id_of(answer: Exchange) -> str:
    """The id in the body of an answer; neither a list around the resource nor Location counts for the validation."""
    found = answer.body.get("id")
    return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""


#: A test as a sequence of requests: ends with Failed or Skipped, or returns what to put behind *success*.
Sequence = Callable[[GalleryRun], "str | None"]


def play(
    scim: Target,
    judge: Judge,
    number: int,
    sequence: Sequence,
    *,
    dialect: Dialect = Dialect.COMPLIANT,
    also: Sequence | None = None,
) -> None:
    """Run a test and judge its requirement; ``also`` is a second form of it, whose failure is only worth a remark."""
    test = numbered(number)
    setting = setting_of(scim)
    run = GalleryRun(scim, setting, test, _values(scim, test, dialect), dialect)
    try:
        _pass_gate(run)
        note = sequence(run)
    except Skipped as reason:
        judge.skip(test.requirement, str(reason))
    except Failed as failure:
        _judge_failure(judge, run, " ".join(str(failure).split()))
    else:
        if not _remarked(judge, run, also):
            judge.note(test.requirement, success(test, note or ""), at=run.exchanges[-1:], hint=run.remark)


def _judge_failure(judge: Judge, run: GalleryRun, text: str) -> None:
    judge.expect(
        run.test.requirement,
        False,
        expected="; ".join(run.test.passes),
        observed=text,
        at=run.exchanges,
        hint=run.test.advice,
    )


def _remarked(judge: Judge, run: GalleryRun, also: Sequence | None) -> bool:
    """Play the second form; whether it left a remark."""
    if also is None:
        return False
    again = GalleryRun(run.scim, run.setting, run.test, run.values, run.dialect)
    try:
        also(again)
    except Failed as failure:
        judge.advise(
            run.test.requirement,
            expected="the verbose form of the PATCH to do the same",
            observed=f"verbose form: {failure}",
            at=again.exchanges,
            hint="Jobs with the setting PatchBodyFormat send this form.",
        )
        return True
    return False


def _values(scim: Target, test: GalleryTest, dialect: Dialect) -> Values:
    """Values that the run's seed decides, under names that no other run has."""
    setting, given = setting_of(scim), input_of(scim)
    seed = zlib.crc32(f"{scim.payloads.seed}/{test.number}/{dialect.value}".encode())
    names = f"{scim.payloads.prefix}/{test.number}/{dialect.value}"
    return Values(seed, names, given.domain, given.values, setting.canonical)


def _pass_gate(run: GalleryRun) -> None:
    """Return when the test applies; raise Skipped or Failed as the validation would."""
    gate, setting = run.test.gate, run.setting
    if gate == "groups" and not setting.groups:
        raise Skipped(f"{SKIPPED}: /Schemas lists no Group") if run.test.optional else Failed(NO_GROUPS)
    if gate == "manager-mapped" and not setting.mapping.maps("manager"):
        raise Skipped(NO_MANAGER_MAPPED)
    if gate == "manager-targeted" and not setting.mapping.maps("manager"):
        raise Skipped(NO_MANAGER_TARGET)
    if gate == "oauth" and run.scim.identities.oauth is None:
        raise Skipped(f"{SKIPPED}: no token endpoint was given")
    if gate == "federation" and input_of(run.scim).federation is None:
        raise Skipped(f"{SKIPPED}: no settings of federation were given")

"""Which checks a run includes: by suite, requirement id, section, level, area and depth."""

from __future__ import annotations

from collections.abc import Mapping

from scimcheck.entra.gallery.tests import by_requirement
from scimcheck.harness.mark import DEPTHS, CheckInfo
from scimcheck.plugin.options import RunConfig
from scimcheck.requirements.model import Requirement


def selected(nodeid: str, info: CheckInfo | None, run: RunConfig, catalogue: Mapping[str, Requirement]) -> bool:
    """Whether a check belongs to the run; a test that is no check always does."""
    if info is None:
        return True
    if info.on_request:
        asked = _asked_for(nodeid, info, catalogue)
        if asked.isdisjoint(word.lower() for word in run.select):
            return False
        return asked.isdisjoint(word.lower() for word in run.deselect)
    if DEPTHS.index(info.depth) > DEPTHS.index(run.depth):
        return False
    words = _words(nodeid, info, catalogue)
    if run.select and not any(_matches(word, words) for word in run.select):
        return False
    return not any(_matches(word, words) for word in run.deselect)


def _words(nodeid: str, info: CheckInfo, catalogue: Mapping[str, Requirement]) -> set[str]:
    """Everything a check can be selected by, in lower case."""
    path = nodeid.partition("::")[0].rpartition("suites/")[2]
    suite, _, file = path.rpartition("/")
    words = {suite, file, file.removesuffix(".py"), file.removeprefix("test_").removesuffix(".py")}
    for name in info.requirements:
        requirement = catalogue[name]
        words |= {name, requirement.level.value, requirement.area, requirement.document, requirement.dialect}
        words.add(f"{requirement.document.removeprefix('rfc')}-{requirement.section}")
    return {word.lower() for word in words if word}


def _asked_for(nodeid: str, info: CheckInfo, catalogue: Mapping[str, Requirement]) -> set[str]:
    """The words that a check on request is asked for by: suite, file, area, chapter, ids, and Microsoft's test names.

    Not its document or level: who selects those does not mean what is left out of all other runs.
    """
    suite, _, file = nodeid.partition("::")[0].rpartition("suites/")[2].rpartition("/")
    words = {suite, file, file.removesuffix(".py"), *info.requirements}
    for name in info.requirements:
        words |= {catalogue[name].area, name.rpartition("-")[0]}
        words |= {by_requirement()[name].name} if name in by_requirement() else set()
    return {word.lower() for word in words if word}


def _matches(word: str, words: set[str]) -> bool:
    """A word matches itself, and as the beginning of a requirement id or section (``RFC7644-3.5``, ``7644-3.5.2``)."""
    wanted = word.lower()
    return any(given == wanted or given.startswith((f"{wanted}-", f"{wanted}.")) for given in words)

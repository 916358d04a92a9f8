"""The result as a JSON document in the outer shape of Microsoft's, marked as what it is: a check before the check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scimcheck.core.json import JSONObject
from scimcheck.entra.data import table
from scimcheck.entra.gallery.results import GalleryResult, GalleryVerdict, Outcome, verdict_word
from scimcheck.entra.gallery.tests import in_result_order

#: What the document says of itself.
NOTICE = (
    "A local pre-check made by scimcheck. It is no result of Microsoft's validation and cannot be submitted: "
    "submission needs a run of the unmodified template in a tenant of Microsoft Entra."
)

#: What no run outside of Microsoft's service can show.
CANNOT_PROVE = (
    "that the provisioning service itself sends what was sent here: its requests are played",
    "which of the two PATCH dialects the onboarding application uses: both were played",
    "the provisioning logs, quarantine, scoping and the mapping as it is set in the tenant",
    "that the endpoint holds out under the service's load and its waits of minutes between the steps",
    "federation with tokens that Microsoft Entra signed, unless its credentials were given",
    "the attestations, documentation and contacts that publishing asks for",
)


def result_document(results: Iterable[GalleryResult], verdict: GalleryVerdict, run: Mapping[str, Any]) -> JSONObject:
    """The document; ``run`` holds the facts of the run (timestamp, duration, parameters, seed, wireProfiles, …)."""
    known = {result.test.name: result for result in results}
    entries = [_entry(known[test.name]) for test in in_result_order() if test.name in known]
    texts = [entry["testResult"] for entry in entries]
    succeeded = sum(text.startswith("success") for text in texts)
    skipped = sum(text == "SKIPPED" for text in texts)
    return {
        "notice": NOTICE,
        "localPreCheck": True,
        "tool": "scimcheck",
        "validationResult": "PASSED" if verdict.validation else "FAILED",
        "overallResultFromTests": verdict.word,
        "endpointVerdict": verdict_word(verdict.endpoint),
        "authenticationModelResult": "PASSED" if verdict.authentication else "FAILED",
        "optionalTestsResult": "WARNING" if verdict.warnings else "PASSED",
        "reasons": list(verdict.reasons),
        **run,
        "testSummary": {
            "total": len(texts),
            "success": succeeded,
            "skipped": skipped,
            "failed": len(texts) - succeeded - skipped,
        },
        "testResults": entries,
        "notProven": list(CANNOT_PROVE),
    }


def _entry(result: GalleryResult) -> JSONObject:
    failed = result.outcome is Outcome.FAILED
    return {
        "testName": result.test.name,
        "testCategory": result.test.category,
        "testResult": result.shown,
        "provisioningErrorDetails": result.remark if failed else "",
        "recommendationUrl": table("gallery")["source"] if failed else "",
        "runLink": "",
        "message": result.test.advice if failed else result.remark,
    }

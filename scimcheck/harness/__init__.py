"""What suites are written with: the target as they see it, judgement, data from its schemas, clean-up."""

from scimcheck.harness.mark import CheckInfo, check

__all__ = ["CheckInfo", "check"]

"""What happens in a pytest session: options, target, fixtures, recording, summary."""

from __future__ import annotations

import pytest


def start(config: pytest.Config) -> None:
    """Read the configuration, greet the target and register the session; pytest.UsageError when that is impossible."""
    from scimcheck.client.errors import TargetError
    from scimcheck.core.errors import UsageError
    from scimcheck.plugin import fixtures
    from scimcheck.plugin.session import ScimSession

    try:
        session = ScimSession.begin(config)
    except (UsageError, TargetError) as error:
        raise pytest.UsageError(f"scimcheck: {error}") from None
    config.pluginmanager.register(session, "scimcheck-session")
    config.pluginmanager.register(fixtures, "scimcheck-fixtures")

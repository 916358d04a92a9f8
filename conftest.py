"""Set-up of the project's own tests. Nothing in ``suites/`` may lean on it: it is not in the wheel."""

pytest_plugins = ["pytester"]

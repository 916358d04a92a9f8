"""Set-up of the project's own tests. Nothing in ``suites/`` may lean on it: it is not in the wheel.

pytest also loads it when the suites of a checkout run from another folder, so it must not name plugins; ``pytester`` is
switched on in pyproject.toml instead.
"""

"""Set-up of the project's own tests, not of the suites."""

from hypothesis import settings

# No deadline: how long an example takes says more about the machine than about the code.
settings.register_profile("scimcheck", deadline=None, max_examples=60)
settings.load_profile("scimcheck")

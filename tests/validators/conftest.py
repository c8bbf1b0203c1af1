"""How much hypothesis looks for. `pytest --hypothesis-profile=search tests/validators` looks much longer, and anew."""

from hypothesis import HealthCheck, settings

# The same examples every time: what fails fails for everybody. No limit on time: a machine may be slow.
_NO_HURRY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("default", _NO_HURRY, derandomize=True)
settings.register_profile("search", _NO_HURRY, max_examples=5000)

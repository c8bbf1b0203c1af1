"""What all tests share: the real PostgreSQL, and hypothesis without a clock or a die.

`pytest --hypothesis-profile=search tests/validators` looks much longer, and elsewhere each time.
"""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.postgresql"]

# No test of ours asserts on time, and a busy machine makes any deadline a lie.
_NO_HURRY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples every time: what fails fails for everybody, and CI does not find on Friday what was there on Monday.
settings.register_profile("intake", _NO_HURRY, derandomize=True)
settings.register_profile("search", _NO_HURRY, max_examples=5000)
settings.load_profile("intake")

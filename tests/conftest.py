"""What all tests share: the real PostgreSQL, and hypothesis without a clock."""

from hypothesis import settings

pytest_plugins = ["tests.postgresql"]

# No test of ours asserts on time, and a busy machine makes any deadline a lie.
settings.register_profile("intake", deadline=None)
settings.load_profile("intake")

"""How much hypothesis looks for. `pytest --hypothesis-profile=search tests/validators` looks much longer, and anew."""

from hypothesis import settings

# The same examples every time: what fails fails for everybody. No limit on time: a machine may be slow.
settings.register_profile("default", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=5000, deadline=None)

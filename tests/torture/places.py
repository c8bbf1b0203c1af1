"""The databases that the short form goes to, as pytest has them."""

from typing import Final

import pytest

from tests.torture.place import Place, Postgresql, Sqlite

PLACES: Final = ("sqlite", "postgresql")


def the_place(request: pytest.FixtureRequest) -> Place:
    """Return the place that a fixture is asked for."""
    return Sqlite() if request.param == "sqlite" else Postgresql(request.getfixturevalue("postgresql_server"))

"""What is on its way into the database shows no value, to no one who prints it."""

import pytest
from rich.pretty import pretty_repr

from loaders.batch import Accepted, Batch, Rejected
from validators import Fault

MARK = "mark-of-a-value"
ACCEPTED = Accepted(1, "contact", {"first_name": MARK}, MARK)
REJECTED = Rejected(2, 3, "contact", (Fault("name.characters", "last_name"),), {"last_name": MARK}, MARK)


@pytest.mark.parametrize(
    "shown",
    [ACCEPTED, REJECTED, Batch(1, 2, 2, 0, [ACCEPTED], [REJECTED], {})],
    ids=lambda shown: type(shown).__name__,
)
def test_no_value_is_shown(shown: object) -> None:
    for text in (repr(shown), str(shown), pretty_repr(shown)):
        assert MARK not in text

"""What is on its way into the database shows no value, to no one who prints it."""

import pytest
from rich.pretty import pretty_repr

from loaders.rejection import Rejected
from tests.loaders.shop import POLICY, batch_of, person
from validators import Fault

MARK = "mark-of-a-value"
REJECTED = Rejected(2, 3, "contact", (Fault("name.characters", "last_name"),), {"last_name": MARK}, MARK)
BATCH = batch_of(1, [person(1, MARK), REJECTED], 2)


@pytest.mark.parametrize(
    "shown",
    [REJECTED, BATCH, BATCH.prepared(POLICY), BATCH.prepared(POLICY).parted["person"]],
    ids=["rejected", "batch", "prepared", "rows"],
)
def test_no_value_is_shown(shown: object) -> None:
    for text in (repr(shown), str(shown), pretty_repr(shown)):
        assert MARK not in text

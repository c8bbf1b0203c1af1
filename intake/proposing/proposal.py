"""What is proposed for a field: an operation that is certain enough to be done, or a question with its candidates."""

import msgspec

from intake.operations.operation import Operation
from intake.proposing.sample import Share


class Candidate(msgspec.Struct, frozen=True):
    """A way to make a field, why it may be the one, what its rule says of the sample, and what the values look like."""

    operation: Operation
    why: str
    share: Share
    shapes: list[str]


class Proposal(msgspec.Struct, frozen=True):
    """What is proposed for a field. Without `chosen` it is a question, to which the candidates are possible answers."""

    field: str
    required: bool
    chosen: Candidate | None
    candidates: list[Candidate] = []


class Proposed(msgspec.Struct, frozen=True):
    """The whole of it: a kind if one was said, every field's proposal, and the columns that go into none."""

    kind: str | None
    fields: list[Proposal]
    extras: list[str]
    empty: int  # columns that go into no field, and hold nothing

    @property
    def has_questions(self) -> bool:
        """Return whether a person must decide something before a file can be imported."""
        return any(one.chosen is None and one.required for one in self.fields)

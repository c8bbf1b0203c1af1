r"""A proposal as a mapping file that a person reads, corrects and gives to `intake import --mapping`.

>>> as_value({"join": ["Nazwa", 'Nazwa "cd."'], "separator": " "})
'{ join = ["Nazwa", "Nazwa \\"cd.\\""], separator = " " }'
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain

from intake.mask import shown_name
from intake.operations.question import ASKED
from intake.proposing.proposal import Candidate, Proposal, Proposed
from intake.proposing.sample import Sample
from validators.policy import Policy

_MOST_EXTRAS = 100
_BARE_KEY = re.compile("[A-Za-z0-9_-]+")


def as_toml(proposed: Proposed, source: str, sample: Sample, policy: Policy) -> str:
    """Return the text of the file."""
    lines = chain(_head(source, sample, policy), _kind(proposed), *map(_field, proposed.fields), _extras(proposed))
    return "\n".join(lines) + "\n"


def as_value(data: object) -> str:
    """Return data (text, lists and tables of it) as TOML has it on one line."""
    if isinstance(data, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {as_value(value)}" for key, value in data.items()) + " }"
    if isinstance(data, list | tuple):
        return "[" + ", ".join(map(as_value, data)) + "]"
    return json.dumps(data, ensure_ascii=False).replace("\x7f", "\\u007F")  # else, JSON's text is TOML's


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else as_value(key)


def _head(source: str, sample: Sample, policy: Policy) -> Iterator[str]:
    read = f"{sample.records:,} records" if sample.is_whole else f"the first {sample.records:,} records"
    yield f"# Of which columns of {shown_name(source)} each field of the policy {policy.identity} is made."
    yield f"# Proposed from {read}. Read it, correct it, and give it to `intake import --mapping`."
    yield "# What each line can say: docs/mapping.md. Shapes: 9 is a digit, X and x are letters."
    yield ""
    yield "[columns]"


def _kind(proposed: Proposed) -> Iterator[str]:
    if proposed.kind:
        yield f"kind = {as_value({'constant': proposed.kind})}"


def _field(proposal: Proposal) -> Iterator[str]:
    yield ""
    if proposal.chosen:
        yield f"# {_told(proposal.chosen)}"
        yield f"{proposal.field} = {as_value(proposal.chosen.operation.as_data())}"
        return
    must = "must have an answer" if proposal.required else "may be taken out"
    yield f'# QUESTION, which {must}: put what is right in the place of "{ASKED}".'
    yield f"{proposal.field} = {as_value(ASKED)}"
    if not proposal.candidates:
        yield "# No column looks like it."
    for candidate in proposal.candidates:
        yield f"# {proposal.field} = {as_value(candidate.operation.as_data())}"
        yield f"#     {_told(candidate)}"


def _told(candidate: Candidate) -> str:
    share = candidate.share
    passed = f"{share.percent} % of {share.read:,} values pass" if share.read else "there are no values"
    return f"{candidate.why}; {passed}" + "".join(f" · {shape}" for shape in candidate.shapes)


def _extras(proposed: Proposed) -> Iterator[str]:
    if not proposed.extras and not proposed.empty:
        return
    yield ""
    yield "# Not kept, for they go into no field:"
    yield from (f"#   {shown_name(column)}" for column in proposed.extras[:_MOST_EXTRAS])
    if len(proposed.extras) > _MOST_EXTRAS:
        yield f"#   and {len(proposed.extras) - _MOST_EXTRAS:,} more"
    if proposed.empty:
        yield f"#   and {proposed.empty:,} in which nothing stands"

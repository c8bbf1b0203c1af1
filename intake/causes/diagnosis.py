"""What stretches and counts mean: from where something was found to the cause, and what its sentences need."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from intake.causes.cause import Cause
from intake.causes.clues import RECORDS, Seen
from intake.causes.hits import Group
from intake.causes.stretches import Stretch
from intake.columns import KIND, Columns
from intake.mask import shown_name
from validators import Policy

_NOTHING = {"required.missing", "required.placeholder"}
_CELLS = {"too_many_cells": "columns.more_cells", "too_few_cells": "columns.fewer_cells"}
_QUOTES = {"unclosed_quote", "quote_in_cell"}
_OF_FAULTS = {  # and of what was found as a cause already
    "zeros.lost": "zeros.lost",
    "letters.lost": "letters.lost",
    "phone.several": "phones.several",
    "kind.unknown": "kind.unknown_word",
    "kind.looks_like_business": "kind.looks_like_another",
    "extra.forbidden": "extra.filled",
}


class Looks(NamedTuple):
    """What values looked like: the first one's shape, and how many there were of those that could be another field."""

    shape: str | None
    like: Counter[str | None]


class Diagnosis:
    """Puts what was found into causes."""

    def __init__(self, columns: Columns, policy: Policy, looks: Mapping[Group, Looks]) -> None:
        """Take what the sentences are about."""
        self._policy = policy
        self._columns = {one.field: " + ".join(one.columns) for one in columns.assignments()}
        self._looks = looks

    def shifted(self, side: str, seen: Seen) -> Cause:
        """Return the cause of rows whose cells stand beside their columns."""
        return _counted(f"columns.shifted_{side}", seen, None)

    def constant(self, field: str, seen: Seen) -> Cause:
        """Return the cause of a value that comes again and again."""
        return _counted("column.constant", seen, field)

    def stretches(self, dense: Mapping[Group, Stretch]) -> list[Cause]:
        """Return the causes of stretches; a field's of several kinds as one."""
        lacking = self._kinds_that_lack_their_own(dense)
        causes = [_lacks(kind, fields, dense) for kind, fields in lacking.items()]
        of_fields: dict[tuple[str, str | None], Cause] = {}
        for group, stretch in dense.items():
            if group.code in _NOTHING and group.field in lacking.get(group.among, ()):
                continue
            cause = self._cause(group, stretch)
            key = cause.code, cause.field or group.detail
            of_fields[key] = _both(of_fields[key], cause) if key in of_fields else cause
        return [*causes, *of_fields.values()]

    def _cause(self, group: Group, stretch: Stretch) -> Cause:
        code, params = self._code(group)
        looks = self._looks.get(group)
        return Cause(
            code=code,
            records=stretch.hits,
            first_line=stretch.first_line,
            last_line=stretch.last_line,
            field=group.field,
            params=params,
            shape=looks.shape if looks else None,
        )

    def _code(self, group: Group) -> tuple[str, dict[str, str]]:
        """Return the cause's code, and what its sentences need."""
        if group.among == RECORDS:
            return _unread(group.detail)
        field = group.field or ""
        said = {"field": field, "column": self._columns.get(field, shown_name(field))}
        if group.code in _OF_FAULTS:
            return _OF_FAULTS[group.code], said | self._kinds()
        if group.code in _NOTHING:
            there = field in self._columns
            return ("column.empty", said) if there else ("column.absent", {"field": field, "kind": group.among})
        looks = self._looks.get(group)
        like = looks.like.most_common(1)[0][0] if looks else None
        return (
            ("column.of_another_field", said | {"like": like})
            if like
            else ("values.alike", said | {"code": group.code})
        )

    def _kinds(self) -> dict[str, str]:
        recognised = [kind.name for _, kind in self._policy.recognisers]
        return {"known": ", ".join(self._policy.kinds), "like": recognised[0] if recognised else ""}

    def _kinds_that_lack_their_own(self, dense: Mapping[Group, Stretch]) -> dict[str, list[str]]:
        """Return the kinds of whose records nearly all lack every field that gives the kind away, and these fields."""
        nothing = {(group.among, group.field) for group in dense if group.code in _NOTHING}
        own: dict[str, list[str]] = {}
        for field, kind in self._policy.recognisers:
            own.setdefault(kind.name, []).append(field)
        return {kind: fields for kind, fields in own.items() if all((kind, field) in nothing for field in fields)}


def _unread(reason: str) -> tuple[str, dict[str, str]]:
    if reason in _CELLS:
        return _CELLS[reason], {}
    return "quotes.unusual" if reason in _QUOTES else "lines.unreadable", {"reason": reason}


def _counted(code: str, seen: Seen, field: str | None) -> Cause:
    return Cause(
        code=code,
        records=seen.records,
        first_line=seen.first_line,
        last_line=seen.last_line,
        field=field,
        params={"field": field} if field else {},
        shape=seen.shape,
    )


def _lacks(kind: str, fields: list[str], dense: Mapping[Group, Stretch]) -> Cause:
    stretches = [dense[group] for group in dense if group.among == kind and group.field in fields]
    return Cause(
        code="kind.lacks_its_own",
        records=min(one.hits for one in stretches),
        first_line=min(one.first_line for one in stretches),
        last_line=max(one.last_line for one in stretches),
        field=KIND,
        params={"kind": kind, "fields": ", ".join(fields)},
    )


def _both(one: Cause, other: Cause) -> Cause:
    """Return the cause of records of two kinds."""
    return msgspec.structs.replace(
        one,
        records=one.records + other.records,
        first_line=min(one.first_line, other.first_line),
        last_line=max(one.last_line, other.last_line),
        shape=one.shape or other.shape,
    )

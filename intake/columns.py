"""Which column of a source is which field of the policy: by its name where that is beyond doubt, or as a mapping says.

Names are compared by their letters and digits alone, in any case: `Kod_pocztowy`, `kod pocztowy` and `KOD POCZTOWY` are
one. The names and their aliases stand in the policy.

>>> from validators.policy import vipower
>>> columns = Columns(vipower(), {})
>>> columns.target("Kod_Pocztowy"), columns.target("Numer domu")
('postal_code', None)
"""

from collections.abc import Iterable, Mapping

import polars as pl

from intake.assignment import Assignment, By
from intake.mask import shown_header, shown_name
from intake.operations.column import Column
from intake.operations.operation import Operation
from validators.finding import Fault
from validators.judge import KIND_KEYS
from validators.kind import Kind
from validators.policy import Policy

KIND = "kind"
REFERENCE = "source_reference"


class ColumnsError(Exception):
    """A source whose columns do not give what the policy needs. Nothing of it is read."""

    def __init__(self, source: str, problem: str, remedy: str) -> None:
        """Say what is wrong with which source, and what to do."""
        super().__init__(f"{source}: {problem}; {remedy}")


# A source can have a new key in every record (JSON Lines); so many are told apart, the rest go by one name.
_EXTRAS = 1000
_OTHERS = "(other columns)"


class Columns:
    """Tells the field that a column is. `mapping` says how fields are made, and goes before the names."""

    def __init__(self, policy: Policy, mapping: Mapping[str, Operation]) -> None:
        """Take the policy's names and aliases."""
        self._words = {_letters(name): KIND for name in KIND_KEYS}
        self._words |= {_letters(name): REFERENCE for name in (REFERENCE, *policy.reference_aliases)}
        for kind in policy.kinds.values():
            for field in kind.fields:
                self._words |= {_letters(alias): field.name for alias in field.aliases}
        self._fields = {*self._words.values(), *KIND_KEYS}
        fields = [field for kind in policy.kinds.values() for field in kind.fields]
        self._own = {_letters(name) for field in fields for name in (field.name, *field.label.values())}
        self._own |= {_letters(name) for name in (*KIND_KEYS, REFERENCE)}
        self._mapped = {one.column: field for field, one in mapping.items() if isinstance(one, Column)}
        self._made = {field: one for field, one in mapping.items() if not isinstance(one, Column)}
        self._used = {column for one in self._made.values() for column in one.columns}
        self._taken = set(mapping)
        self._names: dict[str, str] = {}
        self._shown: dict[str, str] = {}

    @property
    def made(self) -> tuple[str, ...]:
        """Return the fields that are made of columns, and are none of them themselves."""
        return tuple(self._made)

    def target(self, column: str) -> str | None:
        """Return the field (or `kind`, or `source_reference`) that a column is; None where it is extra."""
        name = self._name(column)
        return name if name in self._fields else None

    def record(self, values: Mapping[str, object]) -> dict[str, object] | None:
        """Return the values under the policy's names, extras under their own; None where two keys fill one field."""
        renamed: dict[str, object] = {}
        for column, value in values.items():
            name = self._names.get(column) or self._name(column)
            if column in self._used and name not in self._fields:  # what it says goes into another field
                continue
            if name not in renamed or renamed[name] in (None, ""):
                renamed[name] = value
            elif name in self._fields and value not in (None, ""):
                return None
        return renamed | {field: one.one(values).value for field, one in self._made.items()}

    def unclear(self, values: Mapping[str, object]) -> list[Fault]:
        """Return why fields cannot be made of a record for certain."""
        made = ((field, one.one(values).fault) for field, one in self._made.items())
        return [Fault(code, field) for field, code in made if code]

    def frame(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
        """Return the rows under the policy's names, and which of them have to be read one by one.

        Those are the ones in which two columns fill one field, or a field cannot be made for certain.
        """
        groups: dict[str, list[pl.Series]] = {}
        for column in rows.columns:
            name = self._names.get(column) or self._name(column)
            if column not in self._used or name in self._fields:
                groups.setdefault(name, []).append(rows[column])
        apart = pl.repeat(value=False, n=len(rows), dtype=pl.Boolean, eager=True)
        renamed = {}
        for name, columns in groups.items():
            renamed[name] = columns[0]
            for other in columns[1:]:
                free = renamed[name].is_null() | (renamed[name] == "")
                if name in self._fields:
                    apart |= ~free & other.is_not_null() & (other != "")
                renamed[name] = renamed[name].zip_with(~free, other)
        for field, one in self._made.items():
            renamed[field], unclear = one.many(rows)
            apart |= unclear
        return pl.DataFrame(renamed), apart.fill_null(value=False)

    def shown(self, name: str) -> str:
        """Return the column that a record's name came from, as it may be shown; of several keys the first."""
        return self._shown.get(name, name)

    def assignments(self) -> list[Assignment]:
        """Return of which columns each field is that was met so far, in their order; last, those that are made."""
        columns: dict[str, list[str]] = {}
        for column, name in self._names.items():
            if name in self._fields:
                columns.setdefault(name, []).append(column)
        assigned = [(field, some, self._by(field, some[0])) for field, some in columns.items()]
        made: list[tuple[str, Iterable[str], By]] = [
            (field, one.columns, "mapping") for field, one in self._made.items()
        ]
        return [Assignment(field, tuple(map(shown_name, some)), by) for field, some, by in [*assigned, *made]]

    def extras(self) -> list[str]:
        """Return the columns met so far that are no field, by names that may be shown."""
        names = (name for column, name in self._names.items() if column not in self._used)
        return [self.shown(name) for name in dict.fromkeys(names) if name not in self._fields]

    def _by(self, field: str, column: str) -> By:
        if self._mapped.get(column) == field:
            return "mapping"
        return "name" if _letters(column) in self._own else "alias"

    def _name(self, column: str) -> str:
        """Return the name that a column's values go by in a record."""
        if column in self._names:
            return self._names[column]
        found = self._mapped.get(column) or self._words.get(_letters(column))
        if found is None or (found in self._taken and column not in self._mapped):
            if len(self._names) > _EXTRAS:
                return _OTHERS
            found = shown_name(column)
            if found in self._fields:  # another column is mapped to the field of this name
                found = f"{found} (column)"
        self._names[column] = found
        self._shown.setdefault(found, shown_name(column))
        return found


def fit(source: str, header: Iterable[str], columns: Columns, policy: Policy, kind: Kind | None) -> None:
    """Raise ColumnsError where a field has two columns, or no kind that may come has all its required fields."""
    header = tuple(header)
    present: dict[str, str] = {}
    for column in header:
        target = columns.target(column)
        if target is None:
            continue
        if target in present:
            both = f"“{shown_name(present[target])}” and “{shown_name(column)}”"
            raise ColumnsError(
                source, f"columns {both} both mean {target}", f"say with --mapping which one is {target}"
            )
        present[target] = column
    present |= dict.fromkeys(columns.made, "the mapping")
    candidates = [kind] if kind else _candidates(policy, present)
    lacking = [(one, _lacking(one, present)) for one in candidates]
    if all(missing for _, missing in lacking):
        nearest, missing = min(lacking, key=lambda pair: len(pair[1]))
        raise ColumnsError(
            source,
            f"no column for {', '.join(missing)}, which a record of kind {nearest.name} must have; "
            f"the columns are {shown_header(header)}",
            "name the columns in a --mapping file (intake map proposes one), say another --kind, "
            "or see whether the header is missing",
        )


def _candidates(policy: Policy, present: Mapping[str, str]) -> list[Kind]:
    """Return the kinds whose records may come from these columns."""
    if KIND in present:
        return list(policy.kinds.values())
    recognised = [kind for name, kind in policy.recognisers if name in present]
    return [*recognised, policy.default_kind]


def _lacking(kind: Kind, present: Mapping[str, str]) -> list[str]:
    return [
        field.name for field in kind.fields if field.required and field.default is None and field.name not in present
    ]


def _letters(name: str) -> str:
    """Return what of a name is compared; empty for a name of signs alone, which is no alias."""
    return "".join(character for character in name.casefold() if character.isalnum())

"""From a sample to a proposal: names first, then parts of names and what the rules say of the values.

A choice is made only where one way stands out; two that are equally good, or a name that the values belie, are a
question.
"""

from collections.abc import Iterable, Iterator

from intake.columns import KIND, REFERENCE
from intake.mask import is_like_a_value
from intake.operations.address import Address
from intake.operations.column import Column
from intake.operations.full_name import SURNAME, FullName, Order
from intake.operations.kind_of import KindOf
from intake.operations.operation import Operation
from intake.operations.phone import Phone
from intake.operations.street import Street
from intake.proposing.names import Nearness, nearness, position
from intake.proposing.proposal import Candidate, Proposal, Proposed
from intake.proposing.sample import Sample, Share
from validators.field import Field
from validators.judge import KIND_KEYS, named
from validators.kind import Kind
from validators.pattern import Pattern
from validators.policy import Policy
from validators.rules.reference import REFERENCE_RULE

_MOST_CANDIDATES = 5
_SURNAME = Pattern(SURNAME)
_ENOUGH = 10  # surnames that can be nothing else, to prove in which order names stand
_VARIED = 5  # other words beside them: `Powiat bialski`, `Powiat łukowski` … are no names
_FEW_WORDS = 10
# A rule that takes one of these cannot tell a column by what stands in it.
_ANYTHING = ("Rynek", "7")


def propose(sample: Sample, policy: Policy, stated: str | None = None) -> Proposed:
    """Return what is proposed for a sample under a policy; `stated` is the kind of all its records, if one was said."""
    return _Proposing(sample, policy, stated).proposed()


class _Proposing:
    def __init__(self, sample: Sample, policy: Policy, stated: str | None) -> None:
        self._sample = sample
        self._policy = policy
        self._stated = stated
        self._columns = [name for name in sample.rows.columns if not is_like_a_value(name)]
        self._fields = {field.name: field for kind in policy.kinds.values() for field in kind.fields}
        self._same = {
            name: [column for column in self._columns if nearness(column, field.aliases) == Nearness.SAME]
            for name, field in self._fields.items()
        }

    def proposed(self) -> Proposed:
        """Go through the fields of the kinds that may come, in the policy's order."""
        kinds = self._kinds()
        fields = {field.name: field for kind in kinds for field in kind.fields}
        required = {field.name for kind in kinds for field in kind.fields if field.required and field.default is None}
        proposals = [*self._technical()]
        for name, field in fields.items():
            chosen, candidates = self._field(field, kinds)
            if chosen or candidates or name in required:
                proposals.append(Proposal(name, name in required, chosen, candidates))
        used = {column for one in proposals if one.chosen for column in one.chosen.operation.columns}
        unused = [column for column in self._sample.rows.columns if column not in used]
        extras = [column for column in unused if self._sample.has_values(column)]
        return Proposed(self._stated, proposals, extras, len(unused) - len(extras))

    def _kinds(self) -> list[Kind]:
        if self._stated:
            return [self._policy.kinds[self._stated]]
        recognised = [kind for name, kind in self._policy.recognisers if self._same[name]]
        return [*dict.fromkeys(recognised)] or [self._policy.default_kind]

    # --- beside the fields -------------------------------------------------------------------------------------------

    def _technical(self) -> Iterator[Proposal]:
        """Propose where a record's kind and its earlier number stand, if a column says so beyond doubt."""
        kind = None if self._stated else next(filter(None, map(self._kind_of, self._columns)), None)
        if kind:
            yield Proposal(KIND, required=False, chosen=kind)
        for column in self._columns:
            if nearness(column, (REFERENCE, *self._policy.reference_aliases)) == Nearness.SAME:
                share = self._sample.share(Column(column), REFERENCE_RULE)
                chosen = self._candidate(Column(column), "its name is one that the policy knows", share)
                yield Proposal(REFERENCE, required=False, chosen=chosen)
                return

    def _kind_of(self, column: str) -> Candidate | None:
        """Return a column as that of the kinds, where its few words are the policy's."""
        words = set(self._sample.texts(column))
        known = sum(named(self._policy, word) is not None for word in words)
        is_called_so = nearness(column, KIND_KEYS) == Nearness.SAME
        if not known or (not is_called_so and (known < len(words) or known > _FEW_WORDS)):
            return None
        return self._candidate(KindOf(column), "its words are kinds of the policy", Share(known, len(words)))

    # --- fields ------------------------------------------------------------------------------------------------------

    def _field(self, field: Field, kinds: Iterable[Kind]) -> tuple[Candidate | None, list[Candidate]]:
        """Return what is chosen for a field, if anything, and else what might be."""
        for ways in (
            self._by_parts,
            self._by_name,
            self._by_whole,
            self._by_part_of_name,
            self._by_values,
            self._by_cells,
        ):
            found = [self._judged(field, operation, why) for operation, why in ways(field, kinds)]
            if not found:
                continue
            proven = [one for one in found if one.share.is_high]
            if len(proven) == 1 and (len(found) == 1 or self._tells(field)):
                return proven[0], []
            if len(found) == 1 and not found[0].share.is_low:
                return found[0], []
            return None, found[:_MOST_CANDIDATES]
        return None, [self._judged(field, *way) for way in self._by_likeness(field)][:_MOST_CANDIDATES]

    def _by_parts(self, field: Field, kinds: Iterable[Kind]) -> Iterator[tuple[Operation, str]]:
        """Yield the composition of columns that the policy calls parts of the field."""
        parts = {part: self._part(headers) for part, headers in field.parts.items()}
        straight = self._same[field.name]
        if parts.get("street") and parts.get("house") and not straight:
            town = next((name for kind in kinds for name in self._towns(kind)), None)
            why = "parts that the policy knows by their names"
            yield Street(parts["street"] or "", parts["house"] or "", flat=parts.get("flat"), town=town), why
        if straight and (parts.get("area_code") or parts.get("extension")):
            why = "parts that the policy knows by their names"
            yield Phone(straight[0], area_code=parts.get("area_code"), extension=parts.get("extension")), why

    def _part(self, headers: Iterable[str]) -> str | None:
        """Return the column of a part: one that is called so, or the only one whose name holds it."""
        headers = tuple(headers)
        for wanted in (Nearness.SAME, Nearness.HOLDS):
            found = [column for column in self._columns if nearness(column, headers) == wanted]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def _towns(self, kind: Kind) -> Iterator[str]:
        for field in kind.fields:
            if field.part_of.get("address") == "town":
                yield from self._same[field.name]

    def _by_name(self, field: Field, _kinds: Iterable[Kind]) -> Iterator[tuple[Operation, str]]:
        for column in self._same[field.name]:
            yield Column(column), "its name is one that the policy knows"

    def _by_whole(self, field: Field, _kinds: Iterable[Kind]) -> Iterator[tuple[Operation, str]]:
        """Yield the taking apart of a column whose cells hold several fields."""
        for whole, part in field.part_of.items():
            for column in self._free():
                if nearness(column, self._policy.wholes[whole]) >= Nearness.HOLDS:
                    yield from self._apart(whole, part, column)

    def _apart(self, whole: str, part: str, column: str) -> Iterator[tuple[Operation, str]]:
        if whole == "address" and part in {"street", "postal_code", "town"}:
            operation = Address(column, part)  # type: ignore[arg-type]  # one of the three
            if self._sample.unclear(operation).is_low:
                yield operation, "a part of what the policy knows by its name"
        if whole == "full_name" and part in {"first", "last"}:
            for order, why in self._orders(column):
                yield FullName(column, order, part), why  # type: ignore[arg-type]  # one of the two

    def _orders(self, column: str) -> Iterator[tuple[Order, str]]:
        """Yield in which order names stand in a column: one if that is beyond doubt, else both."""
        by_name, by_values = self._order_named(column), self._order_found(column)
        orders = {order: why for order, why in (by_name, by_values) if order}
        if not orders:
            orders = dict.fromkeys(("first last", "last first"), "nothing tells in which order the names stand")
        yield from orders.items()

    def _order_named(self, column: str) -> tuple[Order | None, str]:
        places = {
            part: position(column, field.aliases)
            for field in self._fields.values()
            if (part := field.part_of.get("full_name"))
        }
        first, last = places.get("first"), places.get("last")
        if first is None or last is None:
            return None, ""
        return "first last" if first < last else "last first", "the name of the column tells the order"

    def _order_found(self, column: str) -> tuple[Order | None, str]:
        """Tell the order by surnames that can be no first names."""
        cells = [words for text in self._sample.texts(column) if len(words := text.split()) == 2]  # noqa: PLR2004
        first, last = ({words[place].rstrip(",") for words in cells} for place in (0, 1))
        surnames_first, surnames_last = (sum(map(bool, map(_SURNAME.fullmatch, words))) for words in (first, last))
        why = "surnames that can be no first names tell the order"
        if surnames_last >= _ENOUGH and not surnames_first and len(first) >= _VARIED:
            return "first last", why
        if surnames_first >= _ENOUGH and not surnames_last and len(last) >= _VARIED:
            return "last first", why
        return None, ""

    def _by_part_of_name(self, field: Field, _kinds: Iterable[Kind]) -> Iterator[tuple[Operation, str]]:
        for column in self._free():
            if nearness(column, field.aliases) == Nearness.HOLDS:
                yield Column(column), "a part of its name is one that the policy knows"

    def _by_values(self, field: Field, _kinds: Iterable[Kind]) -> Iterator[tuple[Operation, str]]:
        """Yield the columns that a rule takes which does not take everything."""
        if self._tells(field):
            for column in self._free():
                if self._share(Column(column), field).is_high:
                    yield Column(column), "by its values alone"

    def _by_cells(self, field: Field, _kinds: Iterable[Kind]) -> Iterator[tuple[Operation, str]]:
        """Yield the taking apart of columns whose cells leave no doubt that they hold several fields."""
        for whole, part in field.part_of.items():
            for column in self._free():
                found = whole == "address" or self._order_found(column)[0] is not None
                for operation, _ in self._apart(whole, part, column) if found else ():
                    if self._share(operation, field).is_high:
                        yield operation, "by its values alone"

    def _by_likeness(self, field: Field) -> Iterator[tuple[Operation, str]]:
        """Yield columns whose names have something in common with the field's, the nearest first."""
        near = {column: nearness(column, field.aliases) for column in self._free()}
        for column in sorted(filter(near.__getitem__, near), key=lambda one: -near[one]):
            if self._share(Column(column), field).is_high:
                yield Column(column), "a word of its name"

    # --- inside ------------------------------------------------------------------------------------------------------

    def _free(self) -> list[str]:
        """Return the columns whose names say that they are no field and no part of one."""
        taken = {column for columns in self._same.values() for column in columns}
        parts = [headers for field in self._fields.values() for headers in field.parts.values()]
        return [
            column
            for column in self._columns
            if column not in taken and all(nearness(column, headers) < Nearness.SAME for headers in parts)
        ]

    def _share(self, operation: Operation, field: Field) -> Share:
        return self._sample.share(operation, field.rule, self._policy.default_country)

    @staticmethod
    def _tells(field: Field) -> bool:
        return all(field.rule.one(text).value is None for text in _ANYTHING)

    def _judged(self, field: Field, operation: Operation, why: str) -> Candidate:
        return self._candidate(operation, why, self._share(operation, field))

    def _candidate(self, operation: Operation, why: str, share: Share) -> Candidate:
        return Candidate(operation, why, share, self._sample.shapes(operation))

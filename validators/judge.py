"""Judging one record: what is not the policy's goes first, then every field and the fields together, in one pass."""

from collections.abc import Mapping

from validators.field import Field, as_text
from validators.finding import Fault, Fix, Notice
from validators.kind import Kind
from validators.policy import Policy, vipower
from validators.rules.placeholder import is_placeholder
from validators.types import OnExtra
from validators.verdict import Verdict

# How a record says its kind; the words are DESIGN's, in both languages.
KIND_KEYS = ("kind", "rodzaj")
_LONGEST_NAME = 100


def check(
    record: Mapping[str, object],
    *,
    policy: Policy | None = None,
    kind: str | None = None,
    on_extra: OnExtra | None = None,
) -> Verdict:
    """Judge one flat record against a policy (ViPower's unless said) and return the verdict. Raises nothing.

    The kind is `kind`; else what the record says (`kind` or `rodzaj`); else it is recognised by the record's fields.
    `on_extra="reject"` refuses a record with fields that the policy does not name; they are never kept in any case.

    >>> verdict = check({"kind": "login", "ip_address": "192.0.2.7", "pesel": "44051401359"})
    >>> verdict.accepted, verdict.record, verdict.dropped
    (True, {'ip_address': '192.0.2.7'}, ('pesel',))
    >>> [fault.code for fault in check({"kind": "login"}).faults]
    ['required.missing']
    """
    if policy is None:
        policy = vipower()
    if record.__class__ is not dict and not _is_mapping(record):
        return _refused(policy, Fault("record.malformed", params={"reason": "not_an_object"}))
    # Most records are good: one pattern proves those at once. What it does not prove is judged field after field.
    said = record.get("kind") if kind is None else kind
    if said is None:
        said = _likely(record, policy)
    proof = policy.proofs.get(said) if isinstance(said, str) else None
    proven = proof.one(record) if proof else None
    if proof and proven:
        return Verdict(proof.kind, proven[0], (), (), proven[1], (), policy.identity)
    return _judge(record, policy, kind, on_extra or policy.on_extra)


def _likely(record: Mapping[str, object], policy: Policy) -> str:
    """Return the kind to try first for a record that says none; once proven, its fields are no placeholders."""
    for name, kind in policy.recognisers:
        if name in record:
            return kind.name
    return policy.default_kind.name


def _is_mapping(record: object) -> bool:
    return isinstance(record, Mapping)


def _judge(record: Mapping[str, object], policy: Policy, stated: str | None, on_extra: OnExtra) -> Verdict:
    """Judge field after field."""
    kind = kind_of(record, policy, stated)
    if kind is None:
        return _refused(policy, Fault("kind.unknown", "kind", {"known": ", ".join(policy.kinds)}))
    countries = {name: _country(record, policy, field) for name, field in kind.country_fields.items()}
    clean: dict[str, str] = {}
    faults: list[Fault] = []
    notices: list[Notice] = []
    fixes: list[Fix] = []
    for field in kind.fields:
        country = countries.get(field.country_from or "", policy.default_country)
        reading = field.read(record.get(field.name), country)
        if reading.fault:  # what else was found of a refused value is not worth telling
            faults.append(Fault(reading.fault[0], field.name, reading.fault[1]))
            continue
        if reading.value is not None:
            clean[field.name] = reading.value
        notices += [Notice(code, field.name, params) for code, params in reading.notices]
        fixes += [Fix(code, field.name, params) for code, params in reading.fixes]
    dropped = tuple(extras(record, kind))
    faults += _together(record, policy, kind, dropped, on_extra)
    return Verdict(
        kind.name, None if faults else clean, tuple(faults), tuple(notices), tuple(fixes), dropped, policy.identity
    )


def kind_of(record: Mapping[str, object], policy: Policy, stated: str | None = None) -> Kind | None:
    """Return the kind that is stated, or the record says, or is recognised by; None where the policy has no such."""
    if stated is not None:
        return named(policy, stated)
    for key in KIND_KEYS:
        said = record.get(key)
        if not _blank(said):
            return named(policy, said)
    return recognised(record, policy) or policy.default_kind


def recognised(record: Mapping[str, object], policy: Policy) -> Kind | None:
    """Return the kind that one of the record's fields gives away, if any."""
    for kind in policy.kinds.values():
        if any(_says_something(record.get(name)) for name in kind.recognised_by):
            return kind
    return None


def extras(record: Mapping[str, object], kind: Kind) -> list[str]:
    """Return the names of what came with a value and is not a field of the kind. Nothing is not extra."""
    allowed = {*kind.names, *KIND_KEYS}
    return [shown(name) for name, value in record.items() if name not in allowed and not _blank(value)]


def _together(
    record: Mapping[str, object], policy: Policy, kind: Kind, dropped: tuple[str, ...], on_extra: OnExtra
) -> list[Fault]:
    """Judge what the fields say together."""
    faults = []
    other = recognised(record, policy)
    if other and other is not kind and kind is policy.default_kind:
        faults.append(Fault("kind.looks_like_business", "kind", {"kind": other.name}))
    if on_extra == "reject":
        faults += [Fault("extra.forbidden", name) for name in dropped]
    return faults


def _country(record: Mapping[str, object], policy: Policy, field: Field) -> str | None:
    """Return the country that a field of the record says; None where it names one that nobody can read."""
    raw = record.get(field.name)
    if raw is None:
        return field.default or policy.default_country
    if raw == policy.default_country:
        return policy.default_country
    reading = field.read(raw, policy.default_country)
    return None if reading.fault else reading.value or policy.default_country


def named(policy: Policy, word: object) -> Kind | None:
    """Return the kind that a word is a name of, if the policy has one."""
    name = policy.words.get(" ".join(word.split()).casefold()) if isinstance(word, str) else None
    return policy.kinds[name] if name else None


def shown(name: object) -> str:
    """Return a field's name as UTF-8 can hold it; what is no name by its type alone."""
    text = as_text(name)
    return (type(name).__name__ if text is None else text[:_LONGEST_NAME]).encode(errors="replace").decode()


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and (not value or value.isspace()))


def _says_something(value: object) -> bool:
    return not _blank(value) and not (isinstance(value, str) and is_placeholder(value.strip()))


def _refused(policy: Policy, fault: Fault) -> Verdict:
    return Verdict(None, None, (fault,), (), (), (), policy.identity)

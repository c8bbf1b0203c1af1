"""The policy: what may be kept, and by which rules it is judged.

>>> policy = vipower()
>>> policy.kinds["login"].names
('ip_address',)
>>> str(policy.identity)[:14]
'vipower 2026.1'
"""

from functools import cache
from os import PathLike
from typing import TYPE_CHECKING

import msgspec
from msgspec import structs

from validators.field import Field
from validators.kind import Kind
from validators.policy_error import PolicyError, Problem
from validators.proof import Proof, proof_of
from validators.rules import RULES
from validators.shipped import shipped_text
from validators.types import OnExtra

if TYPE_CHECKING:
    from validators.policy_file import Document


class Identity(msgspec.Struct, frozen=True):
    """Which policy it was. The SHA-256 tells two versions apart that call themselves the same."""

    name: str
    version: str
    sha256: str

    def __str__(self) -> str:
        """Return name, version and the first digits of the hash."""
        return f"{self.name} {self.version} ({self.sha256[:12]})"


class Policy(msgspec.Struct, frozen=True, eq=False):
    """A policy ready to judge by."""

    identity: Identity
    controller: str
    kinds: dict[str, Kind]
    words: dict[str, str]  # what people call a kind, in lower case -> its name
    default_kind: Kind
    default_country: str
    on_extra: OnExtra
    rejections_days: int
    reference_aliases: tuple[str, ...]
    proofs: dict[str, Proof]  # by kind; a kind with a field that no pattern proves has none
    wholes: dict[str, tuple[str, ...]]  # cell that holds several fields -> headers of columns that hold such
    recognisers: tuple[tuple[str, Kind], ...]  # a field that gives a kind away, and the kind


def load_policy(path: str | PathLike[str]) -> Policy:
    """Read a policy file; raise PolicyError, with the path of every wrong key, or OSError."""
    from pathlib import Path  # noqa: PLC0415  (late: `import validators` reads no file)

    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8").removeprefix("\ufeff")  # the byte order mark that some editors write
        return _read(text)
    except UnicodeDecodeError as error:
        problem = Problem("policy", f"is not UTF-8 at byte {error.start}; save it as UTF-8")
        raise PolicyError([problem], file.name) from None
    except PolicyError as error:
        raise PolicyError(error.problems, file.name) from None


@cache
def vipower() -> Policy:
    """Return ViPower.PL's policy, which ships with the package and is the default."""
    return _read(shipped_text("policies", "vipower.toml"))


def _read(text: str) -> Policy:
    from validators.policy_file import read_document  # noqa: PLC0415  (late: a policy is read once, at the first order)

    return _build(read_document(text))


def _build(document: "Document") -> Policy:
    kinds = {name: _kind(document, name) for name in document.kinds}
    return Policy(
        identity=Identity(document.name, document.version, document.sha256()),
        controller=document.controller,
        kinds=kinds,
        words={word.casefold(): kind.name for kind in kinds.values() for word in (kind.name, *kind.aliases)},
        default_kind=kinds[document.default_kind],
        default_country=document.default_country,
        on_extra=document.on_extra,
        rejections_days=document.retention.rejections_days,
        reference_aliases=document.reference_aliases,
        wholes=structs.asdict(document.wholes),
        proofs=_proofs(kinds, document.default_country),
        recognisers=tuple((name, kind) for kind in kinds.values() for name in kind.recognised_by),
    )


def _proofs(kinds: dict[str, Kind], country: str) -> dict[str, Proof]:
    proofs = {name: proof_of(name, kind.fields, country) for name, kind in kinds.items()}
    return {name: proof for name, proof in proofs.items() if proof}


def _kind(document: "Document", name: str) -> Kind:
    entry = document.kinds[name]
    return Kind(
        name=name,
        label=msgspec.to_builtins(entry.label),
        clause=entry.clause,
        table=entry.table,
        fields=tuple(
            _field(document, one, entry.clause, one in entry.required) for one in entry.required + entry.optional
        ),
        aliases=(*msgspec.to_builtins(entry.label).values(), *entry.aliases),
        identity=entry.identity,
        recognised_by=entry.recognised_by,
    )


def _field(document: "Document", name: str, clause: str, required: bool) -> Field:  # noqa: FBT001  (the policy's own word)
    entry = document.fields[name]
    label = msgspec.to_builtins(entry.label)
    return Field(
        name=name,
        rule=RULES[entry.rule],
        required=required,
        clause=clause,
        label=label,
        aliases=(name, *label.values(), *entry.aliases),
        autocomplete=entry.autocomplete,
        default=entry.default,
        country_from=entry.country_from,
        parts={part: headers for part, headers in structs.asdict(entry.parts).items() if headers},
        part_of={whole: part for whole, part in structs.asdict(entry.part_of).items() if part},
    )

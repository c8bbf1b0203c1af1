"""A mapping file: of which columns of a source each field is made, where the names alone do not say it.

[columns]
company_name = "Nazwa"
phone = { number = "Telefon", area_code = "Kierunkowy" }
email = "?"                     # a question that nobody has answered yet

It is read strictly: every mistake is named by the path of its key. docs/mapping.md has all that it can say.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from intake.columns import KIND, REFERENCE
from intake.mask import shown_header, shown_name
from intake.operations import OPERATIONS
from intake.operations.column import Column
from intake.operations.constant import Constant
from intake.operations.kind_of import KindOf
from intake.operations.operation import Operation
from intake.operations.question import ASKED, Question
from validators.judge import named
from validators.kind import Kind
from validators.policy import Policy
from validators.policy_error import Problem
from validators.strict_table import did_you_mean, wrong_table


class MappingError(Exception):
    """A mapping that cannot be used: each line says what is wrong where, and what to do."""

    def __init__(self, path: Path, problems: Iterable[str | Problem]) -> None:
        """Say what is wrong in which file."""
        super().__init__("\n".join(f"{path.name}: {problem}" for problem in problems))


def read_mapping(path: Path, policy: Policy) -> Mapping[str, Operation]:
    """Return field -> how it is made; raise MappingError with all that is wrong."""
    try:
        tree = tomllib.loads(
            path.read_text(encoding="utf-8").removeprefix("\ufeff")
        )  # the mark that some editors write
    except OSError as error:
        raise MappingError(path, [f"cannot be read ({error.strerror}); check its name and rights"]) from None
    except UnicodeDecodeError:
        raise MappingError(path, ["is not UTF-8; save it as UTF-8"]) from None
    except (ValueError, RecursionError) as error:  # no TOML; longer integers, or deeper, than Python takes
        raise MappingError(path, [f"is not TOML: {error}; correct it"]) from None
    columns = tree.get("columns")
    if tree.keys() != {"columns"} or not isinstance(columns, dict):
        raise MappingError(
            path, ['must have the table [columns] and nothing else; write lines such as nip = "NIP" below it']
        )
    if problems := list(_wrong(columns, policy)):
        raise MappingError(path, problems)
    return {field: _operation(said) for field, said in columns.items()}


def fit_mapping(path: Path, mapping: Mapping[str, Operation], header: tuple[str, ...]) -> None:
    """Raise MappingError where the mapping names a column that the source does not have."""
    named_columns = dict.fromkeys(column for operation in mapping.values() for column in operation.columns)
    missing = [column for column in named_columns if column not in header]
    if missing:
        names = ", ".join(f"“{shown_name(column)}”" for column in missing)
        raise MappingError(path, [f"the file has no column {names}; its columns are {shown_header(header)}"])


def fit_questions(path: Path, mapping: Mapping[str, Operation], kinds: Iterable[Kind]) -> None:
    """Raise MappingError where a field that one of the kinds must have is a question still."""
    asked = {field for field, operation in mapping.items() if isinstance(operation, Question)}
    required = {field.name: kind for kind in kinds for field in kind.fields if field.required and field.default is None}
    problems = [
        f"columns.{name}: this is a question that nobody has answered, and a record of kind {kind.name} must have it; "
        'put a column in the place of "?" (candidates may stand below it), or take the line out'
        for name, kind in required.items()
        if name in asked
    ]
    if problems:
        raise MappingError(path, problems)


def kind_said(mapping: Mapping[str, Operation], policy: Policy) -> str | None:
    """Return the kind that a mapping says all records are of, if it does."""
    operation = mapping.get(KIND)
    kind = named(policy, operation.constant) if isinstance(operation, Constant) else None
    return kind.name if kind else None


def _operation(told: Any) -> Operation:  # noqa: ANN401  (what TOML has, once it is known to be right)
    if isinstance(told, str):
        return Question() if told == ASKED else Column(told)
    operation = next(kind for key, kind in OPERATIONS.items() if key in told)
    return msgspec.convert(told, operation)


def _wrong(columns: dict[str, Any], policy: Policy) -> Iterator[Problem]:
    known = [*dict.fromkeys(name for kind in policy.kinds.values() for name in kind.names), KIND, REFERENCE]
    straight: dict[str, str] = {}
    for field, told in columns.items():
        path = f"columns.{shown_name(field)}"
        if field not in known:
            yield Problem(path, f"no such field; {did_you_mean(field, known)}")
            continue
        if problems := list(_wrong_entry(path, told)):
            yield from problems
            continue
        operation = _operation(told)
        yield from _wrong_kind(path, field, operation, policy)
        for column in operation.columns if isinstance(operation, Column) else ():
            if (other := straight.setdefault(column, field)) != field:
                yield Problem(path, f"one column is mapped to two fields, to {other} too; keep one of them")


def _wrong_entry(path: str, told: object) -> Iterator[Problem]:
    """Find what is no operation."""
    if isinstance(told, str):
        return
    if not isinstance(told, dict):
        yield Problem(path, 'must be the name of a column, in quotes, or an operation, such as { join = ["A", "B"] }')
        return
    operation = next((kind for key, kind in OPERATIONS.items() if key in told), None)
    if operation is None:
        keys = ", ".join(f"`{key}`" for key in OPERATIONS)
        guess = did_you_mean(next(iter(told)), OPERATIONS) if told else f"known are {keys}"
        yield Problem(path, f"none of its keys says an operation; {guess}")
        return
    yield from wrong_table(operation, path, told)


def _wrong_kind(path: str, field: str, operation: Operation, policy: Policy) -> Iterator[Problem]:
    """Find words that are no kinds, where a record's kind is said; and kinds said of another field."""
    if isinstance(operation, KindOf) and field != KIND:
        yield Problem(f"{path}.kind_of", f"says a record's kind, and {field} is none; use it for `{KIND}`")
    elif isinstance(operation, KindOf):
        for word, kind in operation.words.items():
            if kind not in policy.kinds:
                yield Problem(
                    f"{path}.words", f"“{shown_name(word)}”: no such kind; {did_you_mean(kind, policy.kinds)}"
                )
    elif isinstance(operation, Constant) and field == KIND and not named(policy, operation.constant):
        yield Problem(f"{path}.constant", f"no such kind; {did_you_mean(operation.constant, policy.kinds)}")

"""A mapping file: which column of a source each field is read from, where the names alone do not say it.

[columns]
company_name = "Nazwa"
phone = "Telefon"
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from intake.columns import KIND, REFERENCE
from intake.mask import shown_header, shown_name
from validators.policy import Policy


class MappingError(Exception):
    """A mapping that cannot be used."""

    def __init__(self, path: Path, problem: str, remedy: str) -> None:
        """Say what is wrong in which file, and what to do."""
        super().__init__(f"{path.name}: {problem}; {remedy}")


def read_mapping(path: Path, policy: Policy) -> Mapping[str, str]:
    """Return field -> column; raise MappingError."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(path, f"cannot be read ({error.strerror})", "check its name and rights") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problem = f"is not TOML: {error}" if isinstance(error, tomllib.TOMLDecodeError) else "is not UTF-8"
        raise MappingError(path, problem, "correct it") from None
    columns = tree.get("columns")
    if tree.keys() != {"columns"} or not isinstance(columns, dict):
        raise MappingError(path, "must have the table [columns] and nothing else", 'write lines such as nip = "NIP"')
    known = {name for kind in policy.kinds.values() for name in kind.names} | {KIND, REFERENCE}
    for field, column in columns.items():
        if field not in known:
            raise MappingError(
                path, f"columns.{shown_name(field)}: no such field", f"known are {', '.join(sorted(known))}"
            )
        if not isinstance(column, str):
            raise MappingError(path, f"columns.{field}: must be the name of a column, in quotes", "correct it")
    if len(set(columns.values())) < len(columns):
        raise MappingError(path, "one column is mapped to two fields", "keep one of them")
    return columns


def fit_mapping(path: Path, mapping: Mapping[str, str], header: tuple[str, ...]) -> None:
    """Raise MappingError where the mapping names a column that the source does not have."""
    missing = [column for column in mapping.values() if column not in header]
    if missing:
        raise MappingError(
            path,
            f"the file has no column {', '.join(f'“{shown_name(column)}”' for column in missing)}",
            f"its columns are {shown_header(header)}",
        )

"""What can go wrong with a database. The driver's own words hold values and never leave this folder."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError


class DatabaseError(Exception):
    """A failure that holds until somebody changes something. `code` is stable, `remedy` says what to do."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        """Keep what happened and what to do."""
        super().__init__(f"{message} {remedy}")
        self.code = code


class DatabaseTemporaryError(DatabaseError):
    """A failure that may be gone next time: the same command goes on from the last batch."""


class DatabaseShapeError(DatabaseError):
    """A database whose tables do not fit the policy."""

    def __init__(self, differences: tuple[str, ...]) -> None:
        """Keep what differs."""
        self.differences = differences
        super().__init__(
            "database.shape",
            "The database does not fit the policy: " + "; ".join(differences) + ". Nothing was changed.",
            "intake db upgrade, with the same --into and --policy, mends what it can, and intake db check tells what "
            "to do about the rest; or give another database, or the policy that this one was made for.",
        )


_URL = ("database.url", "The address of the database cannot be read.", "It looks like sqlite:///customers.db .")

# SQLite's result codes (sqlite.org/rescode.html) by their primary name.
_SQLITE = {
    "SQLITE_READONLY": (
        DatabaseTemporaryError,
        "database.read_only",
        "The database may not be written.",
        "Make the file and its folder writable and run the same command again.",
    ),
    "SQLITE_BUSY": (
        DatabaseTemporaryError,
        "database.busy",
        "Another process is writing to the database.",
        "Wait until it has finished and run the same command again.",
    ),
    "SQLITE_LOCKED": (
        DatabaseTemporaryError,
        "database.busy",
        "Another process is writing to the database.",
        "Wait until it has finished and run the same command again.",
    ),
    "SQLITE_FULL": (
        DatabaseTemporaryError,
        "database.full",
        "The disk is full.",
        "Make room and run the same command again; it goes on from the last batch.",
    ),
    "SQLITE_IOERR": (
        DatabaseTemporaryError,
        "database.disk",
        "The disk failed.",
        "See to the disk and run the same command again.",
    ),
    "SQLITE_CANTOPEN": (
        DatabaseError,
        "database.not_opened",
        "The database file cannot be opened or made.",
        "See whether its folder exists and may be written.",
    ),
    "SQLITE_NOTADB": (
        DatabaseError,
        "database.not_a_database",
        "The file is no SQLite database.",
        "Give another file with --into.",
    ),
    "SQLITE_CORRUPT": (
        DatabaseError,
        "database.corrupt",
        "The database file is damaged.",
        "Restore it from a copy; `PRAGMA integrity_check` tells more.",
    ),
    "SQLITE_AUTH": (DatabaseError, "database.denied", "The database denies it.", "See to the rights."),
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours, without their text, which may hold values."""
    try:
        yield
    except (ArgumentError, NoSuchModuleError):
        raise DatabaseError(*_URL) from None
    except DBAPIError as error:
        raise _translate(error) from None


def _translate(error: DBAPIError) -> DatabaseError:
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    primary = "_".join(name.split("_")[:2])
    if primary in _SQLITE:
        kind, code, message, remedy = _SQLITE[primary]
        return kind(code, message, remedy)
    known = name or getattr(error.orig, "sqlstate", None) or type(error.orig).__name__
    return DatabaseError("database.failed", f"The database refused ({known}).", "Nothing of this batch was kept.")

"""What can go wrong with a database. The driver's own words hold values and never leave this folder."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from loaders.tables import IDENTITY


class DatabaseError(Exception):
    """A failure that holds until somebody changes something. `code` is stable, `remedy` says what to do."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        """Keep what happened and what to do."""
        super().__init__(f"{message} {remedy}")
        self.code = code
        self.message = message


class DatabaseTemporaryError(DatabaseError):
    """A failure that may be gone next time: the same command goes on from the last batch."""


class DatabaseUnavailableError(DatabaseTemporaryError):
    """A failure that is likely gone in a moment, without anybody's doing: it is worth waiting and trying again."""


class DatabaseRefusedError(DatabaseError):
    """A row that the database refuses, by a rule of its own: another row may well be taken.

    `reason` is the SQLSTATE, or SQLite's name of the error.
    """

    def __init__(self, reason: str) -> None:
        """Keep what the database calls it."""
        super().__init__("database.failed", f"The database refused ({reason}).", "Nothing of this batch was kept.")
        self.reason = reason


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

_AGAIN = "Run the same command again; it goes on from the last batch."

Failure = tuple[type[DatabaseError], str, str, str]  # what is raised, its code, what happened, what to do

_BUSY: Failure = (
    DatabaseUnavailableError,
    "database.busy",
    "Another process holds the database: an import, or a program in which somebody is changing it.",
    "Wait until it has finished, or end it, and run the same command again; it goes on from the last batch.",
)
_FULL: Failure = (DatabaseTemporaryError, "database.full", "The disk is full.", f"Make room. {_AGAIN}")
_DENIED: Failure = (DatabaseError, "database.denied", "The database denies it.", "See to the rights.")
_LOST: Failure = (
    DatabaseUnavailableError,
    "database.connection",
    "The database does not answer.",
    f"See whether it runs, and whether its address is right. {_AGAIN}",
)
_CONFLICT: Failure = (
    DatabaseUnavailableError,
    "database.conflict",
    "Another process changed the same rows at the same time.",
    _AGAIN,
)
_CANCELLED: Failure = (
    DatabaseTemporaryError,
    "database.cancelled",
    "The database cancelled the statement.",
    _AGAIN,
)
_LOCKED_OUT: Failure = (
    DatabaseError,
    "database.not_opened",
    "The database server does not let this user into this database.",
    "See to the names of the user and the database, to the password, and to the server's pg_hba.conf.",
)

# SQLite's result codes (sqlite.org/rescode.html) by their primary name.
_SQLITE: Mapping[str, Failure] = {
    "SQLITE_READONLY": (
        DatabaseTemporaryError,
        "database.read_only",
        "The database may not be written.",
        "Make the file and its folder writable and run the same command again.",
    ),
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_FULL": _FULL,
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
    "SQLITE_AUTH": _DENIED,
}
_REFUSED_BY_SQLITE = ("SQLITE_CONSTRAINT", "SQLITE_TOOBIG", "SQLITE_MISMATCH")

# PostgreSQL's SQLSTATEs (its manual, appendix A), or their first two digits, which are their class.
_POSTGRESQL: Mapping[str, Failure] = {
    "08": _LOST,
    "2200H": (
        DatabaseError,
        "database.numbers",
        "A sequence of the database has no number left.",
        "Let it, and the column that it fills, count further (bigint).",
    ),
    "25P03": _LOST,  # idle_in_transaction_session_timeout: the server ended the connection
    "25P04": _CANCELLED,  # transaction_timeout
    "25006": (
        DatabaseTemporaryError,
        "database.read_only",
        "The database may only be read.",
        "It may be a standby: see to it that the address is the primary server's, and run the same command again.",
    ),
    "28": _LOCKED_OUT,
    "3D": _LOCKED_OUT,
    "40": _CONFLICT,  # serialization failure, deadlock
    "42501": _DENIED,
    "53100": _FULL,
    "53": (
        DatabaseUnavailableError,
        "database.resources",
        "The database server has no memory or no connection to spare.",
        f"See to the server. {_AGAIN}",
    ),
    "55P03": _BUSY,  # lock_timeout
    "57014": _CANCELLED,
    "57P": _LOST,  # the server is shut down or starting
    "57P04": _LOCKED_OUT,  # the database was dropped
    "58030": (DatabaseTemporaryError, "database.disk", "The server's disk failed.", f"See to the disk. {_AGAIN}"),
}
# A value that a column does not take, a constraint, a view's WITH CHECK OPTION. And what a trigger raises: PL/pgSQL's
# own class P0, or any that the standard leaves to users, which begins with a letter from I on; those of X are the
# server's.
_REFUSED_BY_POSTGRESQL = ("22", "23", "44", *"IJKLMNOPQRSTUVWYZ")

_UNSAFE: Failure = (
    DatabaseError,
    "database.unsafe",
    "The database server cannot prove by TLS who it is.",
    "See to its certificate, and to the root certificate that it is held against (sslrootcert).",
)
# Where libpq is not let in it has no SQLSTATE, only the server's sentence, which is in the server's language: what is
# not understood is taken for a server that does not answer, which costs time and nothing else.
_SENTENCES: Mapping[str, Failure] = {
    "No space left on device": _FULL,
    "certificate": _UNSAFE,
    "does not support SSL": _UNSAFE,
    "authentication failed": _LOCKED_OUT,
    "does not exist": _LOCKED_OUT,
    "pg_hba.conf": _LOCKED_OUT,
    "no password supplied": _LOCKED_OUT,
    "permission denied": _LOCKED_OUT,
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours, without their text, which may hold values."""
    try:
        yield
    except (ArgumentError, NoSuchModuleError):
        raise DatabaseError(*_URL) from None
    except DBAPIError as error:
        raise failure(error.orig) from None


def disk_full(error: OSError) -> DatabaseError | None:
    """Return what an error of the system means if it is that there is no room on the disk, or none for this user."""
    return _made(_FULL) if error.errno in {errno.ENOSPC, errno.EDQUOT} else None


def failure(error: BaseException | None) -> DatabaseError:
    """Return what an error of a driver (sqlite3's or psycopg's) means."""
    if name := getattr(error, "sqlite_errorname", None):
        return _of_sqlite(name)
    if state := getattr(error, "sqlstate", None):
        return _of_postgresql(state, error)
    match type(error).__module__.partition(".")[0], type(error).__name__:
        case "psycopg", "OperationalError" | "InterfaceError" | "InternalError":  # without a state: of the link
            known = (meant for sentence, meant in _SENTENCES.items() if sentence in str(error))
            return _made(next(known, _LOST))
        case "psycopg", "DataError":  # the driver itself refuses a NUL, as the server would
            return DatabaseRefusedError("22021")
        case _, name:
            return _unknown(name)


def _of_sqlite(name: str) -> DatabaseError:
    if name.startswith(_REFUSED_BY_SQLITE):
        return DatabaseRefusedError(name)
    primary = "_".join(name.split("_")[:2])
    return _made(_SQLITE[primary]) if primary in _SQLITE else _unknown(name)


def _of_postgresql(state: str, error: BaseException | None) -> DatabaseError:
    constraint: str | None = getattr(getattr(error, "diag", None), "constraint_name", None)
    if state == "23505" and (constraint or "").endswith(IDENTITY):
        return _made(_CONFLICT)  # a customer whom somebody else entered since we looked
    if known := next((state[:length] for length in (5, 3, 2) if state[:length] in _POSTGRESQL), None):
        return _made(_POSTGRESQL[known])
    return DatabaseRefusedError(state) if state.startswith(_REFUSED_BY_POSTGRESQL) else _unknown(state)


def _made(meant: Failure) -> DatabaseError:
    kind, code, message, remedy = meant
    return kind(code, message, remedy)


def _unknown(name: str) -> DatabaseError:
    return DatabaseError("database.failed", f"The database refused ({name}).", "Nothing of this batch was kept.")

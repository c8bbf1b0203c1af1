"""The exit statuses of the command. A script may rely on them."""

from collections.abc import Mapping
from enum import IntEnum


class ExitStatus(IntEnum):
    """What a run came to. Of several files' the highest counts."""

    ACCEPTED = 0
    REJECTED = 1
    USAGE = 2
    STOPPED = 3
    TEMPORARY = 4
    UNBALANCED = 5
    FAULT = 70
    INTERRUPTED = 130


EXIT_STATUSES: Mapping[ExitStatus, str] = {
    ExitStatus.ACCEPTED: "Every record was accepted.",
    ExitStatus.REJECTED: "Finished; some records were refused, within the limit. `intake db`: something differs. "
    "`intake map`: questions are open.",
    ExitStatus.USAGE: "A wrong option, policy, mapping, column or database; nothing was read.",
    ExitStatus.STOPPED: "Stopped: the limit was passed, or a file could not be read for certain.",
    ExitStatus.TEMPORARY: "The database or the disk failed; the same command goes on from the last batch.",
    ExitStatus.UNBALANCED: "The books do not balance.",
    ExitStatus.FAULT: "A fault in intake itself; what was committed is kept.",
    ExitStatus.INTERRUPTED: "Interrupted by the user; the same command goes on from the last batch.",
}

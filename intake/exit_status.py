"""The exit statuses of the command. A script may rely on them."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """What a run came to. The highest of several files' counts."""

    ACCEPTED = 0  # every record was accepted
    REJECTED = 1  # finished; some were refused, within the limit
    USAGE = 2  # a wrong option, policy, mapping or database; nothing was read
    STOPPED = 3  # the limit was passed, or a file could not be read for certain
    TEMPORARY = 4  # database or disk failed; the same command goes on from the last batch
    UNBALANCED = 5  # the books do not balance
    INTERRUPTED = 130  # by the user; the same command goes on from the last batch

"""What a file is that is called a workbook, by its first bytes and not by its name.

An old workbook (.xls) lies in a compound file ([MS-CFB]), and so does a new one with a password: there the whole
archive is encrypted, in a stream called EncryptedPackage ([MS-OFFCRYPTO], 2.3.4.4). Old programs in PHP write HTML or
CSV and call it .xls, for Excel opens that too.
"""

import re
from pathlib import Path

from intake.workbooks import archive
from intake.workbooks.archive import Archive
from intake.workbooks.frames import Refused
from intake.workbooks.refusal import RefusalError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEAD = 4096
_BLOCK = 1 << 20
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book", "WORKBOOK", "BOOK"))
# The beginning of BIFF8 or BIFF5 ([MS-XLS], 2.4.21), and FilePass behind it (2.4.117). python-calamine knows one kind
# of it, and would read what the other has made unreadable.
_FILE_PASS = re.compile(
    rb"\x09\x08(?:\x10\x00\x00\x06\x05\x00.{12}|\x08\x00\x00\x05\x05\x00.{4})(?:\x86\x00\x00\x00)?\x2f\x00",
    re.DOTALL,
)
_MARKUP = re.compile(rb"<(?:!doctype|html|head|meta|body|table|\?xml|!--)", re.IGNORECASE)
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def is_workbook(head: bytes) -> bool:
    """Return whether a file that begins so may be a workbook, whatever its name."""
    return head.startswith((archive.MAGIC, MAGIC))


def look(path: Path) -> Archive:
    """Return what is known of a workbook without reading it; RefusalError."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(archive.MAGIC):
        return archive.look(path)
    if head.startswith(MAGIC):
        return _look(path)
    if not head.strip():
        raise RefusalError(Refused("source.empty"))
    if _MARKUP.search(head.replace(b"\0", b"")):
        raise RefusalError(Refused("source.workbook_markup"))
    is_text = b"\0" not in head or head.startswith(_BYTE_ORDER_MARKS)
    raise RefusalError(Refused("source.workbook_text" if is_text else "source.workbook_unknown"))


def _look(path: Path) -> Archive:
    size, tail, is_book = 0, b"", False
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            size += len(block)
            seen = tail + block
            if _ENCRYPTED in seen or _FILE_PASS.search(seen):
                raise RefusalError(Refused("source.workbook_password"))
            is_book = is_book or any(name in seen for name in _BOOKS)
            tail = block[-len(_ENCRYPTED) :]
    if not is_book:
        raise RefusalError(Refused("source.workbook_unknown"))
    return Archive(path, "xls", size)

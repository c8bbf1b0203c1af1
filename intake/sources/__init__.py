r"""Sources: files from strangers as streams of records, each with its place. CSV, JSON Lines, workbooks.

A file of text is read twice: once as bytes, so that nothing is loaded from one that cannot be read for certain, and
once as records, in bounded memory. A workbook is looked at, and read by a process of its own.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     path = Path(folder, "shop.csv")
...     _ = path.write_text("NIP;Miasto\n5260250274;Toruń\n\n5260250274\n", encoding="utf-8")
...     source = open_source(path)
...     source.columns, list(source.items())  # doctest: +NORMALIZE_WHITESPACE
(('NIP', 'Miasto'), [<Record place=Place(record=1, line=2) values=2>,
                     Blank(place=Place(record=2, line=3)),
                     Malformed(place=Place(record=3, line=4), reason='too_few_cells')])
"""

from pathlib import Path

from intake.errors import SourceError
from intake.sources.csv_file import CsvFile
from intake.sources.dialect import usable_delimiter
from intake.sources.encoding import UTF_8, UTF_8_MARKED, encoding_named
from intake.sources.json_lines import JsonLines, decode
from intake.sources.proving import prove, prove_utf8
from intake.sources.source import Blank, Item, Malformed, Place, Record, Source
from intake.sources.text import TextFile, file_name
from intake.sources.workbook import Workbook, seems_workbook

__all__ = ["Blank", "Item", "Malformed", "Place", "Record", "Source", "open_source"]

_JSON_LINES = {".jsonl", ".ndjson"}


def open_source(
    path: Path, *, delimiter: str | None = None, encoding: str | None = None, sheet: str | None = None
) -> Source:
    """Prove that a file can be read and return it as a source; raise SourceError if it cannot.

    `.jsonl` and `.ndjson` are JSON Lines, and so is a file whose first line holds a JSON object; all else is CSV.
    The delimiter is that of CSV, and JSON Lines do not mind it. They are UTF-8 (RFC 8259, section 8.1); CSV may be in
    any encoding that it proves, or that it is said to have and fits. A workbook is known by its first bytes; of all
    three only it minds the sheet, by its name or number, and nothing else that is said here.
    """
    json = path.suffix.casefold() in _JSON_LINES
    told = None if encoding is None else encoding_named(encoding)
    if encoding is not None and (told is None or (json and told != UTF_8)):
        raise SourceError(file_name(path), "source.encoding_unsupported", encoding=encoding)
    character = None if delimiter is None else usable_delimiter(delimiter)
    if delimiter is not None and character is None:
        raise SourceError(file_name(path), "source.delimiter_unusable", delimiter=delimiter)
    if seems_workbook(path):
        return Workbook(path, sheet)
    if json:
        return JsonLines(prove_utf8(path))
    text = prove(path, told)
    if character is None and _holds_objects(text):
        return JsonLines(text if text.encoding in {UTF_8, UTF_8_MARKED} else prove_utf8(path))
    return CsvFile(text, character)


def _holds_objects(text: TextFile) -> bool:
    first = next((line for line in text.lines() if line is None or line.strip()), None)
    return first is not None and first.lstrip().startswith("{") and decode(first) != "not_json"

r"""Sources: files from strangers as streams of records, each with its place: CSV, JSON Lines, Parquet, workbooks.

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
from intake.sources.content import Content, file_name
from intake.sources.csv_file import CsvFile
from intake.sources.encoding import UTF_8, encoding_named
from intake.sources.json_lines import JsonLines, holds_objects, holds_one_value
from intake.sources.layout import Said
from intake.sources.parquet_file import PARQUET, ParquetFile
from intake.sources.proving import prove, prove_utf8
from intake.sources.quoting import Quoting
from intake.sources.source import Blank, Item, Malformed, Place, Record, Source
from intake.sources.workbook import Workbook, seems_workbook

__all__ = ["Blank", "Item", "Malformed", "Place", "Record", "Source", "open_source"]

_JSON_LINES = {".jsonl", ".ndjson"}
_GZIP = ".gz"


def open_source(  # noqa: PLR0913  (what an operator may say of a file)
    path: Path,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    quoting: Quoting | None = None,
    header_line: int | None = None,
    sheet: str | None = None,
) -> Source:
    """Prove that a file can be read and return it as a source; raise SourceError if it cannot.

    `.jsonl` and `.ndjson` are JSON Lines, and so is a file whose first line holds a JSON object; all else is CSV.
    The path `-` is standard input. What is packed with gzip is what it holds, whatever its name.
    Delimiter, quoting and header line are those of CSV, and JSON Lines do not mind them. They are UTF-8 (RFC 8259,
    section 8.1); CSV may be in any encoding that it proves, or that it is said to have and fits. Parquet and workbooks
    are known by their first bytes; a workbook minds the sheet, by its name or number, and both nothing else of these.
    """
    json = _suffix(path) in _JSON_LINES
    told = None if encoding is None else encoding_named(encoding)
    if encoding is not None and told is None:
        raise SourceError(file_name(path), "source.encoding_unsupported", encoding=encoding)
    said = Said(delimiter, quoting, header_line)
    said.check(file_name(path))
    content = Content(path)
    if seems_workbook(content):
        return Workbook(content, sheet)
    if content.head().startswith(PARQUET):
        return ParquetFile(content)
    if json or (said == Said() and holds_objects(content)):
        if told not in {None, UTF_8}:
            raise SourceError(content.name, "source.encoding_unsupported", encoding=str(encoding))
        return JsonLines(prove_utf8(content))
    if said == Said() and holds_one_value(content):
        raise SourceError(content.name, "source.not_lines")
    return CsvFile(prove(content, told), said)


def _suffix(path: Path) -> str:
    """Return what a name says of what the file holds."""
    inner = path.with_suffix("") if path.suffix.casefold() == _GZIP else path
    return inner.suffix.casefold()

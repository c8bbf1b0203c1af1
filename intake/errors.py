"""Errors that a person is shown: a stable code, where it happened, and one sentence that says what to do.

>>> error = SourceError("customers.jsonl", "source.not_utf8", line=12, column=3, offset=345, bytes="B3")
>>> error.code, error.line, error.column, dict(error.params)
('source.not_utf8', 12, 3, {'offset': 345, 'bytes': 'B3'})
>>> print(str(error).partition(";")[0])
customers.jsonl: line 12, byte 3 of the line (offset 345 of the file): B3 is not UTF-8, as JSON is (RFC 8259)
"""

from collections.abc import Mapping, Sequence

_PLACE = "line {line}, byte {column} of the line (offset {offset} of the file): "

# code -> what is wrong, and what to do about it. Braces are filled with the error's line, column and parameters.
_SENTENCES: Mapping[str, tuple[str, str]] = {
    "source.missing": ("there is no such file", "check its name and folder"),
    "source.is_directory": ("this is a folder", "name the files in it"),
    "source.not_a_file": ("this is a device or a pipe, which cannot be read twice", "save its content as a file first"),
    "source.not_permitted": ("this user may not read the file", "give the user the right to read it"),
    "source.unreadable": ("the system cannot read the file ({error})", "copy it to another disk and try the copy"),
    "source.empty": ("the file holds nothing", "check whether its export succeeded"),
    "source.not_kept": (
        "it is read twice and cannot be kept in a temporary file for that ({error})",
        "make room there, or name another folder in TMPDIR, and run the same command again; or save it as a file first",
    ),
    "source.gzip_broken": (
        "the gzip data is not whole ({reason}, near offset {offset} of the file)",
        "copy or export it again; `gzip -t` tells whether it is whole",
    ),
    "source.bomb": (
        "the file holds more than {most} times as much as it takes up",
        "no customers' data is so; if it is all the same, unpack it yourself and import that",
    ),
    "source.packed": (
        "the file is packed with {packer}, which is not undone here",
        "unpack it first; a text file may be packed with gzip, once",
    ),
    "source.parquet_broken": (
        "the Parquet file is cut short or damaged, and cannot be read beyond record {record}",
        "copy or export it again",
    ),
    "source.parquet_memory": (
        "reading the Parquet file beyond record {record} takes more than {limit} MB of memory",
        "do not read it unless you know where it came from; else export it again in smaller pages, or as CSV",
    ),
    "source.parquet_failed": (
        "the reader of Parquet failed on it beyond record {record}",
        "export it again, or as CSV",
    ),
    "source.parquet_columns": (
        "the file has {columns} columns; a table of customers has from 1 to {most}",
        "export those that are needed",
    ),
    "source.parquet_reader_missing": (
        "what reads Parquet is not installed",
        "install it: pip install 'vipower-intake[parquet]'",
    ),
    "source.same_columns": (
        "columns {first} and {column} are both called “{name}”",
        "rename or remove one",
    ),
    "source.not_lines": (
        "the file is one JSON value, and not one JSON object a line",
        "make lines of it, of an array so: jq -c '.[]' FILE > FILE.jsonl",
    ),
    "source.changed": (
        "the file changed while it was being read",
        "wait until whatever writes it has finished, then start again",
    ),
    "source.encoding_unsupported": (
        "the encoding {encoding} cannot be read",
        "these can: utf-8, utf-16, windows-1250, iso-8859-2, cp852, maccentraleurope; JSON Lines in UTF-8 only",
    ),
    "source.other_encoding": (
        "the file begins with {bytes}, the byte order mark of {encoding}, which cannot be read",
        "convert it to UTF-8 first",
    ),
    "source.not_utf8": (
        _PLACE + "{bytes} is not UTF-8, as JSON is (RFC 8259)",
        "convert the file to UTF-8 first",
    ),
    "source.encoding_misfit": (
        _PLACE + "{bytes} is not {encoding}",
        "what fits (--encoding): {fitting}; else correct that place, or export the file again in one encoding",
    ),
    "source.encoding_unproven": (
        _PLACE + "{bytes} is not the same in every encoding that the file may have",
        "say which it has (--encoding): {fitting}",
    ),
    "source.encoding_mixed": (
        _PLACE + "{bytes} is not {encoding}, as the rest of the file is",
        "correct that place, or export the file again in one encoding",
    ),
    "source.encoding_doubtful": (
        _PLACE + "{bytes} is a sign where a letter ought to be in {encoding}, as the rest of the file is",
        "correct that place, or say --encoding {encoding} if the sign is meant",
    ),
    "source.doubly_encoded": (
        _PLACE + "{bytes} was encoded twice: UTF-8, read as something else and written as {encoding} again",
        "correct such places, or export the file again from where it is right",
    ),
    "source.header_unreadable": (
        "line {line}: the header cannot be read ({reason})",
        "correct it: names between delimiters, and quotes only around whole names",
    ),
    "source.header_unclear": (
        "line {line}: it is not certain whether this is the header, or a line further down",
        "say on which line it stands with --header-line (1 is the first)",
    ),
    "source.header_missing": (
        "line {line}: there is nothing that could be the header",
        "correct --header-line, or leave it out",
    ),
    "source.quoting_unclear": (
        "line {line}: what its quotes mean contradicts what others of the file say",
        "correct it, or say what they mean with --quoting: doubled, backslash, single or none",
    ),
    "source.duplicate_column": (
        "line {line}: columns {first} and {column} of the header are both called “{name}”",
        "rename or remove one",
    ),
    "source.delimiter_unclear": (
        "the first rows do not tell for certain what separates the columns",
        "say it with --delimiter",
    ),
    "source.delimiter_unusable": (
        "“{delimiter}” cannot be a delimiter",
        "give one character that is neither a quote nor a line end, such as ; or , or | (a tab is \\t)",
    ),
    "source.workbook_markup": (
        "this is a web page or XML under a workbook's name, as old programs export it",
        "open it in a spreadsheet program and save it as .xlsx",
    ),
    "source.workbook_text": (
        "this is text, probably CSV, under a workbook's name",
        "give it a name that ends in .csv",
    ),
    "source.workbook_unknown": (
        "this is no workbook, whatever its name says",
        "see which program made it, and export its data as .xlsx or CSV",
    ),
    "source.workbook_archive": (
        "this is an archive, and no workbook",
        "unpack it and give the files that are in it",
    ),
    "source.workbook_password": (
        "the workbook is protected by a password",
        "open it in a spreadsheet program, take the password off and save it",
    ),
    "source.workbook_damaged": (
        "the workbook cannot be read: it is cut short, or damaged",
        "fetch it again from where it came, or open it in a spreadsheet program and save it anew",
    ),
    "source.workbook_false_size": (
        "a part of the workbook is larger or smaller than the archive says",
        "do not open it unless you know where it came from; else save it anew in a spreadsheet program",
    ),
    "source.workbook_ambiguous": (
        "two parts of the workbook's archive have the same name",
        "do not open it unless you know where it came from; else save it anew in a spreadsheet program",
    ),
    "source.workbook_bomb": (
        "the workbook's archive unpacks to far more than a table of customers takes",
        "do not open it unless you know where it came from; else save the sheet alone as CSV",
    ),
    "source.workbook_memory": (
        "reading the workbook takes more than 2 GiB of memory",
        "see whether a cell is filled far from the table (Ctrl+End), or save the sheet as CSV",
    ),
    "source.workbook_slow": (
        "reading the workbook takes too long for its size",
        "save it anew in a spreadsheet program, or the sheet as CSV",
    ),
    "source.workbook_failed": (
        "the reader of workbooks failed on it",
        "save it anew in a spreadsheet program, or the sheet as CSV",
    ),
    "source.workbook_reader_missing": (
        "what reads workbooks is not installed",
        "install it: pip install 'vipower-intake[workbooks]'",
    ),
    "source.sheet_unclear": (
        "more than one sheet holds something: {sheets}",
        "say which with --sheet, by its name or number",
    ),
    "source.sheet_unknown": (
        "there is no sheet “{sheet}”; there are {sheets}",
        "say one of them with --sheet, by its name or number",
    ),
    "source.sheet_empty": (
        "the sheet “{sheet}” holds nothing",
        "say another with --sheet",
    ),
    "source.sheet_too_wide": (
        "the header of the sheet “{sheet}” has more than {limit} columns",
        "delete those that hold no data of customers",
    ),
}

_LONGEST_SHOWN = 60
_MOST_SHOWN = 30

Param = int | str | Sequence[str]


class SourceError(Exception):
    """A source that cannot be read for certain, so that nothing of it is read, or nothing more.

    `source` is the file's name without folders. `line` counts from 1; `column` is the byte of that line where bytes
    are at fault, else the column of the table, both from 1; `offset` among the parameters counts from 0, as hex dumps
    do. No cell's value is ever among them: only names of columns, and the bytes of one character.
    """

    def __init__(
        self, source: str, code: str, *, line: int | None = None, column: int | None = None, **params: Param
    ) -> None:
        """Take what `code` is about; its sentence is drawn from the catalogue of this module."""
        what, remedy = _SENTENCES[code]
        self.source = source
        self.code = code
        self.line = line
        self.column = column
        self.params: Mapping[str, Param] = params
        told = {name: _told(value) for name, value in params.items()}
        self.remedy = remedy.format(**told)
        super().__init__(f"{shown(source)}: {what.format(line=line, column=column, **told)}; {self.remedy}")


def _told(value: Param) -> int | str:
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return shown(value)
    rest = f", and {len(value) - _MOST_SHOWN} more" if len(value) > _MOST_SHOWN else ""
    return ", ".join(map(shown, value[:_MOST_SHOWN])) + rest


def shown(name: str) -> str:
    """Return a name as a terminal may show it: short, and without anything that could steer the terminal."""
    short = name if len(name) <= _LONGEST_SHOWN else name[: _LONGEST_SHOWN - 1] + "…"
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in short)

"""A workbook that is not read: what its reading raises in the child, and what the parent makes a SourceError of."""


from collections.abc import Sequence


class RefusalError(Exception):
    """The code of a SourceError and its parameters; never a cell's value."""

    def __init__(self, code: str, **params: int | str | Sequence[str]) -> None:
        """Take what is wrong."""
        super().__init__(code)
        self.code = code
        self.params = params

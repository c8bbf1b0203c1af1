"""A workbook that is not read: what its reading raises in the child, and what the parent makes a SourceError of."""

from intake.workbooks.frames import Refused


class RefusalError(Exception):
    """Why the workbook is not read; never with a cell's value."""

    def __init__(self, refused: Refused) -> None:
        """Take what the parent is told."""
        super().__init__(refused.code)
        self.refused = refused

"""What came of a run: for the summary, the report and `--json`."""

from typing import Literal

import msgspec

from intake.assignment import Assignment
from intake.causes import Cause
from intake.exit_status import ExitStatus
from intake.sources import Source
from intake.tally import Example, Sample
from loaders.run import Books, Findings
from validators.finding import Finding
from validators.policy import Identity

How = Literal["checked", "imported", "continued", "imported_before", "stopped"]


class Outcome(msgspec.Struct, frozen=True):
    """One file's run.

    By code, `examples` has the first of each fault, `said` the first of each notice and fix, `samples` what fixes did.
    `mapping` says which field each column is, `extras` which columns are none.
    """

    how: How
    source: Source
    policy: Identity
    books: Books
    findings: Findings
    examples: dict[str, Example]
    said: dict[str, Finding]
    samples: dict[str, Sample]
    causes: list[Cause]
    mapping: list[Assignment]
    extras: list[str]
    seconds: float
    run: str | None = None
    database: str | None = None  # without its password

    @property
    def accepted(self) -> int:
        """Return how many records were accepted."""
        return self.books.read - self.books.rejected - self.books.blank

    @property
    def status(self) -> ExitStatus:
        """Return the exit status."""
        if self.how == "stopped":
            return ExitStatus.STOPPED
        if self.run is not None and not self.books.balanced:
            return ExitStatus.UNBALANCED
        return ExitStatus.REJECTED if self.books.rejected else ExitStatus.ACCEPTED

    def _source(self) -> dict[str, object]:
        read = self.source.format
        told: dict[str, object] = {"name": self.source.name, "sha256": self.source.sha256}
        told |= {"encoding": read.encoding, "delimiter": read.delimiter}
        if read.sheet is not None:
            told |= {"sheet": read.sheet, "sheets": read.sheets, "hidden": read.hidden}
        return told

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form. A check has no database, so its books say only what was accepted."""
        books = msgspec.to_builtins(self.books)
        if self.run is None:
            books = {
                "read": books["read"],
                "accepted": self.accepted,
                "rejected": books["rejected"],
                "blank": books["blank"],
            }
        return {
            "run": self.run,
            "source": self._source(),
            "policy": msgspec.to_builtins(self.policy),
            "outcome": self.how,
            "books": books,
            **self.findings,
            "format": self.source.format.as_dict(),
            "causes": [cause.as_dict() for cause in self.causes],
            "mapping": [one.as_dict() for one in self.mapping],
            "extras": self.extras,
            "samples": msgspec.to_builtins([*self.samples.values()]),
            "seconds": round(self.seconds, 3),
        }

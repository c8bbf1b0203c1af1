"""What a run leaves in a folder: `report.json`, and `rejections.jsonl` with each rejection's place and reasons.

No values: the shapes of the examples are masked, and the records themselves are in the database.
"""

from pathlib import Path
from typing import BinaryIO

import msgspec
import typer

from intake.outcome import Outcome
from intake.sources import Source
from intake.tally import Example
from loaders.rejection import Rejected
from validators import Policy
from validators.messages import remedy


class Report:
    """A report in the making. The folder is made where there is none; one that cannot be written is a usage error."""

    def __init__(self, folder: Path) -> None:
        """Open the folder."""
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._rejections: BinaryIO = (folder / "rejections.jsonl").open("wb")
        except OSError as error:
            message = f"the folder cannot be written ({error.strerror})."
            raise typer.BadParameter(message, param_hint="--report") from None

    def rejection(self, source: Source, rejected: Rejected) -> None:
        """List a rejection of a source; of a workbook, its line is the row of the sheet."""
        sheet = {} if source.format.sheet is None else {"sheet": source.format.sheet}
        line = {
            "source": source.name,
            **sheet,
            "record": rejected.record,
            "line": rejected.line,
            "kind": rejected.kind,
            "faults": [fault.as_dict("pl") for fault in rejected.faults],
        }
        self._rejections.write(msgspec.json.encode(line) + b"\n")

    def close(self, outcomes: list[Outcome], policy: Policy) -> None:
        """Write report.json and close the folder's files."""
        self._rejections.close()
        told = {"policy": msgspec.to_builtins(policy.identity), "runs": [_told(outcome) for outcome in outcomes]}
        (self._folder / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")


def _told(outcome: Outcome) -> dict[str, object]:
    return outcome.as_dict() | {
        "database": outcome.database,
        "examples": [_example(one) for one in outcome.examples.values()],
    }


def _example(example: Example) -> dict[str, object]:
    fault = example.fault
    return {
        "code": fault.code,
        "field": fault.field,
        "record": example.place.record,
        "line": example.place.line,
        "shape": example.shape,
        "message": {language: fault.message(language) for language in ("en", "pl")},
        "remedy": {language: remedy(fault.code, fault.params, language) for language in ("en", "pl")},
    }

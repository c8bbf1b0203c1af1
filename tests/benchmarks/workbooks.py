"""Reading an XLSX of customers: ours and python-calamine alone, each a whole process."""

from tests.benchmarks import processes
from tests.benchmarks.files import compared

RECORDS = 200_000


def lines(records: int | None, rounds: int) -> list[str]:
    """Return what reading a workbook costs, as lines of a Markdown table; medians of pairs."""
    records = records or RECORDS
    path = processes.workbook(records)
    pairs = [(processes.workbook_chunks(path), processes.workbook_alone(path)) for _ in range(rounds)]
    if any(one.told["rows"] != records for pair in pairs for one in pair):
        message = f"{path.name} was read with another number of rows"
        raise AssertionError(message)
    return [compared(f"reading an XLSX, {records:,} rows", "python-calamine alone", pairs)]

"""Reading a workbook with python-calamine and nothing else: the least that a program built on it can cost.

    python -m tests.benchmarks.workbook_alone FILE.xlsx

It holds no more than one row at a time, beside what the library itself holds, and looks at no cell.
"""

import json
import sys

from python_calamine import CalamineWorkbook


def main() -> None:
    """Read the first sheet and count its rows."""
    rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows()
    print(json.dumps({"rows": sum(1 for _ in rows) - 1}))


if __name__ == "__main__":
    main()

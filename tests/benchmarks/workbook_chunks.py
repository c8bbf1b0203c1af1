"""Reading a workbook as a source: looked at, read by a child, and taken into columns of text.

python -m tests.benchmarks.workbook_chunks FILE.xlsx
"""

import json
import sys
from pathlib import Path

from intake.sources import open_source


def main() -> None:
    """Read the only sheet and count its records."""
    print(json.dumps({"rows": sum(chunk.read for chunk in open_source(Path(sys.argv[1])).chunks())}))


if __name__ == "__main__":
    main()

"""The composition with a database behind it: SQLAlchemy Core inserts, 5,000 rows and a commit at a time.

    python -m tests.benchmarks.composition_into FILE.csv sqlite:///FILE.db

The yardstick of `intake import`: the same tables, opened as the product opens them. Refused rows are counted, no more;
a record that came before is not looked for.
"""

import hashlib
import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, Table, insert

from loaders.database import open_database
from loaders.tables import draw
from tests.benchmarks.composition import Business, judge, rows_of
from validators.policy import vipower

_BATCH = 5000


class Writing:
    """Rows on their way into one table."""

    def __init__(self, engine: Engine, table: Table) -> None:
        self._engine, self._table = engine, table
        now = datetime.now(UTC)
        run = hashlib.sha256(b"run").hexdigest()[:16]
        self._stamp = {"run": run, "policy": vipower().identity.sha256, "created_at": now, "updated_at": now}
        self._rows: list[dict[str, object]] = []

    def put(self, row: dict[str, object]) -> None:
        """Take a row, and write when there are enough."""
        self._rows.append(row | self._stamp)
        if len(self._rows) == _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is there."""
        if self._rows:
            with self._engine.begin() as connection:
                connection.execute(insert(self._table), self._rows)
        self._rows.clear()


def main() -> None:
    """Judge a file and load it."""
    engine, tables = open_database(sys.argv[2]), draw(vipower())
    tables.metadata.create_all(engine)
    businesses, individuals = (Writing(engine, tables.kinds[kind]) for kind in ("business", "individual"))
    counts = Counter[str]()
    for row in rows_of(Path(sys.argv[1])):
        accepted = judge(row)
        counts["accepted" if accepted else "refused"] += 1
        if accepted:
            writing = businesses if isinstance(accepted, Business) else individuals
            writing.put(accepted.model_dump() | {"source_reference": row["source_reference"]})
    businesses.flush()
    individuals.flush()
    print(json.dumps(counts))


if __name__ == "__main__":
    main()

"""How verdicts enter a database: tables drawn from the policy, batches, books. Knows no file formats and no people."""

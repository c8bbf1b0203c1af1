"""How the product's own tables came to be what they are: one file of `versions` for each change, for Alembic to run.

The tables of records are no part of it: they follow the policy, and are changed by comparing (`schema_change`).
"""

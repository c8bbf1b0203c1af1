"""Parquet, read by pyarrow in a process of its own, which may die without the import that started it.

A page of a few hundred kilobytes may unpack to gigabytes, whatever the file says of its size, and pyarrow cannot be
told how much memory it may take. So `child` is started for each reading (`intake.isolation`): under limits, it makes
text of the columns (`texts`) and sends it as `frames`; `process` is its parent's side. Nothing of it is written to a
file.
"""

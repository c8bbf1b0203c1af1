"""Workbooks, read by python-calamine in a process of its own, which may die without the import that started it.

A workbook of 1.4 KB can make its reader ask for 550 GB, which ends the process. So `child` is started for each
workbook (`intake.isolation`): it looks at the archive, reads under limits of memory and time, and sends the rows as
`frames`; `process` is its parent's side. Nothing of it is written to a file.
"""

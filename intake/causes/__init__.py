"""Causes: what many rejections of a file have in common, from which line to which, and what cures it.

Each chunk says what it saw (`clues.py`), in the thread that judges it; one follows the file through (`tracing.py`), and
what it found is put into words (`diagnosis.py`; the sentences stand in `intake/catalogues`).
"""

from intake.causes.cause import Cause
from intake.causes.clues import Clues
from intake.causes.tracing import Tracing

__all__ = ["Cause", "Clues", "Tracing"]

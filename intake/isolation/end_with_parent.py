"""A child that nobody waits for any more ends, however its parent died; and before that, it ends by itself alone."""

import os
import signal
import sys
import threading


def end_with_parent() -> None:
    """End this process when the parent's end of standard input is closed, as it is when the parent has died."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)  # whoever sends them sends them to both; the parent says what becomes of us

    def wait() -> None:
        os.read(sys.stdin.fileno(), 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()

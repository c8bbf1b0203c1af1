"""A child that nobody waits for any more ends, however its parent died."""

import os
import sys
import threading


def end_with_parent() -> None:
    """End this process when the parent's end of standard input is closed, as it is when the parent has died."""

    def wait() -> None:
        os.read(sys.stdin.fileno(), 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()

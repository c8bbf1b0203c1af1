"""The revisions. Each names the one before it, and says what it was in words of its own, so that it never changes."""

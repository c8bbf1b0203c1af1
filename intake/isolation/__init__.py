"""Readers in processes of their own, which a hostile file may end without the import that started them.

`Child` is the parent's side: it starts a program of ours, hears the frames that it sends, and ends it. `framing` is how
frames are told apart, and `end_with_parent` sees to it that no child outlives its parent.
"""

"""Frames as they go through a pipe: each a length and MessagePack.

>>> import msgspec
>>> sent = framed({"rows": 2})
>>> sent[:LENGTH].hex(), msgspec.msgpack.decode(sent[LENGTH:])
('00000007', {'rows': 2})
"""

import msgspec

LENGTH = 4  # bytes of a frame's length


def framed(frame: object) -> bytes:
    """Return a frame as it is sent."""
    content = msgspec.msgpack.encode(frame)
    return len(content).to_bytes(LENGTH, "big") + content

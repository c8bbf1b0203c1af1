r"""JSON as it stands in the database: Polish letters as they are, for the person who reads it there.

>>> json_text({"city": "Łódź", "email": None})
'{"city": "Łódź", "email": null}'

Half of a surrogate pair, which no text of a database can hold, stands there as its escape.

>>> print(json_text({"first_name": "Jan " + chr(0xD83D)}))
{"first_name": "Jan \ud83d"}
"""

import json

import msgspec


def json_text(value: object) -> str:
    """Return a value as JSON on one line."""
    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(value)
        return json.dumps(plain, ensure_ascii=False).encode(errors="backslashreplace").decode()
    return msgspec.json.format(encoded, indent=0).decode()  # 0: on one line, with spaces

"""Browser and operating system: family and major version. A raw User-Agent is a fingerprint, so it is reduced first.

ua-parser knows the User-Agents; it is asked only for texts that look like one, and loads when first asked. What names
neither a family nor a User-Agent is left out with a notice: a visit is not refused for its browser.

>>> BROWSER.one("Firefox 128.0.3").value
'Firefox 128'
>>> OPERATING_SYSTEM.one("Windows 11").value
'Windows 11'
>>> BROWSER.one("???/5.0").notices
[('browser.unrecognised', {})]
"""

from collections.abc import Callable
from functools import cache

from validators.pattern import Pattern
from validators.reading import Reading
from validators.rule import Rule
from validators.rules.identity_number import NO_IDENTITY_NUMBER
from validators.rules.text import GATE
from validators.screen import Screen
from validators.steps import Call

_RAW = Pattern("[/;(]")
_BEHIND = Pattern(" ?[/;(].*")
_NAMED = Pattern("([A-Za-z][A-Za-z0-9 .+-]{0,39}?)(?: v?([0-9]{1,4})(?:[._][0-9A-Za-z._-]*)?)?")

Parse = Callable[[str], str | None]


@cache
def _parser(part: str) -> Parse:
    """Return ua-parser's reading of one part of a User-Agent: `user_agent` or `os`."""
    import ua_parser  # noqa: PLC0415  (an extra, heavy, and only visits need it)

    def parse(text: str) -> str | None:
        found = getattr(ua_parser.parse(text), part)
        if found is None or found.family == "Other":
            return None
        # `Firefox (Minefield)`, `Mobile Safari UI/WKWebView`; of an app's request it may be any part of the text.
        family = _BEHIND.sub("", found.family)
        return _family_and_major(f"{family} {found.major}" if found.major else family)

    return parse


def _reduce(rule: str, part: str) -> Callable[[str, Reading], str | None]:
    def reduce(value: str, reading: Reading) -> str | None:
        reduced = _parser(part)(value) if _RAW.search(value) else _family_and_major(value)
        if reduced is None:
            reading.notice(f"{rule}.unrecognised")
        elif reduced != value:
            reading.fix(f"{rule}.reduced")
        return reduced

    return reduce


def _family_and_major(value: str) -> str | None:
    found = _NAMED.fullmatch(value)
    return found and (f"{found[1]} {found[2]}" if found[2] else found[1])


def _rule(name: str, part: str, about: str) -> Rule:
    return Rule(
        name=name,
        about=about,
        screens=(Screen(Pattern("(?:Chrome|Firefox|Safari|Edge|Opera|Windows|Android|iOS|Linux) [0-9]{1,3}")),),
        steps=(
            *GATE,
            Call(_reduce(name, part), notices=(f"{name}.unrecognised",), fixes=(f"{name}.reduced",)),
            NO_IDENTITY_NUMBER,
        ),
        schema={"type": "string"},
        reduced=True,
    )


BROWSER = _rule("browser", "user_agent", "Family and major version; a User-Agent is reduced to them.")
OPERATING_SYSTEM = _rule("operating_system", "os", "Family and major version; a User-Agent is reduced to them.")

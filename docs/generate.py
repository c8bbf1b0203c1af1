r"""Write the documents that are made from the code: `make docs` renews them, `make check` names those that are stale.

To add one: a function that returns its text, and a line in PAGES.

>>> anchor("`nip.checksum`")
'nipchecksum'
>>> span(" a|b"), span("`")
('`␣a\\|b`', '`` ` ``')
"""

import argparse
import importlib
import pkgutil
import re
import string
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import get_args

import msgspec
import typer
from typer.testing import CliRunner

from intake.commands import app
from intake.exit_status import EXIT_STATUSES, ExitStatus
from validators import rules as rules_package
from validators.codes import OF_FIELDS, OF_MAPPINGS, OF_RECORDS, codes
from validators.field import Field
from validators.kind import Kind
from validators.messages import catalogue, sentence
from validators.policy import vipower
from validators.rule import Rule
from validators.rules import RULES, identity_number, placeholder, reference
from validators.types import Severity

HERE = Path(__file__).parent
CASES = HERE.parent / "tests" / "cases"
NOTE = "<!-- Made from the code by docs/generate.py. Do not edit it here: `make docs` writes it anew. -->\n"
LONGEST_EXAMPLE = 60
LANGUAGES = {"en": "English", "pl": "Polish"}
PLURALS: Mapping[Severity, str] = {"fault": "Faults", "notice": "Notices", "fix": "Fixes"}


# --- Markdown --------------------------------------------------------------------------------------------------------


def anchor(heading: str) -> str:
    """Return the fragment under which GitHub finds a heading."""
    return re.sub("[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")


def span(text: str) -> str:
    """Return the text as code that may stand in a table; what a reader would take for something else is spelled out."""
    shown = "".join(c.encode("unicode_escape").decode() if _deceives(c) else c for c in text)
    shown = re.sub("^ +| +$| {2,}", lambda spaces: "␣" * len(spaces[0]), shown.replace("|", r"\|"))
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def _deceives(character: str) -> bool:
    """Return whether a character cannot be seen, or not told from another: accents alone, other alphabets."""
    alphabet = unicodedata.name(character, "").partition(" ")[0]
    strange = character.isalpha() and alphabet not in {"LATIN", "MODIFIER"}
    return strange or bool(unicodedata.combining(character)) or not character.isprintable()


def link(code: str, page: str = "") -> str:
    """Return a link to the heading of a code, rule or kind."""
    return f"[{span(code)}]({page}#{anchor(code)})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def page(*parts: str) -> str:
    """Return a whole page of its parts."""
    return "\n".join([NOTE, *(f"{part.strip()}\n" for part in parts if part.strip())])


# --- examples --------------------------------------------------------------------------------------------------------


class Case(msgspec.Struct, frozen=True):
    """What is taken from a table of cases: a value, and the country it is in."""

    raw: str
    times: int = 1  # the value is `raw` so many times over
    country: str = "PL"


class Example(msgspec.Struct, frozen=True):
    """A case, and what its rule made of it."""

    case: Case
    canonical: str | None
    params: Mapping[str, int | str]

    def __str__(self) -> str:
        """Return it as Markdown: `00950` → `00-950`."""
        raw, times, country = msgspec.structs.astuple(self.case)
        shown = span(raw if len(raw) <= LONGEST_EXAMPLE else f"{raw[:LONGEST_EXAMPLE]}…")
        shown += f" {times} times over" if times > 1 else ""
        shown += f" in {country}" if country != "PL" else ""
        return f"{shown} → {span(self.canonical)}" if self.canonical not in {None, raw} else shown


@cache
def examples(rule: str) -> Mapping[str, Example]:
    """Return for each code of a rule the first case that gives it: of its own, or else of those for every rule."""
    found: dict[str, Example] = {}
    for case in [*cases(CASES / f"{rule}.toml"), *cases(CASES / "gate.toml")]:
        reading = RULES[rule].one(case.raw * case.times, case.country)
        faults = [reading.fault] if reading.fault else []
        for code, params in faults + reading.notices + reading.fixes:
            found.setdefault(code, Example(case, reading.value, params))
    return found


@cache
def cases(file: Path) -> list[Case]:
    """Return all cases of a file; none where there is no file."""
    tables = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return [case for table in tables.values() for case in msgspec.convert(table, list[Case])]


# --- codes -----------------------------------------------------------------------------------------------------------


def codes_page() -> str:
    """Return the page of all codes."""
    return page(
        "# Codes",
        """\
What is said of a record, one code for each thing. Programs go by the codes, which never change their meaning; people
read the sentences, which may be put better. `{name}` in a sentence is a parameter of the code, and never a value of
the record.

- A **fault** refuses the record. All faults of a record come in one pass.
- A **notice** refuses nothing; somebody should know it.
- A **fix** is a change that lost nothing. It was made, and is counted.""",
        table(["", *(PLURALS[severity].lower() for severity in get_args(Severity))], _overview()),
        *(part for severity in get_args(Severity) for part in _severity(severity)),
    )


def _overview() -> Iterator[list[str]]:
    """Yield a line for each part that codes begin with."""
    known = codes()
    for part, group in groupby(sorted(known), key=lambda code: code.partition(".")[0]):
        listed = list(group)
        said = ([link(code) for code in listed if known[code] == severity] for severity in get_args(Severity))
        yield [f"**{part}**", *("<br>".join(links) for links in said)]


def _severity(severity: Severity) -> Iterator[str]:
    yield f"## {PLURALS[severity]}"
    for code in sorted(code for code, its in codes().items() if its == severity):
        yield f"### {span(code)}"
        yield _givers(code)
        said = ((language, catalogue(short)[code]) for short, language in LANGUAGES.items())
        yield table(["", "says", "what to do"], ([language, entry.message, entry.remedy] for language, entry in said))
        yield _parameters(code) + _example(code)


def _givers(code: str) -> str:
    if code in OF_RECORDS:
        return "Of the record as a whole."
    if code in OF_FIELDS:
        return "Of any field, whatever rule it follows."
    if code in OF_MAPPINGS:
        return "Of a field that a mapping makes of columns."
    givers = [rule.name for rule in RULES.values() if code in rule.codes]
    if len(givers) == len(RULES):
        return "Of every rule."
    return f"Of {', '.join(link(name, 'rules.md') for name in givers)}."


def _parameters(code: str) -> str:
    entry = catalogue("en")[code]
    names = {name for text in (entry.message, entry.remedy) for _, name, _, _ in string.Formatter().parse(text) if name}
    return f"Parameters: {', '.join(span(name) for name in sorted(names))}.\n\n" if names else ""


def _example(code: str) -> str:
    found = (examples(rule)[code] for rule in RULES if code in examples(rule))
    example = next(found, None)
    if example is None:
        return ""
    return f"For example: {example}" + (f" – {sentence(code, example.params, 'en')}" if example.params else "")


# --- rules -----------------------------------------------------------------------------------------------------------


def rules_page() -> str:
    """Return the page of all rules."""
    common = {
        code: severity for code, severity in codes().items() if all(code in rule.codes for rule in RULES.values())
    }
    return page(
        "# Rules",
        """\
How each kind of value is made canonical and judged. A field follows one rule, which the policy names
([the policy](policy.md)). Where a rule is in doubt it notices and does not refuse.""",
        table(["rule", "canonical form", "fields"], ([link(r.name), r.about, _followers(r)] for r in RULES.values())),
        "## What every rule begins with",
        "Each value goes through a gate first; what it does is told under [`text`](#text).",
        _codes_table(common, examples("text")),
        *_explanation(placeholder, "### Words for nothing"),
        *_explanation(identity_number, "### Numbers of people and of payment cards"),
        *(part for rule in RULES.values() for part in _rule(rule, common)),
        *_explanation(reference, "## The number that stands beside a record"),
    )


def _followers(rule: Rule) -> str:
    fields = {field.name for kind in vipower().kinds.values() for field in kind.fields if field.rule is rule}
    return ", ".join(span(name) for name in sorted(fields))


def _rule(rule: Rule, common: Mapping[str, Severity]) -> Iterator[str]:
    yield f"## {span(rule.name)}"
    first = next(other for other in RULES.values() if _module(other) is _module(rule))
    yield from _explanation(_module(rule)) if first is rule else [f"As {link(first.name)}."]
    own = {code: severity for code, severity in rule.codes.items() if code not in common}
    if own:
        yield _codes_table(own, examples(rule.name))


def _codes_table(given: Mapping[str, Severity], shown: Mapping[str, Example]) -> str:
    return table(
        ["code", "is a", "says", "for example"],
        (
            [link(code, "codes.md"), severity, catalogue("en")[code].message, str(shown.get(code, ""))]
            for code, severity in given.items()
        ),
    )


def _module(rule: Rule) -> ModuleType:
    """Return the module in which a rule is written: the one of its name, or else the one that holds it."""
    names = sorted((module.name for module in pkgutil.iter_modules(rules_package.__path__)), key=rule.name.__ne__)
    modules = (importlib.import_module(f"{rules_package.__name__}.{name}") for name in names)
    return next(module for module in modules if any(value is rule for value in vars(module).values()))


def _explanation(module: ModuleType, heading: str = "") -> Iterator[str]:
    """Yield what a module says of itself; its examples run where they stand, for a test runs this page."""
    yield heading
    prose, prompt, shown = (module.__doc__ or "").partition(">>> ")
    yield prose
    if prompt:
        names = sorted(name for name in vars(module) if re.search(rf"(?<![.'\"A-Za-z_]){name}\b", shown))
        imported = f">>> from {module.__name__} import {', '.join(names)}\n"
        yield f"```pycon\n{imported}{prompt}{shown.strip()}\n\n```"


# --- the policy ------------------------------------------------------------------------------------------------------


def policy_page() -> str:
    """Return the page of the policy that ships with the package."""
    policy = vipower()
    every = {field.name: field for kind in policy.kinds.values() for field in kind.fields}
    defaults = [
        ["controller", policy.controller],
        ["name and version", f"{policy.identity.name} {policy.identity.version}"],
        ["SHA-256 of its canonical form", span(policy.identity.sha256)],
        ["a field that it does not name", {"drop": "is dropped", "reject": "refuses the record"}[policy.on_extra]],
        ["the number that a record had before", f"is headed {', '.join(policy.reference_aliases)}"],
        ["a record that says no kind", f"is recognised by its fields, else {link(policy.default_kind.name)}"],
        ["a record that says no country", f"is in {span(policy.default_country)}"],
        ["a refused record", f"is kept for {policy.rejections_days} days"],
    ]
    return page(
        f"# The policy {policy.identity.name}",
        """\
What may be kept of whom, and which clause of the privacy policy allows it. This is the policy that ships with the
package; `--policy FILE` puts another in its place.""",
        table(["", ""], defaults),
        "## Kinds of record",
        table(["kind", "", "clause", "required", "optional"], map(_kind_row, policy.kinds.values())),
        *(part for kind in policy.kinds.values() for part in _kind(kind)),
        "## Fields",
        "Headers are known by their letters and digits alone, in any case: `KOD_POCZTOWY` is `Kod pocztowy`.",
        table(["field", "rule", "Polish", "English", "also headed", "if missing"], map(_field_row, every.values())),
    )


def _kind_row(kind: Kind) -> list[str]:
    required, optional = (
        ", ".join(span(field.name) for field in kind.fields if field.required is wanted) for wanted in (True, False)
    )
    return [link(kind.name), " / ".join(kind.label.values()), kind.clause, required, optional]


def _kind(kind: Kind) -> Iterator[str]:
    yield f"### {span(kind.name)}"
    recognised = " or ".join(span(name) for name in kind.recognised_by)
    facts = [
        f"The policy's words: “{kind.clause}”",
        f"What a record may call it: {', '.join(dict.fromkeys((kind.name, *kind.aliases)))}",
        f"A record that calls it nothing is one if it has {recognised}" if recognised else "",
        f"Its table: {span(kind.table)}",
        f"Identity: {_identity(kind.field(kind.identity))}" if kind.identity else "Identity: none, each record counts",
    ]
    yield "".join(f"- {fact}\n" for fact in facts if fact)


def _identity(field: Field) -> str:
    return span(field.name) + (", whether in capitals or not" if field.rule.ignores_case else "")


def _field_row(field: Field) -> list[str]:
    own = {name.casefold() for name in (field.name, *field.label.values())}
    others = ", ".join(alias for alias in field.aliases if alias.casefold() not in own)
    default = span(field.default) if field.default else ""
    return [span(field.name), link(field.rule.name, "rules.md"), field.label["pl"], field.label["en"], others, default]


# --- the command -----------------------------------------------------------------------------------------------------

# --- The command line ------------------------------------------------------------------------------------------------


def cli_page() -> str:
    """Return the help of every command, as it is printed, and the exit statuses."""
    statuses = ((str(status.value), EXIT_STATUSES[status]) for status in ExitStatus)
    return page(
        "# The command line\n",
        "What `intake COMMAND --help` prints, for every command.\n",
        *(_help(path) for path in [(), *commands(app)]),
        "## Exit statuses\n",
        table(("status", "means"), statuses),
    )


def commands(group: typer.Typer, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command below a group."""
    for command in group.registered_commands:
        yield (*path, command.name or command.callback.__name__ if command.callback else "")
    for inner in group.registered_groups:
        yield (*path, str(inner.name))
        yield from commands(inner.typer_instance or app, (*path, str(inner.name)))


def _help(path: tuple[str, ...]) -> str:
    shown = CliRunner().invoke(app, [*path, "--help"], prog_name="intake", terminal_width=100)
    return f"## `{' '.join(('intake', *path))}`\n\n```text\n{shown.output.strip()}\n```\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "codes.md": codes_page,
    "policy.md": policy_page,
    "rules.md": rules_page,
}


def stale(folder: Path) -> list[str]:
    """Return the names of the pages in a folder that are missing or not what the code says now."""
    files = {name: folder / name for name in PAGES}
    return [
        name
        for name, write in PAGES.items()
        if not files[name].exists() or files[name].read_text(encoding="utf-8") != write()
    ]


def main(arguments: Sequence[str], folder: Path = HERE) -> int:
    """Write the pages that are stale; or, with --check, only name them and return 1 if there are any."""
    parser = argparse.ArgumentParser(description="Write the documents that are made from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a page is stale")
    check = parser.parse_args(arguments).check
    names = stale(folder)
    for name in names:
        if check:
            print(f"docs/{name} is not what the code says. Run: make docs", file=sys.stderr)
        else:
            (folder / name).write_text(PAGES[name](), encoding="utf-8", newline="\n")
            print(f"docs/{name}")
    return 1 if check and names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

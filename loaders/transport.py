"""The link to a PostgreSQL server: to another host it is TLS, and the server proves that it is the one that was named.

libpq, PostgreSQL's own client, takes each of its parameters from the URL, else from a service file, else from the
environment (postgresql.org/docs/18/libpq-envars.html, libpq-pgservice.html); so all of them are asked where the link
leads. Where that is not certain, it is another host.
"""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from itertools import zip_longest
from pathlib import Path

from sqlalchemy import URL

from loaders.errors import DatabaseError

# To another host. With GSSAPI libpq would leave TLS out, whatever sslmode says (libpq-connect.html, sslmode).
SAFE: Mapping[str, str] = {"sslmode": "verify-full", "gssencmode": "disable"}

_ANYWHERE = {"host": "unknown.invalid"}  # what a service says of which nobody knows where it leads
_MODES = {"disable", "allow", "prefer", "require", "verify-ca"}
_VARIABLES = {"host": "PGHOST", "hostaddr": "PGHOSTADDR", "sslmode": "PGSSLMODE"}


# What libpq takes in a URL beside the user's password (postgresql.org/docs/18/libpq-connect.html).
_SECRETS = ("password", "sslpassword", "oauth_client_secret")


class TransportError(DatabaseError):
    """A link to another host that would not be safe; `source` is what asks for it: the URL, a variable, a service."""

    def __init__(self, source: str, mode: str) -> None:
        """Keep who asks for what."""
        self.source = source
        super().__init__(
            "database.insecure",
            f"The database is on another host, and {source} says sslmode={mode}: others could read what is sent there, "
            "or pass for the server.",
            "Say sslmode=verify-full, or nothing; to send customers' data over such a link all the same, say "
            "--allow-insecure-database.",
        )


class UnclearLinkError(DatabaseError):
    """A URL that does not say plainly where the link leads."""

    def __init__(self) -> None:
        """Say what a plain one is."""
        super().__init__(
            "database.url",
            "The address of the database does not say plainly where it is.",
            "Give it as postgresql+psycopg://user@host/database .",
        )


def secured(url: URL, environment: Mapping[str, str], *, allow_insecure: bool = False) -> dict[str, str]:
    """Return what the driver is to be told beside the URL, so that the link is safe; TransportError where it is not.

    It beats what stands anywhere else. To a socket, or to this machine, nothing is added.
    """
    if url.get_backend_name() != "postgresql":
        return {}
    said = _said(url)
    if allow_insecure:
        return {}
    sources = [*_sources(said, environment)]
    if _is_here(_first(sources, "host")[1], _first(sources, "hostaddr")[1]):
        return {}
    source, mode = _first(sources, "sslmode")
    if mode and mode != SAFE["sslmode"]:
        raise TransportError(source, mode if mode in _MODES else "something else")
    return dict(SAFE)


def shown(url: URL) -> str:
    """Return a URL as people and files may see it: without passwords, wherever they stand in it."""
    return url.difference_update_query(_SECRETS).render_as_string(hide_password=True)


def _said(url: URL) -> Mapping[str, str]:
    """Return what the driver is told by the URL."""
    try:
        said = url.get_dialect()().create_connect_args(url)[1]
    except ValueError:
        raise UnclearLinkError from None
    if "conninfo" in said:  # a connection string of its own, within
        raise UnclearLinkError
    return {name: str(value) for name, value in said.items()}


Source = tuple[str, Mapping[str, str]]


def _sources(said: Mapping[str, str], environment: Mapping[str, str]) -> Iterator[Source]:
    """Yield where libpq looks, in its order: what it is called, and what it says."""
    yield "the URL", said
    service = said.get("service") or environment.get("PGSERVICE")
    if service:
        yield "the service file", _service(service, said, environment)
    for name, variable in _VARIABLES.items():
        yield variable, {name: environment.get(variable, "")}


def _first(sources: list[Source], name: str) -> tuple[str, str]:
    """Return who says a parameter first, and what."""
    return next(((source, said[name]) for source, said in sources if said.get(name)), ("", ""))


def _is_here(hosts: str, addresses: str) -> bool:
    """Return whether all servers, which may be several with commas between, are on this machine."""
    pairs = zip_longest(hosts.split(","), addresses.split(",") if addresses else [], fillvalue="")
    return all(_is_local(address or host) for host, address in pairs)


def _is_local(host: str) -> bool:
    """Return whether a host is a socket (libpq's default too), or this machine."""
    if not host or host[0] in "/@" or host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _service(name: str, said: Mapping[str, str], environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return what a service file says of a service; the user's own file comes first, then the machine's."""
    home, machine = environment.get("HOME"), environment.get("PGSYSCONFDIR")
    own = said.get("servicefile") or environment.get("PGSERVICEFILE") or (f"{home}/.pg_service.conf" if home else None)
    for file in (own, f"{machine}/pg_service.conf" if machine else None):
        try:
            lines = Path(file).read_text(encoding="utf-8").splitlines() if file else []
        except (OSError, UnicodeDecodeError):
            continue
        if (found := _section(lines, name)) is not None:
            return found
    return _ANYWHERE


def _section(lines: list[str], name: str) -> Mapping[str, str] | None:
    """Return what stands below `[name]`, as libpq reads it: what is said first counts; None where it does not stand."""
    stripped = [line.strip() for line in lines]
    if f"[{name}]" not in stripped:
        return None
    found: dict[str, str] = {}
    for line in stripped[stripped.index(f"[{name}]") + 1 :]:
        if line.startswith("["):
            break
        if line.startswith("ldap"):  # a directory has the rest
            return _ANYWHERE
        key, _, value = line.partition("=")
        found.setdefault(key, value)
    return found

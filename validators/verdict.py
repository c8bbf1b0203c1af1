"""What `check` says of one record."""

import msgspec

from validators.finding import Fault, Fix, Notice
from validators.policy import Identity


class Verdict(msgspec.Struct, frozen=True):
    """Accepted with the canonical record, or refused with all faults.

    `record`   the policy's fields alone, canonical, in the policy's order; None when refused;
    `kind`     the kind it was judged as; None where that is the fault;
    `dropped`  the names of what came and is not in the policy (or not in this kind); never a value;
    `policy`   which policy it was.
    """

    kind: str | None
    record: dict[str, str] | None
    faults: tuple[Fault, ...]
    notices: tuple[Notice, ...]
    fixes: tuple[Fix, ...]
    dropped: tuple[str, ...]
    policy: Identity

    @property
    def accepted(self) -> bool:
        """Return whether there is no fault."""
        return not self.faults

    def as_dict(self, language: str = "en") -> dict[str, object]:
        """Return the JSON form, with sentences in `pl` or `en`. An accepted record is in it, a refused one is not."""
        return {
            "accepted": self.accepted,
            "kind": self.kind,
            "record": self.record,
            "faults": [fault.as_dict(language) for fault in self.faults],
            "notices": [notice.as_dict(language) for notice in self.notices],
            "fixes": [fix.as_dict(language) for fix in self.fixes],
            "dropped": list(self.dropped),
            "policy": msgspec.to_builtins(self.policy),
        }

    def __repr__(self) -> str:
        """Show codes and names; no value, not even an accepted one, belongs in a log."""
        codes = [f"{fault.field}: {fault.code}" for fault in self.faults]
        said = f"refused {codes}" if codes else "accepted"
        return f"<Verdict {said} kind={self.kind} dropped={len(self.dropped)} policy={self.policy}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Show no more to rich, for which msgspec would list all fields."""
        return [("accepted", self.accepted), ("kind", self.kind), ("faults", [fault.code for fault in self.faults])]

"""The rule book as the bank has amended it, at any instant."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from compliance.models import RuleAmendment
from compliance.rules import Amendment, Policy, amended


@dataclass(frozen=True)
class Policies:
    """All approved amendments, in the order in which they come into force."""

    amendments: Sequence[tuple[datetime, Amendment]] = ()
    _at: dict[tuple[int, date], Policy] = field(default_factory=dict, compare=False)

    def at(self, instant: datetime) -> Policy:
        """The settings in force at `instant`."""
        in_force = sum(since <= instant for since, _amendment in self.amendments)
        key = in_force, instant.astimezone(UTC).date()
        if key not in self._at:
            latest = {one.rule: one for _since, one in self.amendments[:in_force]}
            self._at[key] = amended(latest.values(), on=key[1])
        return self._at[key]


def load_policies() -> Policies:
    """One query."""
    rows = RuleAmendment.objects.approved().order_by("effective_from", "number")
    return Policies(
        [
            (since, Amendment(rule, number, settings))
            for rule, number, settings, since in rows.values_list(
                "rule", "number", "settings", "effective_from"
            )
        ]
    )

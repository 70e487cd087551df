"""Whole areas in which contact stops: which customers an area restriction binds, and when. Pure functions.

Districts are told by their GB/T 2260 codes: 15 is a province, 1502 a city, 150203 a district. Longer codes that begin
with one of these lie inside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AreaRule:
    """Contact with everybody who has an address in the area stops in [starts_at, ends_at)."""

    id: int
    kind: str
    prefix: str
    starts_at: datetime
    ends_at: datetime

    def binds(self, district_codes: Iterable[str], at: datetime) -> bool:
        """Whether it binds, at the instant `at`, a customer whose addresses lie in these districts."""
        return self.starts_at <= at < self.ends_at and any(
            code.startswith(self.prefix) for code in district_codes
        )

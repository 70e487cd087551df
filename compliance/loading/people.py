"""Who the customers are, where they may be, and what is known about them: one row a customer from the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from compliance.calendar.days import Places
from compliance.calendar.places import chinese_subdivisions
from compliance.rules.rule import PolicySet

Rows = Iterable[Sequence[Any]]

PEOPLE = """
SELECT a.id::text, c.time_zones, c.birth_date, b.country, k.overdue_amount > 0, s.safety_band, s.assessed_at
FROM unnest(%(ids)s::uuid[]) AS a(id)
JOIN accounts_customer c ON c.id = a.id
JOIN accounts_branch b ON b.id = c.branch_id
LEFT JOIN accounts_case k ON k.customer_id = a.id AND k.status = 'OPEN'
LEFT JOIN risk_standing t ON t.case_id = k.id
LEFT JOIN risk_assessment s ON s.id = t.assessment_id
"""

PLACES = """
SELECT customer_id::text, array_agg(DISTINCT country || '|' || province || '|' || district_code)
FROM accounts_address WHERE customer_id = ANY(%(ids)s::uuid[]) GROUP BY customer_id
"""

VERIFIED = """
SELECT customer_id::text, min(expires_at) FROM accounts_verification
WHERE customer_id = ANY(%(ids)s::uuid[]) AND status = 'VALID' AND kind = ANY(%(kinds)s)
GROUP BY customer_id HAVING count(*) = cardinality(%(kinds)s)
"""

# The same person may be two customers of the bank: their identity numbers have the same blind index.
SAME_PERSON = """
SELECT c.id::text, o.id::text FROM accounts_customer c
JOIN accounts_customer o ON o.identity_number_index = c.identity_number_index AND o.id <> c.id
WHERE c.id = ANY(%(ids)s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Person:
    """`policies` and `places` follow from the branch's country and every address; `districts` are GB/T 2260 codes."""

    zones: tuple[str, ...]
    birth_date: date | None
    owes: bool
    safety_band: str
    assessed_at: datetime | None
    places: Places
    policies: tuple[str, ...]
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    places: Places
    policies: tuple[str, ...]
    districts: tuple[str, ...]


def ids_literal(ids: Iterable[str]) -> str:
    """An array of ids as one parameter: a hundred thousand of them are adapted at once."""
    return "{" + ",".join(ids) + "}"


def rows_of(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def load_people(ids: str) -> dict[str, Person]:
    """The persons by their id. Two queries."""
    addresses: dict[str, list[str]] = dict(rows_of(PLACES, ids=ids))
    people = {}
    for id_, zones, born, country, owes, band, assessed_at in rows_of(PEOPLE, ids=ids):
        where = whereabouts(country, tuple(addresses.get(id_, ())))
        people[id_] = Person(
            tuple(zones),
            born,
            bool(owes),
            band or "",
            assessed_at,
            where.places,
            where.policies,
            where.districts,
        )
    return people


def load_verified(ids: str, kinds: Sequence[str]) -> dict[str, datetime]:
    """Until when all `kinds` of verification hold; customers with one missing are left out. One query."""
    return dict(rows_of(VERIFIED, ids=ids, kinds=list(kinds)))


def load_same_persons(ids: str) -> list[tuple[str, str]]:
    """Pairs of a customer asked about and another customer who is the same person. One query."""
    return [(one, other) for one, other in rows_of(SAME_PERSON, ids=ids)]


@lru_cache(maxsize=8192)
def whereabouts(branch_country: str, addresses: tuple[str, ...]) -> Whereabouts:
    """Where a customer may be: the countries of all addresses, the branch's where there is none."""
    parts: dict[str, set[str]] = {}
    districts = set()
    for address in addresses:
        country, province, district = address.split("|", 2)
        parts.setdefault(country, set()).update(_subdivisions(country, province, district))
        districts.update({district} - {""})
    if not parts:
        parts[branch_country] = set()
    places = tuple((country, tuple(sorted(inside))) for country, inside in sorted(parts.items()))
    return Whereabouts(places, _policies(branch_country, parts), tuple(sorted(districts)))


def _subdivisions(country: str, province: str, district: str) -> set[str]:
    if country == "CN":
        return set(chinese_subdivisions(district))
    return {PROVINCES.get((country, province.strip().lower()), province.strip().upper())} - {""}


PROVINCES = {
    ("US", "massachusetts"): "MA",
    ("US", "new york"): "NY",
    ("GB", "england"): "ENG",
    ("GB", "scotland"): "SCT",
    ("GB", "wales"): "WLS",
    ("GB", "northern ireland"): "NIR",
    ("AU", "australian capital territory"): "ACT",
    ("AU", "new south wales"): "NSW",
    ("AU", "northern territory"): "NT",
    ("AU", "queensland"): "QLD",
    ("AU", "south australia"): "SA",
    ("AU", "tasmania"): "TAS",
    ("AU", "victoria"): "VIC",
    ("AU", "western australia"): "WA",
}

POLICY_OF_COUNTRY = {
    "CN": PolicySet.CN,
    "US": PolicySet.US_REG_F,
    "GB": PolicySet.UK,
    "AU": PolicySet.AU,
    "IN": PolicySet.IN,
    "TH": PolicySet.TH,
    "KR": PolicySet.KR,
    "JP": PolicySet.JP,
}


def _policies(branch_country: str, parts: dict[str, set[str]]) -> tuple[str, ...]:
    """China's rules bind its customers and its branches'; another country's whoever may be there."""
    countries = {*parts, *({"CN"} & {branch_country})}
    sets = {POLICY_OF_COUNTRY[country] for country in countries if country in POLICY_OF_COUNTRY}
    if "MA" in parts.get("US", ()):
        sets.add(PolicySet.US_MA)
    return tuple(sorted(one.value for one in sets))

"""What the gate must know of guarantors and contact people, for any number of them in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unicodedata import normalize

from django.db import connection

from compliance.third_party_conditions import CANNOT_ANSWER, ThirdPartyFacts, Unable

__all__ = ["ThirdPartyFacts", "third_party_facts"]

MAINLAND = ("Asia/Shanghai",)

# Everybody named for the same customers, because one person may stand there twice, and who has the same number
# under another customer: a refusal holds for the number, wherever it stands.
PEOPLE = """
WITH asked AS (SELECT id, customer_id, number_index FROM accounts_contactperson WHERE id = ANY(%(ids)s::uuid[]))
SELECT p.id::text, p.customer_id::text, p.role, p.name, p.number_index, p.origin, p.guarantee_reference <> '',
    p.country, p.time_zones, p.withdrawn_at IS NOT NULL, p.refused_at IS NOT NULL, a.id IS NOT NULL
FROM accounts_contactperson p LEFT JOIN asked a ON a.id = p.id
WHERE p.customer_id IN (SELECT customer_id FROM asked) OR p.number_index IN (SELECT number_index FROM asked)
"""

# A contact without outcome counts as a conversation: whoever forgets to tell gains nothing by it.
CONTACTS = """
SELECT c.contact_person_id::text, count(*),
    count(*) FILTER (WHERE coalesce(o.party_reached, '') <> 'NOBODY'), bool_or(coalesce(o.refused_further, false))
FROM compliance_contact c LEFT JOIN compliance_contactoutcome o ON o.contact_id = c.id
WHERE c.contact_person_id = ANY(%(ids)s::uuid[])
GROUP BY c.contact_person_id
"""

CUSTOMERS = """
SELECT c.id::text, c.time_zones,
    EXISTS (SELECT FROM accounts_phone p WHERE p.customer_id = c.id AND p.kind = 'OWN' AND p.is_mobile
        AND p.withdrawn_at IS NULL),
    EXISTS (SELECT FROM accounts_phone p WHERE p.customer_id = c.id AND p.kind = 'OWN' AND p.is_mobile
        AND p.invalid_at IS NOT NULL)
FROM accounts_customer c WHERE c.id = ANY(%(ids)s::uuid[])
"""

# Calls that came to nothing since the last contact that reached the customer, or of which nobody told what came;
# reached is a person, under whichever customer number of the bank.
FAILURES = """
WITH same AS (
    SELECT id AS customer_id, id AS other_id FROM accounts_customer WHERE id = ANY(%(ids)s::uuid[])
    UNION ALL
    SELECT me.id, o.id FROM accounts_customer me JOIN accounts_customer o
        ON o.identity_number_index = me.identity_number_index AND o.id <> me.id
    WHERE me.id = ANY(%(ids)s::uuid[])
), reached AS (
    SELECT same.customer_id, max(c.made_at) AS at
    FROM same JOIN compliance_contact c ON c.customer_id = same.other_id
    LEFT JOIN compliance_contactoutcome o ON o.contact_id = c.id
    WHERE c.party = 'DEBTOR' AND c.channel IN ('CALL', 'ROBOT_CALL', 'VISIT')
        AND (o.id IS NULL OR (o.reached AND o.party_reached = 'DEBTOR'))
    GROUP BY same.customer_id
)
SELECT c.customer_id::text, c.made_at
FROM compliance_contact c JOIN compliance_contactoutcome o ON o.contact_id = c.id AND NOT o.reached
LEFT JOIN reached ON reached.customer_id = c.customer_id
WHERE c.customer_id = ANY(%(ids)s::uuid[]) AND c.party = 'DEBTOR' AND c.channel IN ('CALL', 'ROBOT_CALL')
    AND (reached.at IS NULL OR c.made_at > reached.at)
ORDER BY c.made_at DESC, c.id
"""

UNABLE = """
SELECT customer_id::text, kind, starts_at, ends_at FROM compliance_restriction
WHERE customer_id = ANY(%(ids)s::uuid[]) AND kind = ANY(%(kinds)s) AND lifted_at IS NULL
ORDER BY id
"""


@dataclass(frozen=True)
class _Row:
    id: str
    customer: str
    role: str
    name: str
    number: bytes
    origin: str
    has_contract: bool
    country: str
    time_zones: tuple[str, ...]
    withdrawn: bool
    refused: bool
    asked: bool

    @property
    def person(self) -> tuple[str, str]:
        """Rows of one customer with one name are one person."""
        return self.customer, "".join(normalize("NFKC", self.name).split()).casefold()

    @property
    def zones(self) -> tuple[str, ...]:
        """As told; a number of mainland China without a zone lives by Beijing time, any other is unknown: closed."""
        return self.time_zones or (MAINLAND if self.country == "CN" else ())


@dataclass(frozen=True)
class _Made:
    attempts: int = 0
    conversations: int = 0
    refused: bool = False


@dataclass
class _Reach:
    """How the customer could be reached."""

    zones: tuple[str, ...]
    own_mobile_in_use: bool
    own_mobile_wrong: bool
    failures: list[datetime] = field(default_factory=list)
    unable: list[Unable] = field(default_factory=list)


def third_party_facts(ids: Iterable[str]) -> dict[str, ThirdPartyFacts]:
    """What is known of these guarantors and contact people, by the text of their ids. Five queries, none for none.

    Ids that nobody has are left out.
    """
    wanted = list(ids)
    if not wanted:
        return {}
    rows = [_row(*one) for one in _ask(PEOPLE, wanted)]
    made = _made(rows)
    reach = _reach({row.customer for row in rows if row.asked})
    same = _SamePerson(rows)
    return {row.id: _facts(row, same.as_(row), made, reach[row.customer]) for row in rows if row.asked}


def _row(*columns: Any) -> _Row:
    """A row as the database gives it: binary as bytes, an array as a tuple."""
    told = list(columns)
    told[4], told[8] = bytes(told[4]), tuple(told[8])
    return _Row(*told)


def _ask(sql: str, ids: list[str], **more: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": ids, **more})
        return list(cursor.fetchall())


def _made(rows: list[_Row]) -> dict[str, _Made]:
    found = _ask(CONTACTS, [row.id for row in rows])
    return {id_: _Made(attempts, conversations, refused) for id_, attempts, conversations, refused in found}


def _reach(customers: set[str]) -> dict[str, _Reach]:
    ids = list(customers)
    reach = {id_: _Reach(tuple(zones), in_use, wrong) for id_, zones, in_use, wrong in _ask(CUSTOMERS, ids)}
    for customer, at in _ask(FAILURES, ids):
        reach[customer].failures.append(at)
    for customer, kind, starts_at, ends_at in _ask(UNABLE, ids, kinds=sorted(CANNOT_ANSWER)):
        reach[customer].unable.append(Unable(kind, starts_at, ends_at))
    return reach


class _SamePerson:
    """For each row, all rows of the same person: by name within one customer, by number anywhere."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        self.by_person: dict[tuple[str, str], list[_Row]] = defaultdict(list)
        self.by_number: dict[bytes, list[_Row]] = defaultdict(list)
        for row in rows:
            self.by_person[row.person].append(row)
            self.by_number[row.number].append(row)

    def as_(self, row: _Row) -> list[_Row]:
        both = (*self.by_person[row.person], *self.by_number[row.number])
        return list({one.id: one for one in both}.values())


def _facts(row: _Row, same: Iterable[_Row], made: Mapping[str, _Made], reach: _Reach) -> ThirdPartyFacts:
    """Refused is whoever refused once, for whichever customer; asked is one person about one customer."""
    same = list(same)
    about_customer = [made.get(one.id, _Made()) for one in same if one.customer == row.customer]
    return ThirdPartyFacts(
        role=row.role,
        origin=row.origin,
        withdrawn=row.withdrawn,
        has_contract=row.has_contract,
        refused=any(one.refused or made.get(one.id, _Made()).refused for one in same),
        conversations=sum(one.conversations for one in about_customer),
        attempts=sum(one.attempts for one in about_customer),
        zones=row.zones,
        own_mobile_in_use=reach.own_mobile_in_use,
        own_mobile_wrong=reach.own_mobile_wrong,
        failures=tuple(reach.failures),
        customer_zones=reach.zones,
        unable=tuple(reach.unable),
    )

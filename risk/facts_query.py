"""The one statement that reads every fact of many cases, so that all of them come from one instant.

It is built from constants of this module and of `terms` only; values travel as parameters. Shares are rounded up
to the next basis point, which keeps the steps (lo, hi] of a card exact. Days are counted on the calendar of the
case's branch.
"""

from typing import Any

from accounts.models.customers import AddressKind
from risk.terms import FACTS, UNKNOWN

# A share of more than a hundredfold tells nothing more.
SHARE_CAP = 1_000_000
# In the first week nobody can be expected to have paid the arrears.
TOO_EARLY_DAYS = 7
# A contact counts for 60 days; six attempts in vain within them mean that the customer cannot be reached.
CONTACT_DAYS = 60
ATTEMPTS_IN_VAIN = 6
INCIDENT_MONTHS = 24
# A visit that found somebody else or nothing leaves less than this confidence in an address, in percent.
CONTRADICTED_BELOW = 30
# Roads are a third longer than the straight line and are driven at 30 km/h; a degree is 111.32 km.
MINUTES_PER_KM = 2.6
KM_PER_DEGREE = 111.32
# The address that would be visited first.
ADDRESS_ORDER = [AddressKind.RESIDENCE, AddressKind.REGISTERED, AddressKind.WORK]


def _share(part: str, whole: str) -> str:
    """`part` of `whole` in basis points; not known when there is no whole."""
    return f"CASE WHEN {whole} > 0 THEN least(ceil(10000 * greatest({part}, 0) / {whole}), {SHARE_CAP}) END"


def _choice(code: str, column: str) -> str:
    words = ", ".join(f"'{word}'" for word in FACTS[code].words)
    return f"array_position(ARRAY[{words}], {column}::text) - 1"


def _word(code: str, word: str) -> str:
    return str(FACTS[code].code_of(word))


def _since(instant: str) -> str:
    """Days of the branch's calendar from `instant` to now."""
    return f"chunk.today - ({instant} AT TIME ZONE chunk.time_zone)::date"


EXPRESSIONS: dict[str, str] = {
    "paid_of_billed": _share("months.paid", "months.billed"),
    "instalments_of_income": "NULL",  # the feed does not tell instalments yet
    "income": _choice("income", "chunk.income_kind"),
    "other_lenders_overdue": "chunk.other_lenders_overdue",
    "limit_used": _share("owed.balance", "owed.credit_limit"),
    "hardship": _choice("hardship", "chunk.hardship"),
    "overdue_of_income": f"""CASE WHEN chunk.monthly_income = 0 THEN {SHARE_CAP}
        ELSE {_share("chunk.overdue_amount", "chunk.monthly_income")} END""",
    "collateral": f"""CASE WHEN chunk.has_collateral THEN {_word("collateral", "YES")}
        WHEN NOT chunk.has_collateral THEN {_word("collateral", "NO")} END""",
    "days_past_due": "greatest(chunk.today - chunk.oldest_unpaid_due_on, 0)",
    "late_months": "months.late",
    "broken_promises": f"""CASE WHEN behaviour.promises_kept + behaviour.promises_broken = 0
        THEN {_word("broken_promises", "NONE_MADE")} ELSE behaviour.promises_broken END""",
    "paid_since_overdue": f"""CASE WHEN coalesce(paid.amount, 0) = 0
            AND chunk.today - chunk.oldest_unpaid_due_on <= {TOO_EARLY_DAYS}
        THEN {_word("paid_since_overdue", "TOO_EARLY")}
        ELSE {_share("coalesce(paid.amount, 0)", "(chunk.overdue_amount + coalesce(paid.amount, 0))")} END""",
    "days_since_contact": f"""CASE
        WHEN {_since("behaviour.last_right_party_contact_at")} <= {CONTACT_DAYS}
        THEN greatest({_since("behaviour.last_right_party_contact_at")}, 0)
        WHEN behaviour.attempts_in_vain >= {ATTEMPTS_IN_VAIN} THEN {_word("days_since_contact", "UNREACHABLE")}
        WHEN behaviour.ever_met_or_tried THEN {_word("days_since_contact", "FEW_ATTEMPTS")} END""",
    "attitude": _choice("attitude", "behaviour.attitude"),
    "contact_data": f"""CASE chunk.has_phone::int + (address.customer_id IS NOT NULL)::int
        WHEN 2 THEN {_word("contact_data", "PHONE_AND_ADDRESS")}
        WHEN 1 THEN {_word("contact_data", "ONE")}
        ELSE {_word("contact_data", "NONE")} END""",
    "incident": f"""CASE
        WHEN behaviour.last_assault_at > chunk.incidents_from THEN {_word("incident", "ASSAULT")}
        WHEN behaviour.last_threat_at > chunk.incidents_from THEN {_word("incident", "THREAT")}
        WHEN behaviour.last_verbal_abuse_at > chunk.incidents_from THEN {_word("incident", "VERBAL")}
        WHEN behaviour.ever_met_or_tried THEN {_word("incident", "NONE")} END""",
    "animal": _choice("animal", "behaviour.animal"),
    "area_risk": _choice("area_risk", "address.area_risk"),
    "access": _choice("access", "address.access"),
    "people_present": _choice("people_present", "behaviour.people_present"),
    "address_checked": f"""CASE
        WHEN address.customer_id IS NULL THEN NULL
        WHEN address.confidence < {CONTRADICTED_BELOW} THEN {_word("address_checked", "CONTRADICTED")}
        WHEN address.last_verified_on IS NULL THEN {_word("address_checked", "UNVERIFIED")}
        ELSE greatest(chunk.today - address.last_verified_on, 0) END""",
    "travel": f"""CASE WHEN address.datum = chunk.datum THEN ceil({MINUTES_PER_KM * KM_PER_DEGREE} * sqrt(
        (address.latitude - chunk.latitude) ^ 2
        + ((address.longitude - chunk.longitude) * cos(radians(chunk.latitude::float))::numeric) ^ 2)) END""",
    "phone_signal": _choice("phone_signal", "behaviour.phone_signal"),
}

_SOURCES = """
WITH chunk AS MATERIALIZED (
    SELECT wanted.place, k.id, k.customer_id, k.currency, k.overdue_amount, k.oldest_unpaid_due_on,
        c.income_kind, c.monthly_income, c.other_lenders_overdue, c.has_collateral, c.hardship,
        b.time_zone, b.latitude, b.longitude, b.datum,
        (%(now)s AT TIME ZONE b.time_zone)::date AS today,
        %(now)s - make_interval(months => %(incident_months)s) AS incidents_from,
        EXISTS (SELECT FROM accounts_phone p WHERE p.customer_id = c.id AND p.withdrawn_at IS NULL) AS has_phone
    FROM unnest(%(cases)s::uuid[]) WITH ORDINALITY AS wanted (id, place)
    JOIN accounts_case k ON k.id = wanted.id
    JOIN accounts_customer c ON c.id = k.customer_id
    JOIN accounts_branch b ON b.id = k.branch_id
),
owed AS (
    SELECT a.customer_id, sum(a.balance) AS balance, sum(a.credit_limit) AS credit_limit
    FROM accounts_account a JOIN chunk ON chunk.customer_id = a.customer_id
    GROUP BY a.customer_id
),
months AS (
    SELECT customer_id, sum(billed) AS billed, sum(paid) AS paid,
        count(DISTINCT month) FILTER (WHERE months_late > 0) AS late
    FROM (
        SELECT a.customer_id, m.month, m.billed, m.paid, m.months_late,
            max(m.month) OVER (PARTITION BY a.customer_id) AS latest
        FROM accounts_repaymentmonth m
        JOIN accounts_account a ON a.id = m.account_id
        JOIN chunk ON chunk.customer_id = a.customer_id
    ) AS month_of_customer
    WHERE month > latest - interval '6 months'
    GROUP BY customer_id
),
paid AS (
    SELECT a.customer_id, sum(p.amount) AS amount
    FROM accounts_payment p
    JOIN accounts_account a ON a.id = p.account_id
    JOIN chunk ON chunk.customer_id = a.customer_id
    WHERE p.reversed_at IS NULL AND p.received_at <= %(now)s
        AND (p.received_at AT TIME ZONE chunk.time_zone)::date >= chunk.oldest_unpaid_due_on
    GROUP BY a.customer_id
),
address AS (
    SELECT DISTINCT ON (a.customer_id) a.*
    FROM accounts_address a JOIN chunk ON chunk.customer_id = a.customer_id
    ORDER BY a.customer_id, array_position(%(address_order)s::text[], a.kind::text)
),
behaviour AS (
    SELECT f.*,
        f.last_right_party_contact_at IS NOT NULL OR cardinality(f.failed_attempts) > 0 AS ever_met_or_tried,
        (SELECT count(*) FROM unnest(f.failed_attempts) AS attempt
         WHERE chunk.today - (attempt AT TIME ZONE chunk.time_zone)::date <= %(contact_days)s) AS attempts_in_vain
    FROM risk_behaviourfacts f JOIN chunk ON chunk.customer_id = f.customer_id
)
"""

CONSTANTS: dict[str, Any] = {
    "incident_months": INCIDENT_MONTHS,
    "contact_days": CONTACT_DAYS,
    "address_order": [str(kind) for kind in ADDRESS_ORDER],
}

_WANTED = ",\n".join(f"coalesce({EXPRESSIONS[code]}, {UNKNOWN})::bigint AS {code}" for code in FACTS)

FACTS_OF_CASES = f"""{_SOURCES}
SELECT chunk.currency, (100 * chunk.overdue_amount)::bigint AS overdue_cents,
{_WANTED}
FROM chunk
LEFT JOIN owed USING (customer_id)
LEFT JOIN months USING (customer_id)
LEFT JOIN paid USING (customer_id)
LEFT JOIN address USING (customer_id)
LEFT JOIN behaviour USING (customer_id)
ORDER BY chunk.place
"""  # noqa: S608 - nothing but constants is put into the statement

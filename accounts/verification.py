"""The checklist before anyone goes to a door, filled in for any number of customers at once.

Periods are the house rule: identity a year, address half a year, phone a quarter, balance two days after the
day it was told for, by the clock of the customer's branch.
"""

from datetime import datetime, timedelta

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.utils.translation import gettext_noop as _

from accounts.models import Case, Customer, User
from accounts.models.verification import REQUIRED, Kind

PERIODS = {
    Kind.IDENTITY: timedelta(days=365),
    Kind.PHONE: timedelta(days=90),
    Kind.ADDRESS: timedelta(days=180),
    Kind.BALANCE: timedelta(days=2),
}
CONFIDENT = 50  # percent

# Kept in English (`Verification.finding`), translated where shown.
FINDINGS = {
    "no_identity": _("No valid identity number is known."),
    "no_birth_date": _("The date of birth is not known."),
    "minor": _("The customer is not of age."),
    "no_phone": _("No valid own telephone number is known."),
    "no_mobile": _("The own telephone number is not a mobile number."),
    "no_address": _("No residence is known."),
    "address_incomplete": _("Province, city, district or street of the residence is missing."),
    "no_house_number": _("The house number of the residence is missing."),
    "no_coordinates": _("The coordinates of the residence are missing."),
    "address_doubtful": _("It is doubtful whether the customer lives at the residence."),
    "no_account": _("No account is known."),
    "balance_old": _("The balance is older than two days. Import the bank's latest feed."),
}

CHECK = """
WITH wanted AS (
    SELECT c.id, c.identity_number_index, c.birth_date, b.time_zone,
        (%(now)s AT TIME ZONE b.time_zone)::date AS today
    FROM accounts_customer c JOIN accounts_branch b ON b.id = c.branch_id
    WHERE c.id IN ({customers})
), balance AS (
    SELECT w.id, (coalesce(min(a.as_of) FILTER (WHERE a.overdue_amount > 0), max(a.as_of)) + 3)::timestamp
        AT TIME ZONE w.time_zone AS good_until
    FROM wanted w LEFT JOIN accounts_account a ON a.customer_id = w.id
    GROUP BY w.id, w.time_zone
), checked AS (
    SELECT id, 'IDENTITY' AS kind, %(identity)s AS expires_at, CASE
        WHEN identity_number_index IS NULL THEN %(no_identity)s
        WHEN birth_date IS NULL THEN %(no_birth_date)s
        -- Of age from the day after the eighteenth birthday.
        WHEN birth_date + interval '18 years' >= today THEN %(minor)s
        ELSE '' END AS finding
    FROM wanted
    UNION ALL
    SELECT w.id, 'PHONE', %(phone)s, CASE
        WHEN bool_or(p.is_mobile) THEN ''
        WHEN count(p.id) > 0 THEN %(no_mobile)s
        ELSE %(no_phone)s END
    FROM wanted w LEFT JOIN accounts_phone p
        ON p.customer_id = w.id AND p.kind = 'OWN' AND p.withdrawn_at IS NULL
        -- what a contact person named is not the customer's before the customer was reached at it
        AND (p.origin <> 'CONTACT_PERSON' OR p.last_reached_at IS NOT NULL)
    GROUP BY w.id
    UNION ALL
    SELECT w.id, 'ADDRESS', %(address)s, CASE
        WHEN a.id IS NULL THEN %(no_address)s
        WHEN '' IN (a.province, a.city, a.district, a.street) THEN %(address_incomplete)s
        WHEN a.house_number = '' THEN %(no_house_number)s
        WHEN a.latitude IS NULL THEN %(no_coordinates)s
        WHEN a.confidence < %(confident)s THEN %(address_doubtful)s
        ELSE '' END
    FROM wanted w LEFT JOIN accounts_address a ON a.customer_id = w.id AND a.kind = 'RESIDENCE'
    UNION ALL
    SELECT id, 'BALANCE', CASE WHEN good_until > %(now)s THEN good_until ELSE %(balance)s END, CASE
        WHEN good_until IS NULL THEN %(no_account)s
        WHEN good_until <= %(now)s THEN %(balance_old)s
        ELSE '' END
    FROM balance
)
INSERT INTO accounts_verification AS v (
    customer_id, kind, status, finding, checked_at, checked_by_id, expires_at
)
SELECT id, kind, CASE finding WHEN '' THEN 'VALID' ELSE 'INVALID' END, finding, %(now)s, %(by)s, expires_at
FROM checked
ON CONFLICT (customer_id, kind) DO UPDATE SET
    status = excluded.status,
    finding = excluded.finding,
    checked_at = excluded.checked_at,
    checked_by_id = excluded.checked_by_id,
    expires_at = excluded.expires_at
"""

# Complete: out of verification, to be assessed. Lapsed before a visit was planned: back to verification.
MOVE = """
WITH moving AS (
    SELECT k.id, k.stage AS old, CASE WHEN complete THEN 'ASSESSMENT' ELSE 'VERIFICATION' END AS new,
        CASE WHEN complete THEN 'VISIT' ELSE 'VERIFY' END AS next_action,
        (%(now)s AT TIME ZONE b.time_zone)::date + 1 AS tomorrow
    FROM accounts_case k JOIN accounts_branch b ON b.id = k.branch_id
    CROSS JOIN LATERAL (
        SELECT count(*) = cardinality(%(required)s) AS complete FROM accounts_verification v
        WHERE v.customer_id = k.customer_id AND v.kind = ANY(%(required)s) AND v.status = 'VALID'
    ) checklist
    WHERE k.status = 'OPEN' AND k.customer_id IN ({customers})
        AND k.stage = ANY(CASE WHEN complete THEN ARRAY['VERIFICATION'] ELSE ARRAY['ASSESSMENT', 'PLANNING'] END)
    FOR UPDATE OF k
), moved AS (
    UPDATE accounts_case k SET stage = m.new, next_action = m.next_action, next_action_on = m.tomorrow,
        facts_changed_at = %(now)s
    FROM moving m WHERE k.id = m.id
)
INSERT INTO accounts_caseevent (case_id, kind, at, by_id, detail)
SELECT id, 'STAGE', %(now)s, %(by)s, jsonb_build_object('from', old, 'to', new, 'next_action', next_action)
FROM moving
"""


@transaction.atomic
def verify_customers(*, by: User, now: datetime, customers: models.QuerySet[Customer] | None = None) -> int:
    """Check the four items of these customers (all with an open case by default) and keep the findings.

    Open cases follow: complete ones go on to assessment, lapsed ones return to verification. Returns how many
    customers were checked.
    """
    if customers is None:
        customers = Customer.objects.filter(pk__in=Case.objects.open().values("customer"))
    try:
        chosen, parameters = customers.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    names = {f"chosen_{n}": value for n, value in enumerate(parameters)}
    subquery = chosen % tuple(f"%({name})s" for name in names)
    facts = {
        **names,
        **FINDINGS,
        **{str(kind).lower(): now + period for kind, period in PERIODS.items()},
        "confident": CONFIDENT,
        "required": [str(kind) for kind in REQUIRED],
        "by": by.pk,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(CHECK.format(customers=subquery), facts)
        items = int(cursor.rowcount)
        cursor.execute(MOVE.format(customers=subquery), facts)
    return items // len(REQUIRED)

"""Disaster areas: contact stops with everybody who has an address there, all of them in one go.

Every address that the bank holds counts, whether residence, registered residence or workplace. A customer none of
whose addresses has a district code is bound by no area: the code comes with the feed.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from accounts.cases import note_of_customers
from accounts.models import Address, Branch, Customer, User
from accounts.models.cases import CaseEventKind
from compliance.areas import AreaRule
from compliance.limits import AlreadyLifted, end_of, must_be_allowed
from compliance.models import AreaRestriction
from compliance.models.areas import AreaRestrictionQuerySet
from compliance.special_care import EFFECTS, may_enter, may_lift
from compliance.stopping import Stop, lock, remember, stop_at_once
from compliance.terms import RestrictionKind

KIND = RestrictionKind.DISASTER
CODE_LENGTHS = (2, 4, 6)
LONGEST = timedelta(days=EFFECTS[KIND].longest or 0)


class NoSuchArea(Exception):
    """The district code is not that of a province, a city or a district."""


def load_area_restrictions() -> tuple[AreaRule, ...]:
    """Every area restriction that nobody has lifted, whenever it binds. One query of a few hundred rows at most."""
    rows = AreaRestriction.objects.filter(lifted_at__isnull=True).order_by("pk")
    return tuple(AreaRule(*row) for row in rows.values_list("pk", "kind", "prefix", "starts_at", "ends_at"))


def area_restrictions_in_force(*, at: datetime) -> AreaRestrictionQuerySet:
    """The area restrictions that bind at the instant `at`."""
    return AreaRestriction.objects.in_force(at=at)


def customers_in(prefix: str) -> QuerySet[Customer]:
    """Everybody who has an address in the area."""
    inside = Address.objects.filter(customer=OuterRef("pk"), district_code__startswith=prefix)
    return Customer.objects.filter(Exists(inside))


@transaction.atomic
def enter_area_restriction(
    *,
    prefix: str,
    name: str,
    starts_at: datetime,
    ends_at: datetime | None,
    declared_by: str,
    evidence: str,
    by: User,
    now: datetime,
) -> AreaRestriction:
    """Stop contact with everybody who has an address under `prefix` until `ends_at` (None: 90 days).

    Binds at once, and calls off what is planned or queued there: a constant number of statements, however many
    customers. Raises NoSuchArea, EndsBeforeItStarts, TooLong and NotYours.
    """
    must_be_allowed(KIND, may=may_enter(KIND, by.role))
    if not (prefix.isascii() and prefix.isdigit() and len(prefix) in CODE_LENGTHS):
        raise NoSuchArea(
            gettext("A district code has 2, 4 or 6 digits, as in 15, 1502 or 150203; this is “%(code)s”.")
            % {"code": prefix}
        )
    until = end_of(KIND, starts_at, ends_at) or starts_at + LONGEST
    customers = customers_in(prefix)
    lock(customers)
    row = AreaRestriction.objects.create(
        prefix=prefix,
        name=name,
        starts_at=starts_at,
        ends_at=until,
        declared_by=declared_by,
        evidence=evidence,
        entered_at=now,
        entered_by=by,
    )
    stopped = stop_at_once(Stop(customers, KIND, starts_at, until), by=by, now=now)
    branches = Branch.objects.filter(Exists(customers.filter(branch=OuterRef("pk"))))
    note_of_customers(
        customers,
        kind=CaseEventKind.RESTRICTION_ENTERED,
        detail={"until": until.isoformat()},
        by=by,
        now=now,
    )
    remember(stopped, branches=branches, by=by, now=now, area_restriction=row)
    return row


@transaction.atomic
def lift_area_restriction(row: AreaRestriction, *, by: User, now: datetime) -> None:
    """Let contact resume, as far as this area restriction is concerned. Raises AlreadyLifted and NotYours."""
    must_be_allowed(KIND, may=may_lift(KIND, by.role))
    lifted = AreaRestriction.objects.filter(pk=row.pk, lifted_at__isnull=True)
    if not lifted.update(lifted_at=now, lifted_by=by):
        raise AlreadyLifted(gettext("This restriction was lifted already."))
    note_of_customers(
        customers_in(row.prefix), kind=CaseEventKind.RESTRICTION_LIFTED, detail={}, by=by, now=now
    )


def areas_of(customer: Customer) -> AreaRestrictionQuerySet:
    """The area restrictions, lifted or not, that reach one of the customer's addresses."""
    wanted = Q(pk__in=[])
    for code in customer.addresses.exclude(district_code="").values_list("district_code", flat=True):
        wanted |= Q(prefix__in=[code[:length] for length in CODE_LENGTHS])
    return AreaRestriction.objects.filter(wanted)

"""The gate's evidence for those who may look: rows, and what the rules said how often."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, Func, JSONField, QuerySet
from django.db.models.fields.json import KT

from accounts.models import User
from compliance.models import Contact, Disclosure, DisclosureAlert, Export, Refusal, Restriction, Stoppage
from compliance.models.restrictions import RestrictionQuerySet


class _Elements(Func):
    """One row for each element of a JSON array."""

    function = "jsonb_array_elements"
    output_field = JSONField()
    set_returning = True


class RuleCount(NamedTuple):
    branch_id: int
    rule: str
    refusals: int


def refusals_visible_to(user: User) -> QuerySet[Refusal]:
    return Refusal.objects.visible_to(user)


def restrictions_visible_to(user: User) -> RestrictionQuerySet:
    return Restriction.objects.visible_to(user)


def contacts_visible_to(user: User) -> QuerySet[Contact]:
    return Contact.objects.visible_to(user)


def disclosures_visible_to(user: User) -> QuerySet[Disclosure]:
    return Disclosure.objects.visible_to(user)


def disclosures_of(customer_id: UUID, *, user: User) -> QuerySet[Disclosure]:
    """Who saw which personal field of this customer, when and why, the newest first. One query."""
    rows = disclosures_visible_to(user).filter(customer=customer_id)
    return rows.select_related("by__branch").order_by("-at", "-pk")


def disclosure_alerts(*, user: User, since: datetime) -> QuerySet[DisclosureAlert]:
    """Who looked at unusually much personal data, the newest first. One query."""
    rows = DisclosureAlert.objects.visible_to(user).filter(at__gte=since)
    return rows.select_related("user__branch").order_by("-at", "-pk")


def exports_visible_to(user: User) -> QuerySet[Export]:
    """The files that left, the newest first."""
    return Export.objects.visible_to(user).select_related("by", "customer").order_by("-at", "-pk")


def stoppages_visible_to(user: User) -> QuerySet[Stoppage]:
    """What restrictions called off, with the restrictions themselves."""
    rows: QuerySet[Stoppage] = Stoppage.objects.visible_to(user)
    return rows.select_related("restriction__customer", "area_restriction", "by")


def refusals_by_rule(refusals: QuerySet[Refusal]) -> list[RuleCount]:
    """How many of `refusals` each rule took part in, branch by branch, the busiest rule first. One query.

    A refusal with three reasons counts for three rules.
    """
    rows = (
        refusals.order_by()
        .annotate(reason=_Elements(F("reasons")))
        .annotate(rule=KT("reason__rule"))
        .values("customer__branch_id", "rule")
        .annotate(refusals=Count("pk"))
        .order_by("-refusals", "rule")
    )
    return [RuleCount(*row) for row in rows.values_list("customer__branch_id", "rule", "refusals")]

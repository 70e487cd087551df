"""Why the data of one customer has to be kept for now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Case, Customer
from compliance.models import LegalHold, RetentionClass

CLOSED_CUSTOMERS = "closed-customers"


@dataclass(frozen=True)
class Kept:
    """One thing in the way of a deletion; `until` is None when it does not go away by waiting."""

    sentence: str
    until: datetime | None = None


class MustBeKept(Exception):
    """The customer's data may not go yet; `reasons` says why, each in a sentence."""

    def __init__(self, reasons: list[Kept]) -> None:
        self.reasons = reasons
        super().__init__([reason.sentence for reason in reasons])

    def __str__(self) -> str:
        return " ".join(reason.sentence for reason in self.reasons)


def why_kept(customer: Customer, *, now: datetime) -> list[Kept]:
    """Everything that forbids deleting the customer's data at `now`; empty when nothing does."""
    found = []
    if Case.objects.open().filter(customer=customer).exists():
        found.append(Kept(gettext("A case is open.")))
    found += [
        Kept(gettext("Legal hold: %(reason)s.") % {"reason": hold.reason}, hold.ends_at)
        for hold in LegalHold.objects.in_force(at=now).filter(customer=customer)
    ]
    until = kept_until(customer)
    if until is not None and until > now:
        day = timezone.localtime(until).date()
        sentence = gettext("Records of collection must be kept until %(day)s.") % {"day": day}
        found.append(Kept(sentence, until))
    return found


def ensure_may_go(customer: Customer, *, now: datetime) -> None:
    """Raises MustBeKept."""
    if reasons := why_kept(customer, now=now):
        raise MustBeKept(reasons)


def kept_until(customer: Customer) -> datetime | None:
    """When the minimum ends, counted from the closing of the last case; None when there never was a case."""
    closed = Case.objects.filter(customer=customer).aggregate(last=Max("closed_at"))["last"]
    if closed is None:
        return None
    days: int = RetentionClass.objects.values_list("minimum_days", flat=True).get(key=CLOSED_CUSTOMERS)
    until: datetime = closed + timedelta(hours=24 * days)
    return until

"""Deleting one customer's personal data at the customer's own request: everything the classes let go, at their minimum."""

from datetime import datetime

from accounts.models import Customer, User
from compliance.models import DataRequest
from compliance.retention.declared import declared
from compliance.retention.keeping import ensure_may_go
from compliance.retention.purging import BATCH, run_purge


def erase(customer: Customer, *, request: DataRequest, by: User, now: datetime) -> int:
    """Let every class go as far as its minimum allows. Returns how many rows went. Raises MustBeKept.

    Runs in the caller's transaction, so that the request is done when the data are gone and not before.
    """
    ensure_may_go(customer, now=now)
    gone = 0
    for one in declared().values():
        while rows := run_purge(
            one,
            dry_run=False,
            most=BATCH,
            by=by,
            now=now,
            customer_id=customer.pk,
            request_id=request.pk,
        ):
            gone += rows
    return gone

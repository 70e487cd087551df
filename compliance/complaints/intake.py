"""A complaint comes in: it gets a reference and a deadline, and stops what it has to stop, in one transaction."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts import vault
from accounts.feed.fields import Wrong
from accounts.feed.people import check_phone
from accounts.models import Branch, Customer, Phone, User
from accounts.models.customers import PHONE_NUMBER
from compliance.complaints.deadlines import due_on, local_day
from compliance.complaints.steps import AboutThemselves, NotAllowed, keep_stops_in_line, tell
from compliance.complaints.terms import Category, Intake, Status, Step
from compliance.models import Complaint, Contact
from compliance.models.complaints import CONTACT_DETAILS, REFERENCE_LETTERS, TOLD

MOST_TOLD = 4000  # characters
MOST_CONTACT_DETAILS = 200

ATTEMPTS = 20  # of some eight million references a year, one is soon free


class NothingTold(NotAllowed):
    """A complaint says what happened."""


class TooLong(NotAllowed):
    """More was told than is kept; the sentence says how much is."""


class ContactOfSomebodyElse(NotAllowed):
    """The contact complained of was made with another customer."""


def receive_complaint(
    *,
    category: Category,
    intake: Intake,
    told: str,
    customer: Customer | None = None,
    branch: Branch | None = None,
    contact_details: str = "",
    about_staff: User | None = None,
    contact: Contact | None = None,
    origin: str = "",
    by: User,
    now: datetime,
) -> Complaint:
    """File a complaint and stop at once what its category stops. The same `origin` again gives the same complaint.

    The branch is the customer's, else `branch`, else that of `by`. `told` and `contact_details` are kept sealed.
    Raises NothingTold, TooLong, ContactOfSomebodyElse, AboutThemselves.
    """
    if origin and (before := filed_before(origin)):
        return before
    told, contact_details = told.strip(), contact_details.strip()
    _ensure_sound(told, contact_details, customer=customer, contact=contact)
    if about_staff is not None and about_staff == by:
        raise AboutThemselves(gettext("Somebody else has to take down a complaint about you."))
    where = customer.branch if customer else branch or by.branch
    received_on = local_day(now, zone=zone_of(where))
    complaint = Complaint(
        origin=origin or None,
        customer=customer,
        branch=where,
        category=category,
        intake=intake,
        received_at=now,
        received_by=by,
        received_on=received_on,
        about_staff=about_staff,
        contact=contact,
        status=Status.RECEIVED,
        status_changed_at=now,
        counted_from=received_on,
        due_on=due_on(category, counted_from=received_on),
    )
    complaint.told_sealed = vault.seal(told, column=TOLD, row=complaint.pk)
    if contact_details:
        complaint.contact_sealed = vault.seal(contact_details, column=CONTACT_DETAILS, row=complaint.pk)
    return _file(complaint, by=by, now=now)


def _ensure_sound(
    told: str, contact_details: str, *, customer: Customer | None, contact: Contact | None
) -> None:
    if not told:
        raise NothingTold(gettext("Write down what happened."))
    if len(told) > MOST_TOLD or len(contact_details) > MOST_CONTACT_DETAILS:
        raise TooLong(
            gettext("At most %(told)s characters are kept of what happened, %(details)s of contact details.")
            % {"told": MOST_TOLD, "details": MOST_CONTACT_DETAILS}
        )
    if contact is not None and (customer is None or contact.customer_id != customer.pk):
        raise ContactOfSomebodyElse(
            gettext("The contact was made with another customer. Choose one of theirs.")
        )


def _file(complaint: Complaint, *, by: User, now: datetime) -> Complaint:
    for _attempt in range(ATTEMPTS):
        complaint.reference = new_reference(complaint.received_on.year)
        try:
            with transaction.atomic():
                complaint.save(force_insert=True)
                detail = {"category": complaint.category, "intake": complaint.intake}
                tell(complaint, step=Step.RECEIVED, by=by, now=now, detail=detail)
                keep_stops_in_line(complaint, by=by, now=now)
        except IntegrityError:
            if complaint.origin and (twin := filed_before(complaint.origin)):
                return twin
            if not Complaint.objects.filter(reference=complaint.reference).exists():
                raise
        else:
            return complaint
    raise RuntimeError("No free reference was found: are there millions of complaints this year?")


def filed_before(origin: str) -> Complaint | None:
    """The complaint that came out of the same before."""
    complaint: Complaint | None = Complaint.objects.filter(origin=origin).first()
    return complaint


def new_reference(year: int) -> str:
    """A reference people can say on the telephone and nobody can guess: TS-2026-7KQ4M."""
    return f"TS-{year:04}-{''.join(secrets.choice(REFERENCE_LETTERS) for _ in range(5))}"


def zone_of(branch: Branch | None) -> str:
    """The clock by which a complaint's days are counted; that of the bank while nobody knows the branch."""
    return branch.time_zone if branch else str(settings.TIME_ZONE)


def customer_meant(*, bank_number: str, category: Category, phone: str) -> Customer | None:
    """Whom a stranger on the customers' page means: by the customer's number, or, when we call the wrong person,
    by the number we call. None when neither leads to exactly one customer. Nothing of it is to be told outside.
    """
    if bank_number.strip():
        return Customer.objects.select_related("branch").filter(bank_number=bank_number.strip()).first()
    if category != Category.WRONG_PERSON:
        return None
    try:
        number = check_phone("CN", phone)
    except Wrong:
        return None
    index = vault.blind_index(number.e164, column=PHONE_NUMBER)
    phones = Phone.objects.in_use().filter(number_index=index)
    found = list(Customer.objects.select_related("branch").filter(phones__in=phones).distinct()[:2])
    return found[0] if len(found) == 1 else None

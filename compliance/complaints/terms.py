"""The vocabulary of complaints: what about, how it came in, where it stands. Free of the database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from compliance.terms import RestrictionKind


class Category(TextChoices):
    CONTACT_HOURS = "CONTACT_HOURS", _("contact outside the hours")
    FREQUENCY = "FREQUENCY", _("contacted too often")
    HARASSMENT = "HARASSMENT", _("harassment or abusive language")
    DISCLOSURE = "DISCLOSURE", _("debt disclosed to somebody else")
    VISIT_CONDUCT = "VISIT_CONDUCT", _("conduct on a visit")
    WRONG_PERSON = "WRONG_PERSON", _("wrong person or wrong number")
    OTHER_CONDUCT = "OTHER_CONDUCT", _("collection, not yet told apart")
    AMOUNT_DISPUTED = "AMOUNT_DISPUTED", _("amount disputed")
    ALREADY_PAID = "ALREADY_PAID", _("says it is paid already")
    NOT_MY_DEBT = "NOT_MY_DEBT", _("says it is not their debt")
    IDENTITY_FRAUD = "IDENTITY_FRAUD", _("identity theft or fraud alleged")
    BUREAU_OBJECTION = "BUREAU_OBJECTION", _("objection to a credit bureau record")
    SERVICE = "SERVICE", _("service and anything else")


ABOUT_CONDUCT = frozenset(
    {
        Category.CONTACT_HOURS,
        Category.FREQUENCY,
        Category.HARASSMENT,
        Category.DISCLOSURE,
        Category.VISIT_CONDUCT,
        Category.WRONG_PERSON,
        Category.OTHER_CONDUCT,
    }
)
ABOUT_THE_DEBT = frozenset(
    {
        Category.AMOUNT_DISPUTED,
        Category.ALREADY_PAID,
        Category.NOT_MY_DEBT,
        Category.IDENTITY_FRAUD,
        Category.BUREAU_OBJECTION,
    }
)

# What each category stops at once; service stops nothing. Which channels: the rules ST-COMPLAINT and ST-DISPUTE.
STOPS: dict[Category, RestrictionKind] = {
    **dict.fromkeys(ABOUT_CONDUCT, RestrictionKind.COMPLAINT),
    **dict.fromkeys(ABOUT_THE_DEBT, RestrictionKind.DISPUTE),
}


class Intake(TextChoices):
    HOTLINE = "HOTLINE", _("hotline")
    COUNTER = "COUNTER", _("counter")
    LETTER = "LETTER", _("letter")
    VISIT = "VISIT", _("visit")
    CALL = "CALL", _("our own call")
    CUSTOMER_PAGE = "CUSTOMER_PAGE", _("customers' page")
    REGULATOR = "REGULATOR", _("regulator")


BY_HAND = (Intake.HOTLINE, Intake.COUNTER, Intake.LETTER, Intake.VISIT, Intake.CALL, Intake.REGULATOR)


class Status(TextChoices):
    RECEIVED = "RECEIVED", _("received")
    UNDER_REVIEW = "UNDER_REVIEW", _("under review")
    ANSWERED = "ANSWERED", _("answered")
    CLOSED = "CLOSED", _("closed")
    REOPENED = "REOPENED", _("reopened")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("complaint", "withdrawn")


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.UNDER_REVIEW, Status.WITHDRAWN}),
    Status.UNDER_REVIEW: frozenset({Status.ANSWERED, Status.WITHDRAWN}),
    Status.ANSWERED: frozenset({Status.CLOSED, Status.REOPENED}),
    Status.CLOSED: frozenset({Status.REOPENED}),
    Status.REOPENED: frozenset({Status.UNDER_REVIEW, Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset(),
}

# An answer is still owed.
OPEN = (Status.RECEIVED, Status.UNDER_REVIEW, Status.REOPENED)
WITH_AN_ANSWER = (Status.ANSWERED, Status.CLOSED)


class Outcome(TextChoices):
    UPHELD = "UPHELD", _("upheld")
    PARTLY = "PARTLY", _("upheld in part")
    NOT_UPHELD = "NOT_UPHELD", _("not upheld")
    SETTLED = "SETTLED", _("settled")


# Whoever was right, even in part, is told what was done about it.
NEEDS_MEASURES = (Outcome.UPHELD, Outcome.PARTLY, Outcome.SETTLED)


class Step(TextChoices):
    """What an event of a complaint tells."""

    RECEIVED = "RECEIVED", _("received")
    MATCHED = "MATCHED", _("matched to a customer")
    CLASSIFIED = "CLASSIFIED", _("category changed")
    ASSIGNED = "ASSIGNED", _("handler named")
    ANSWERED = "ANSWERED", _("answered")
    CLOSED = "CLOSED", _("closed")
    REOPENED = "REOPENED", _("reopened")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("complaint", "withdrawn")
    STOPPED = "STOPPED", _("contact stopped")
    RELEASED = "RELEASED", _("contact released")
    ALERT = "ALERT", _("deadline drawing near")
    OVERDUE = "OVERDUE", _("deadline passed")
    CONTACT_SHOWN = "CONTACT_SHOWN", _("contact details shown")


def stop_wanted(*, category: Category, status: Status, outcome: str) -> RestrictionKind | None:
    """What has to be stopped for a complaint that stands so; None: nothing.

    An answer lets contact resume, except where the customer was right about the debt: until the books are put
    right and the complaint is closed, nobody collects what is not owed.
    """
    if status in OPEN:
        return STOPS.get(category)
    right_about_debt = category in ABOUT_THE_DEBT and outcome in (Outcome.UPHELD, Outcome.PARTLY)
    return STOPS[category] if status == Status.ANSWERED and right_about_debt else None

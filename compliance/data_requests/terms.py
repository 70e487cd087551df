"""The vocabulary of a customer's request about their own data, and the way such a request goes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestKind(TextChoices):
    """Personal Information Protection Law, arts. 45, 46, 47, 24 and 44."""

    ACCESS = "ACCESS", _("access and copy")
    CORRECTION = "CORRECTION", _("correction")
    DELETION = "DELETION", _("deletion")
    OBJECTION = "OBJECTION", _("objection to an automated decision")
    RESTRICTION = "RESTRICTION", _("restriction of processing")


class RequestStatus(TextChoices):
    RECEIVED = "RECEIVED", _("received")
    IDENTITY_CHECKED = "IDENTITY_CHECKED", _("identity checked")
    GRANTED = "GRANTED", _("granted")
    PARTLY = "PARTLY", _("granted in part")
    REFUSED = "REFUSED", _("refused")
    DONE = "DONE", _("done")


TRANSITIONS: dict[RequestStatus, frozenset[RequestStatus]] = {
    # refused at once when nobody can tell that it is the customer who asks
    RequestStatus.RECEIVED: frozenset({RequestStatus.IDENTITY_CHECKED, RequestStatus.REFUSED}),
    RequestStatus.IDENTITY_CHECKED: frozenset(
        {RequestStatus.GRANTED, RequestStatus.PARTLY, RequestStatus.REFUSED}
    ),
    RequestStatus.GRANTED: frozenset({RequestStatus.DONE}),
    RequestStatus.PARTLY: frozenset({RequestStatus.DONE}),
    RequestStatus.REFUSED: frozenset({RequestStatus.DONE}),
    RequestStatus.DONE: frozenset(),
}

DECISIONS = (RequestStatus.GRANTED, RequestStatus.PARTLY, RequestStatus.REFUSED)
FAVOURABLE = (RequestStatus.GRANTED, RequestStatus.PARTLY)
NEEDS_A_REASON = (RequestStatus.PARTLY, RequestStatus.REFUSED)


class ReceivedThrough(TextChoices):
    COUNTER = "COUNTER", _("at the counter")
    PHONE = "PHONE", _("by telephone")
    LETTER = "LETTER", _("by letter")
    ONLINE = "ONLINE", _("online")
    VISIT = "VISIT", _("during a visit")
    REGULATOR = "REGULATOR", _("through the regulator")


class IdentityCheck(TextChoices):
    DOCUMENT = "DOCUMENT", _("identity document seen")
    CALL_BACK = "CALL_BACK", _("called back on the number on file")
    PROXY = "PROXY", _("power of attorney and both documents seen")
    RELATIVE = "RELATIVE", _("next of kin of a deceased customer, with proof")


class CorrectedField(TextChoices):
    NAME = "NAME", _("name")
    IDENTITY_NUMBER = "IDENTITY_NUMBER", _("identity number")
    BIRTH_DATE = "BIRTH_DATE", _("date of birth")
    PHONE = "PHONE", _("phone number")
    ADDRESS = "ADDRESS", _("address")
    INCOME = "INCOME", _("income")
    AMOUNT = "AMOUNT", _("amount owed")
    ANIMAL = "ANIMAL", _("animal at the door")
    PEOPLE = "PEOPLE", _("people at the door")
    SIGNAL = "SIGNAL", _("phone signal")


# What agents noted themselves. All else is the bank's core system's: its next feed would undo a change made here.
OWNED = (CorrectedField.ANIMAL, CorrectedField.PEOPLE, CorrectedField.SIGNAL)


class CorrectionOutcome(TextChoices):
    APPLIED = "APPLIED", _("corrected here")
    FORWARDED = "FORWARDED", _("forwarded to the bank's core system")

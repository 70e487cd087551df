"""The vocabulary of the gate: by which channel, to what purpose. Free of rules and of the database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    VISIT = "VISIT", _("visit")
    CALL = "CALL", _("call")
    SMS = "SMS", _("text message")
    LETTER = "LETTER", _("letter")


class Purpose(TextChoices):
    VISIT_PLAN = "VISIT_PLAN", _("plan a visit")
    VISIT_START = "VISIT_START", _("start a visit")
    VISIT_NOTICE = "VISIT_NOTICE", _("announce a visit")
    PAYMENT_REMINDER = "PAYMENT_REMINDER", _("remind of an overdue amount")
    PROMISE_REMINDER = "PROMISE_REMINDER", _("remind of a promise")
    FOLLOW_UP_CALL = "FOLLOW_UP_CALL", _("follow-up call")
    CONTACT_SEARCH = "CONTACT_SEARCH", _("ask a contact person how to reach the customer")


class Party(TextChoices):
    """Whom a contact is for. Anybody but the debtor and the guarantor is a third party."""

    DEBTOR = "DEBTOR", _("the customer")
    GUARANTOR = "GUARANTOR", _("guarantor")
    CONTACT_PERSON = "CONTACT_PERSON", _("contact person")


# Purposes that put something in writing or on the calendar without reaching the customer.
NOT_A_CONTACT = frozenset({Purpose.VISIT_PLAN})


class RestrictionKind(TextChoices):
    DO_NOT_CONTACT = "DO_NOT_CONTACT", _("asked not to be contacted")
    HOSPITAL = "HOSPITAL", _("in hospital or recovering")
    BEREAVEMENT = "BEREAVEMENT", _("death in the family")
    DISASTER = "DISASTER", _("disaster area")
    REPRESENTED = "REPRESENTED", _("represented by a lawyer")
    DECEASED = "DECEASED", _("deceased")
    MINOR = "MINOR", _("minor")
    INCAPACITY = "INCAPACITY", _("without legal capacity")
    POLICE_ORDER = "POLICE_ORDER", _("police no-contact order")
    DISPUTE = "DISPUTE", _("amount or identity disputed")
    COMPLAINT = "COMPLAINT", _("complaint open")
    HARDSHIP_APPLICATION = "HARDSHIP_APPLICATION", _("hardship application pending")
    PERFORMING_PLAN = "PERFORMING_PLAN", _("keeps to a repayment plan")
    SELF_HARM = "SELF_HARM", _("sign of self-harm or violence")
    VISIT_REFUSED = "VISIT_REFUSED", _("asked the visitors to leave")

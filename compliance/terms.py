"""The vocabulary of the gate: by which channel, to what purpose. Free of rules and of the database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """A way to a customer. Whatever has no sender yet is bound by the rules all the same."""

    VISIT = "VISIT", _("visit")
    CALL = "CALL", _("call")
    ROBOT_CALL = "ROBOT_CALL", _("call by a machine")
    SMS = "SMS", _("text message")
    IM = "IM", _("instant message")
    EMAIL = "EMAIL", _("e-mail")
    PUSH = "PUSH", _("app notification")
    LETTER = "LETTER", _("letter")


class Purpose(TextChoices):
    VISIT_PLAN = "VISIT_PLAN", _("plan a visit")
    VISIT_START = "VISIT_START", _("start a visit")
    VISIT_NOTICE = "VISIT_NOTICE", _("announce a visit")
    VISIT_OFF = "VISIT_OFF", _("tell that a visit is called off")
    PAYMENT_REMINDER = "PAYMENT_REMINDER", _("remind of an overdue amount")
    PROMISE_REMINDER = "PROMISE_REMINDER", _("remind of a promise")
    FOLLOW_UP_CALL = "FOLLOW_UP_CALL", _("follow-up call")
    INSTALMENT_NOTICE = "INSTALMENT_NOTICE", _("tell of an instalment falling due")
    CONTACT_SEARCH = "CONTACT_SEARCH", _("ask a contact person how to reach the customer")
    COMPLAINT_ANSWER = "COMPLAINT_ANSWER", _("answer a complaint")
    BUREAU_NOTICE = "BUREAU_NOTICE", _("tell of a report to the credit bureau")


class Party(TextChoices):
    """Whom a contact is for. Anybody but the debtor and the guarantor is a third party."""

    DEBTOR = "DEBTOR", _("the customer")
    GUARANTOR = "GUARANTOR", _("guarantor")
    CONTACT_PERSON = "CONTACT_PERSON", _("contact person")


# Purposes that put something in writing or on the calendar without reaching the customer.
NOT_A_CONTACT = frozenset({Purpose.VISIT_PLAN})


class OverrideReason(TextChoices):
    """Why two people may let a contact pass that a rule would stop."""

    CUSTOMER_ASKED = "CUSTOMER_ASKED", _("the customer asked for it")
    SAFETY = "SAFETY", _("somebody's safety")
    LEGAL_DEADLINE = "LEGAL_DEADLINE", _("a legal deadline")
    OUTDATED_FACT = "OUTDATED_FACT", _("the fact the rule saw is out of date")
    CALENDAR = "CALENDAR", _("the calendar is known otherwise")
    OTHER = "OTHER", _("another reason, in words")


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
    PREGNANCY = "PREGNANCY", _("pregnant or lately given birth")
    SERIOUS_ILLNESS = "SERIOUS_ILLNESS", _("seriously ill")
    DISABILITY = "DISABILITY", _("with a disability")
    ELDERLY_ALONE = "ELDERLY_ALONE", _("elderly and living alone")
    COURT = "COURT", _("before a court: suit, enforcement or insolvency")
    TIME_BARRED = "TIME_BARRED", _("claim time-barred")
    DETAINED = "DETAINED", _("in custody")

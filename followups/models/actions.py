"""What somebody has to do next on a case, and by when."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Case, ContactPerson, Customer, User
from accounts.models.staff import InBranchQuerySet
from compliance.terms import Channel, Purpose
from visits.models import Visit


class FollowUpKind(models.TextChoices):
    """One kind for each next action of a case (`followups.worklist.KINDS`)."""

    CALL = "CALL", _("call")
    CONTACT_SEARCH = "CONTACT_SEARCH", _("ask a contact person")
    CHECK_PAYMENT = "CHECK_PAYMENT", _("see whether the promised payment came")
    REMIND = "REMIND", _("remind by message")
    WATCH = "WATCH", _("watch")
    VERIFY = "VERIFY", _("complete the verification")
    REVISIT = "REVISIT", _("visit again")
    LEGAL = "LEGAL", _("legal review")
    HARDSHIP_PLAN = "HARDSHIP_PLAN", _("work out a hardship plan")
    RESOLVE_DISPUTE = "RESOLVE_DISPUTE", _("resolve the dispute")
    REPAIR_ADDRESS = "REPAIR_ADDRESS", _("repair the address")
    SUPERVISOR = "SUPERVISOR", _("supervisor decides")


# What is done by calling somebody: no outcome without the call.
CALLS = (FollowUpKind.CALL, FollowUpKind.CONTACT_SEARCH)


class FollowUpStatus(models.TextChoices):
    OPEN = "OPEN", _("open")
    DONE = "DONE", _("done")
    CANCELLED = "CANCELLED", _("cancelled")


class Outcome(models.TextChoices):
    """What came of it. What happens to the case then: `followups.actions.THEN`, after asking a contact person
    `followups.searching.THEN`.
    """

    NO_ANSWER = "NO_ANSWER", _("no answer")
    WRONG_NUMBER = "WRONG_NUMBER", _("not the customer's number")
    PROMISED = "PROMISED", _("promised to pay")
    SAYS_PAID = "SAYS_PAID", _("says it is paid")
    HARDSHIP = "HARDSHIP", _("hardship")
    DISPUTE = "DISPUTE", _("dispute")
    REFUSES = "REFUSES", _("refuses to pay")
    VISIT_AGAIN = "VISIT_AGAIN", _("to be visited again")
    REMIND_AGAIN = "REMIND_AGAIN", _("to be reminded again")
    NOTHING_NOW = "NOTHING_NOW", _("nothing to do for now")
    TO_LEGAL = "TO_LEGAL", _("handed to legal review")
    OVERTAKEN = "OVERTAKEN", _("overtaken by events")
    GAVE_DETAILS = "GAVE_DETAILS", _("gave a number of the customer")
    WILL_PASS_ON = "WILL_PASS_ON", _("will ask the customer to call back")
    DOES_NOT_KNOW = "DOES_NOT_KNOW", _("does not know how to reach the customer")
    REFUSES_CONTACT = "REFUSES_CONTACT", _("wants no further contact")
    OFFERS_TO_PAY = "OFFERS_TO_PAY", _("offered to pay of their own accord")


class FollowUpQuerySet(InBranchQuerySet):
    branch_path = "case__branch"

    def open(self) -> "FollowUpQuerySet":
        return self.filter(status=FollowUpStatus.OPEN)


class FollowUp(models.Model):
    """One thing to do on a case by the local date `due_on`. `contact` is the call that was made for it, to the
    customer or to `contact_person`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_ups", verbose_name=_("case"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="follow_ups", verbose_name=_("customer")
    )
    visit = models.OneToOneField(
        Visit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_up",
        verbose_name=_("arose from visit"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=FollowUpKind)
    due_on = models.DateField(_("due on"))
    status = models.CharField(_("status"), max_length=10, choices=FollowUpStatus, default=FollowUpStatus.OPEN)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("created by"))
    channel = models.CharField(max_length=10, default=Channel.CALL, editable=False)
    purpose = models.CharField(max_length=20, default=Purpose.FOLLOW_UP_CALL, editable=False)
    contact = models.OneToOneField(
        "compliance.Contact",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact"),
    )
    contact_person = models.ForeignKey(
        ContactPerson,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact person"),
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=FollowUpStatus.values)
                & models.Q(kind__in=FollowUpKind.values)
                & models.Q(outcome__in=["", *Outcome.values]),
                name="follow_up_codes_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status=FollowUpStatus.OPEN, done_at__isnull=True, done_by__isnull=True, outcome=""
                )
                | ~models.Q(status=FollowUpStatus.OPEN)
                & ~models.Q(outcome="")
                & models.Q(done_at__isnull=False, done_by__isnull=False),
                name="follow_up_done_by_someone",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=CALLS, status=FollowUpStatus.DONE)
                | models.Q(contact__isnull=False),
                name="call_done_was_made",
            ),
            models.CheckConstraint(
                condition=models.Q(channel=Channel.CALL)
                & models.Q(purpose__in=(Purpose.FOLLOW_UP_CALL, Purpose.CONTACT_SEARCH)),
                name="follow_up_contact_is_a_call",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind=FollowUpKind.CONTACT_SEARCH,
                    purpose=Purpose.CONTACT_SEARCH,
                    contact_person__isnull=False,
                )
                | ~models.Q(kind=FollowUpKind.CONTACT_SEARCH)
                & models.Q(purpose=Purpose.FOLLOW_UP_CALL, contact_person__isnull=True),
                name="search_is_of_a_contact_person",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(status=FollowUpStatus.OPEN, visit__isnull=True),
                name="one_open_follow_up_besides_visits",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(status="OPEN"), name="open_follow_up_by_due")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on}"

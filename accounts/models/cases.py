"""One open file per overdue customer, over all their accounts."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.customers import Customer
from accounts.models.staff import Branch, InBranchLedgerQuerySet, InBranchQuerySet, User
from config.ledger import Ledger


class CaseStatus(models.TextChoices):
    OPEN = "OPEN", _("open")
    CLOSED = "CLOSED", _("closed")


class Stage(models.TextChoices):
    """Where the case stands in the pipeline; told by what was last done, shown on the desk."""

    VERIFICATION = "VERIFICATION", _("verification")
    ASSESSMENT = "ASSESSMENT", _("assessment")
    PLANNING = "PLANNING", _("planning")
    VISIT = "VISIT", _("visit")
    FOLLOW_UP = "FOLLOW_UP", _("follow-up")
    CLOSED = "CLOSED", _("closed")


class NextAction(models.TextChoices):
    VERIFY = "VERIFY", _("complete the verification")
    VISIT = "VISIT", _("visit")
    REMIND = "REMIND", _("remind by message")
    CALL = "CALL", _("call")
    CONTACT_SEARCH = "CONTACT_SEARCH", _("ask a contact person")
    WATCH = "WATCH", _("watch")
    AWAIT_PAYMENT = "AWAIT_PAYMENT", _("await the promised payment")
    REPAIR_ADDRESS = "REPAIR_ADDRESS", _("repair the address")
    HARDSHIP_PLAN = "HARDSHIP_PLAN", _("work out a hardship plan")
    RESOLVE_DISPUTE = "RESOLVE_DISPUTE", _("resolve the dispute")
    SUPERVISOR = "SUPERVISOR", _("supervisor decides")
    LEGAL = "LEGAL", _("legal review")


class CaseQuerySet(InBranchQuerySet):
    def open(self) -> "CaseQuerySet":
        return self.filter(status=CaseStatus.OPEN)


class Case(models.Model):
    """The file of one overdue customer: opened by the feed, closed when nothing is overdue.

    `facts_changed_at` is set by whatever changes a fact that risk looks at; the case is then assessed anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="cases", verbose_name=_("customer"))
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"))
    status = models.CharField(_("status"), max_length=10, choices=CaseStatus)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    overdue_amount = models.DecimalField(_("overdue amount"), max_digits=18, decimal_places=2)
    balance = models.DecimalField(_("balance"), max_digits=18, decimal_places=2)
    oldest_unpaid_due_on = models.DateField(_("oldest unpaid due date"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    next_action = models.CharField(_("next action"), max_length=20, choices=NextAction, blank=True)
    next_action_on = models.DateField(_("next action on"), null=True, blank=True)
    facts_changed_at = models.DateTimeField(_("facts changed at"))
    assessed_at = models.DateTimeField(_("assessed at"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(status="OPEN"),
                name="one_open_case_per_customer",
            ),
            models.CheckConstraint(
                condition=models.Q(status="OPEN", closed_at__isnull=True)
                | models.Q(status="CLOSED", closed_at__isnull=False),
                name="closed_case_has_a_date",
            ),
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="case_stage_is_known"),
            models.CheckConstraint(
                condition=models.Q(status="CLOSED")
                | (~models.Q(next_action="") & models.Q(next_action_on__isnull=False)),
                name="open_case_has_a_next_action",
            ),
            models.UniqueConstraint(fields=["id", "customer"], name="case_of_customer"),
        ]
        indexes = [
            models.Index(
                fields=["branch", "stage"],
                condition=models.Q(status="OPEN"),
                name="open_case_by_stage",
            ),
            models.Index(
                fields=["facts_changed_at"],
                condition=models.Q(status="OPEN"),
                name="open_case_by_change",
            ),
            models.Index(
                fields=["branch", "closed_at"],
                condition=models.Q(status="CLOSED"),
                name="closed_case_by_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.overdue_amount} {self.currency}"


class CaseEventKind(models.TextChoices):
    OPENED = "OPENED", _("opened")
    UPDATED = "UPDATED", _("updated by the feed")
    PAYMENT = "PAYMENT", _("payment received")
    REVERSAL = "REVERSAL", _("payment reversed")
    CLOSED = "CLOSED", _("closed")
    NEXT_ACTION = "NEXT_ACTION", _("next action set")
    STAGE = "STAGE", _("moved to another stage")
    RESTRICTION_ENTERED = "RESTRICTION_ENTERED", _("restriction entered")
    RESTRICTION_LIFTED = "RESTRICTION_LIFTED", _("restriction lifted")


class CaseEventQuerySet(InBranchLedgerQuerySet):
    branch_path = "case__branch"


class CaseEvent(Ledger):
    """What happened to a case, in order."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", verbose_name=_("case"))
    kind = models.CharField(_("event"), max_length=20, choices=CaseEventKind)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"))
    detail = models.JSONField(_("detail"), default=dict)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("case event")
        verbose_name_plural = _("case events")
        indexes = [models.Index(fields=["case", "at"], name="case_timeline")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.get_kind_display()}"

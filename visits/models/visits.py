"""A visit to one customer at one address by one team, and everything that became of it."""

import datetime
import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Address, Case, Customer, User
from accounts.models.staff import InBranchLedgerQuerySet, InBranchQuerySet
from compliance.terms import Channel, Purpose
from config.ledger import Ledger
from risk.models import Assessment, Strategy
from visits.models.plans import Plan
from visits.models.teams import Team


class Status(models.TextChoices):
    PROPOSED = "PROPOSED", _("proposed")
    PLANNED = "PLANNED", _("planned")
    NOTIFIED = "NOTIFIED", _("customer notified")
    UNDER_WAY = "UNDER_WAY", _("under way")
    DONE = "DONE", _("done")
    ABORTED = "ABORTED", _("aborted")
    CANCELLED = "CANCELLED", _("cancelled")


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.PROPOSED: frozenset({Status.PLANNED, Status.CANCELLED}),
    Status.PLANNED: frozenset({Status.NOTIFIED, Status.CANCELLED}),
    Status.NOTIFIED: frozenset({Status.UNDER_WAY, Status.CANCELLED}),
    Status.UNDER_WAY: frozenset({Status.DONE, Status.ABORTED}),
    Status.DONE: frozenset(),
    Status.ABORTED: frozenset(),
    Status.CANCELLED: frozenset(),
}

WITHOUT_CLEARANCE = (Status.PROPOSED, Status.CANCELLED)
STARTED = (Status.UNDER_WAY, Status.DONE, Status.ABORTED)
LIVE = (Status.PLANNED, Status.NOTIFIED, Status.UNDER_WAY)


class CancelReason(models.TextChoices):
    PAID = "PAID", _("paid")
    HOLD = "HOLD", _("on hold or complaint")
    REFUSED_BY_GATE = "REFUSED_BY_GATE", _("refused by the compliance gate")
    WEATHER = "WEATHER", _("weather")
    AGENT_ABSENT = "AGENT_ABSENT", _("staff absent")
    DUPLICATE = "DUPLICATE", _("duplicate")
    CUSTOMER_RESCHEDULED = "CUSTOMER_RESCHEDULED", _("customer asked for another time")
    PLAN_REJECTED = "PLAN_REJECTED", _("plan rejected")
    SUPERVISOR = "SUPERVISOR", _("supervisor's decision")


class VisitQuerySet(InBranchQuerySet):
    branch_path = "plan__branch"

    def visible_to(self, user: User) -> "VisitQuerySet":
        """Office staff see their branch's visits, field staff those of their own teams."""
        if user.goes_out:
            return self.filter(team__members=user).exclude(status=Status.PROPOSED)
        return super().visible_to(user)

    def of_day(self, date: datetime.date) -> "VisitQuerySet":
        """Visits planned for a local date of their branch."""
        return self.filter(plan__date=date)

    def whole(self) -> "VisitQuerySet":
        """With everything a page or a phone shows of a visit, in four queries however many visits."""
        return self.select_related(
            "plan__branch",
            "customer",
            "case",
            "address",
            "team",
            "check_in",
            "record",
            "check_out",
            "incident",
            "overrun",
            "break_off",
        ).prefetch_related(
            models.Prefetch("team__members", User.objects.order_by("pk")),
            "identity_confirmations",
            "consents",
        )

    def live(self) -> "VisitQuerySet":
        """Cleared and not yet finished: a customer has at most one."""
        return self.filter(status__in=LIVE)

    def unreported(self) -> "VisitQuerySet":
        """Ended, or past the contact hours, and without a record. `ended_at` is when that was."""
        over = models.Q(status__in=(Status.DONE, Status.ABORTED))
        over |= models.Q(status=Status.UNDER_WAY, overrun__isnull=False)
        ended = models.Case(
            models.When(status=Status.UNDER_WAY, then=models.F("overrun__at")),
            default=models.F("status_changed_at"),
        )
        rows: VisitQuerySet = self.filter(over, record__isnull=True).annotate(ended_at=ended)
        return rows

    def awaiting_notice(self, *, now: datetime.datetime) -> "VisitQuerySet":
        """Planned visits still to come whose customers have not been told."""
        return self.filter(status=Status.PLANNED, planned_start__gt=now)


class Visit(models.Model):
    """Planned times are instants; the plan's date is the branch's local date."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="visits", verbose_name=_("plan"))
    team = models.ForeignKey(Team, models.PROTECT, related_name="visits", verbose_name=_("team"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="visits", verbose_name=_("case"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="visits", verbose_name=_("customer"))
    address = models.ForeignKey(Address, models.PROTECT, related_name="visits", verbose_name=_("address"))
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+", verbose_name=_("assessment"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED)
    position = models.PositiveSmallIntegerField(_("order"))
    planned_start = models.DateTimeField(_("planned start"))
    planned_end = models.DateTimeField(_("planned end"))
    travel_seconds = models.PositiveIntegerField(_("travel before, seconds"))
    travel_metres = models.PositiveIntegerField(_("travel before, metres"))
    prize = models.DecimalField(_("expected benefit"), max_digits=12, decimal_places=2)
    strategy = models.CharField(_("strategy"), max_length=10, choices=Strategy)
    needs_security_officer = models.BooleanField(_("security officer needed"))
    contingency = models.CharField(_("contingency plan"), max_length=40)
    why_planned = models.JSONField(_("why this visit"), default=dict)
    channel = models.CharField(max_length=10, default=Channel.VISIT, editable=False)
    plan_purpose = models.CharField(max_length=20, default=Purpose.VISIT_PLAN, editable=False)
    start_purpose = models.CharField(max_length=20, default=Purpose.VISIT_START, editable=False)
    plan_clearance = models.OneToOneField(
        "compliance.Clearance",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("clearance of plan"),
    )
    start_contact = models.OneToOneField(
        "compliance.Contact", models.PROTECT, null=True, related_name="+", verbose_name=_("contact")
    )
    cancel_reason = models.CharField(
        _("reason of cancellation"), max_length=20, choices=CancelReason, blank=True
    )
    status_changed_at = models.DateTimeField(_("status changed at"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="visit_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(planned_end__gt=models.F("planned_start")),
                name="visit_ends_later",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=WITHOUT_CLEARANCE) | models.Q(plan_clearance__isnull=False),
                name="planned_visit_is_cleared",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=STARTED, start_contact__isnull=False)
                | (~models.Q(status__in=STARTED) & models.Q(start_contact__isnull=True)),
                name="started_visit_is_a_contact",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.CANCELLED) & ~models.Q(cancel_reason="")
                | ~models.Q(status=Status.CANCELLED) & models.Q(cancel_reason=""),
                name="cancelled_visit_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    channel=Channel.VISIT,
                    plan_purpose=Purpose.VISIT_PLAN,
                    start_purpose=Purpose.VISIT_START,
                ),
                name="visit_purposes_are_fixed",
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(status__in=LIVE),
                name="one_live_visit_per_customer",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "position"], name="visit_in_order"),
            models.Index(
                fields=["planned_start"],
                condition=models.Q(status__in=("PLANNED", "NOTIFIED")),
                name="visit_to_come",
            ),
            models.Index(
                fields=["status_changed_at"],
                condition=models.Q(status="UNDER_WAY"),
                name="visit_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {timezone.localtime(self.planned_start):%Y-%m-%d %H:%M}"

    @property
    def ended(self) -> datetime.datetime | None:
        """When the visit ended, at the latest when the contact hours did; None before."""
        if self.status in (Status.DONE, Status.ABORTED):
            return self.status_changed_at
        overrun = getattr(self, "overrun", None)
        return overrun.at if overrun and self.status == Status.UNDER_WAY else None


class VisitEventQuerySet(InBranchLedgerQuerySet):
    branch_path = "visit__plan__branch"


class VisitEvent(Ledger):
    """One step of a visit from a status to the next."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="events", verbose_name=_("visit"))
    old = models.CharField(pgettext_lazy("status", "from"), max_length=10, choices=Status)
    new = models.CharField(pgettext_lazy("status", "to"), max_length=10, choices=Status)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    detail = models.JSONField(_("detail"), default=dict)

    objects = VisitEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit event")
        verbose_name_plural = _("visit events")
        indexes = [models.Index(fields=["visit", "at"], name="visit_timeline")]

    def __str__(self) -> str:
        return f"{self.get_old_display()} → {self.get_new_display()}"


class BreakOff(Ledger):
    """The team at the door is to break off: contact with the customer stopped while it was there.

    Why it stopped is not kept here: the phones show this row.
    """

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="break_off", verbose_name=_("visit"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = VisitEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit to be broken off")
        verbose_name_plural = _("visits to be broken off")

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"

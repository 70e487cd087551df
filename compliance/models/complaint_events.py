"""Every step of a complaint, and how often strangers file one."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.staff import InBranchLedgerQuerySet
from compliance.complaints.terms import Status, Step
from compliance.models.complaints import Complaint
from compliance.models.restrictions import Restriction
from config.ledger import Ledger

WORDS = "complaint.words"


class ComplaintEventQuerySet(InBranchLedgerQuerySet):
    branch_path = "complaint__branch"

    def visible_to(self, user: User) -> "ComplaintEventQuerySet":
        return super().visible_to(user).exclude(complaint__about_staff=user)


class ComplaintEvent(Ledger):
    """One step of a complaint. `restriction` is the one entered with it; `words_sealed` what was said, sealed:
    the answer, or why it was reopened or withdrawn. `alert_on` is the local date a deadline's alert stands for.
    """

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="events", verbose_name=_("complaint")
    )
    step = models.CharField(_("step"), max_length=20, choices=Step)
    status = models.CharField(_("status"), max_length=20, choices=Status)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    restriction = models.OneToOneField(
        Restriction,
        models.PROTECT,
        null=True,
        related_name="complaint_event",
        verbose_name=_("restriction"),
    )
    words_sealed = models.BinaryField(_("words, sealed"), null=True)
    alert_on = models.DateField(_("alert of"), null=True)
    detail = models.JSONField(_("detail"), default=dict)

    objects = ComplaintEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint event")
        verbose_name_plural = _("complaint events")
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=Step.values) & Q(status__in=Status.values),
                name="complaint_event_codes_are_known",
            ),
            models.CheckConstraint(
                condition=Q(step=Step.STOPPED, restriction__isnull=False)
                | Q(~Q(step=Step.STOPPED), restriction__isnull=True),
                name="complaint_stop_names_its_restriction",
            ),
            models.UniqueConstraint(
                fields=["complaint", "step", "alert_on"],
                condition=Q(alert_on__isnull=False),
                name="one_alert_of_a_kind_a_day",
            ),
        ]
        indexes = [models.Index(fields=["complaint", "at"], name="complaint_timeline")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.get_step_display()}"


class Filing(models.Model):
    """Somebody filed a complaint on the customers' page: from which address, as a blind index, and when."""

    address_index = models.BinaryField(_("address, blind index"), max_length=32)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("filing on the customers' page")
        verbose_name_plural = _("filings on the customers' page")
        indexes = [models.Index(fields=["address_index", "at"], name="filing_by_address")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"

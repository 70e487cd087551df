"""What may be written to customers: wordings in versions, approved by a second person."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from compliance.terms import Channel, Purpose
from config.ledger import Ledger, LedgerQuerySet


class TemplateStatus(models.TextChoices):
    DRAFT = "DRAFT", _("draft")
    SUBMITTED = "SUBMITTED", _("waiting for approval")
    APPROVED = "APPROVED", _("approved")
    RETIRED = "RETIRED", _("retired")


TRANSITIONS: dict[TemplateStatus, frozenset[TemplateStatus]] = {
    TemplateStatus.DRAFT: frozenset({TemplateStatus.SUBMITTED, TemplateStatus.RETIRED}),
    # What was refused is retired; its author writes a new version, so that no submitted text ever changes.
    TemplateStatus.SUBMITTED: frozenset({TemplateStatus.APPROVED, TemplateStatus.RETIRED}),
    TemplateStatus.APPROVED: frozenset({TemplateStatus.RETIRED}),
    TemplateStatus.RETIRED: frozenset(),
}


class TemplateQuerySet(models.QuerySet["Template"]):
    def for_the_same(self, template: "Template") -> "TemplateQuerySet":
        """All versions of what `template` is for."""
        return self.filter(channel=template.channel, purpose=template.purpose, language=template.language)

    def in_force(self, *, at: datetime) -> "TemplateQuerySet":
        """Approved versions that are used at the instant `at`: at most one for each channel, purpose and language."""
        return self.filter(status=TemplateStatus.APPROVED, effective_from__lte=at).filter(
            models.Q(effective_until__isnull=True) | models.Q(effective_until__gt=at)
        )

    def open_ended(self) -> "TemplateQuerySet":
        """Approved, and no successor has been approved."""
        return self.filter(status=TemplateStatus.APPROVED, effective_until__isnull=True)


class Template(models.Model):
    """One version of a wording for one purpose, channel and language. `body` holds blanks (`followups.blanks`).

    Used from `effective_from` until before `effective_until` while approved. Somebody writes it and submits it, a
    compliance officer who is not the author approves it. `packaged` wordings came with the product: written and approved
    by the system's account, which nobody can log in with. The body of a submitted version never changes.
    """

    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveIntegerField(_("version"))
    body = models.TextField(_("text"))
    packaged = models.BooleanField(_("came with the product"), default=False)
    status = models.CharField(
        _("status"), max_length=10, choices=TemplateStatus, default=TemplateStatus.DRAFT
    )
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written by"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("submitted by")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    effective_until = models.DateTimeField(_("in force until"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    retired_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("retired by")
    )

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of messages and letters", "template")
        verbose_name_plural = pgettext_lazy("of messages and letters", "templates")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=TemplateStatus.values), name="template_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | models.Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="template_submitted_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    approved_at__isnull=True, approved_by__isnull=True, effective_from__isnull=True
                )
                | models.Q(
                    approved_at__isnull=False, approved_by__isnull=False, effective_from__isnull=False
                ),
                name="template_approved_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(retired_at__isnull=True, retired_by__isnull=True)
                | models.Q(retired_at__isnull=False, retired_by__isnull=False),
                name="template_retired_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | models.Q(packaged=True, approved_by=models.F("written_by"))
                | models.Q(packaged=False) & ~models.Q(approved_by=models.F("written_by")),
                name="template_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(status=TemplateStatus.APPROVED, approved_at__isnull=False)
                | models.Q(status=TemplateStatus.RETIRED)
                | models.Q(
                    status__in=(TemplateStatus.DRAFT, TemplateStatus.SUBMITTED), approved_at__isnull=True
                ),
                name="approved_template_was_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(packaged=True)
                | models.Q(effective_from__isnull=True)
                | models.Q(effective_from__gte=models.F("approved_at")),
                name="template_is_not_backdated",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_until__isnull=True)
                | models.Q(effective_until__gte=models.F("effective_from")),
                name="template_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["channel", "purpose", "language", "version"], name="template_version_is_unique"
            ),
            models.UniqueConstraint(
                fields=["channel", "purpose", "language"],
                condition=models.Q(status=TemplateStatus.APPROVED, effective_until__isnull=True),
                name="one_approved_template_without_end",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_purpose_display()} · {self.get_channel_display()} · {self.language} · {self.version}"
        )

    @property
    def name(self) -> str:
        """For machines and for what is kept with a message: `sms payment_reminder zh-hans 3`."""
        return f"{self.channel.lower()} {self.purpose.lower()} {self.language} {self.version}"


class TemplateEvent(Ledger):
    """One step of a template from a status to the next; of a new one, from nothing."""

    template = models.ForeignKey(Template, models.PROTECT, related_name="events", verbose_name=_("template"))
    old = models.CharField(pgettext_lazy("status", "from"), max_length=10, choices=TemplateStatus, blank=True)
    new = models.CharField(pgettext_lazy("status", "to"), max_length=10, choices=TemplateStatus)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    detail = models.JSONField(_("detail"), default=dict)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("template event")
        verbose_name_plural = _("template events")
        indexes = [models.Index(fields=["template", "at"], name="template_timeline")]

    def __str__(self) -> str:
        return f"{self.get_old_display()} → {self.get_new_display()}"

"""The bank's nightly feed: one Batch a delivery, one Reject a row that was not taken."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.staff import User


class BatchStatus(models.TextChoices):
    LOADING = "LOADING", _("loading")
    DONE = "DONE", _("done")
    REFUSED = "REFUSED", _("refused")


class Batch(models.Model):
    """One delivery of feed files. (source, as-of) is taken once; the same files again change nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(_("source"), max_length=40)
    as_of = models.DateField(_("as of"))
    content_hash = models.CharField(_("content hash"), max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=BatchStatus)
    refusal = models.TextField(_("why it was refused"), blank=True)
    counts = models.JSONField(_("counts"), default=dict)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    imported_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("imported by"))

    class Meta:
        verbose_name = _("feed batch")
        verbose_name_plural = _("feed batches")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "as_of"],
                condition=models.Q(status="DONE"),
                name="one_batch_per_source_and_day",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=BatchStatus.values), name="batch_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.as_of}"


class Rejected(models.TextChoices):
    ROW = "ROW", _("row not taken")
    FIELD = "FIELD", _("field left out")


class Reject(models.Model):
    """A row that was not taken, or a field of a row taken without it: where it stands and what is wrong.

    `line` counts lines of the file, the header being line 1. `reason` is a sentence of `accounts.feed.reasons`
    in English; it is translated where it is shown.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rejects", verbose_name=_("batch"))
    what = models.CharField(_("what"), max_length=5, choices=Rejected)
    file = models.CharField(_("file"), max_length=60)
    line = models.PositiveIntegerField(_("line"))
    field = models.CharField(_("field"), max_length=60)
    value_masked = models.CharField(_("value, masked"), max_length=100)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.field}"

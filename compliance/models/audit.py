"""The audit ledger: what happened, chained so that nothing can be changed, removed or slipped in unseen."""

from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.ledger import Ledger, LedgerQuerySet


class Chain(models.TextChoices):
    """Each chain has a lock of its own; more of them would be faster and harder to read."""

    DECISIONS = "DECISIONS", _("decisions and contacts")
    PEOPLE = "PEOPLE", _("log-ins, disclosures, exports")
    POLICY = "POLICY", _("rules, overrides, sources, templates")
    EVIDENCE = "EVIDENCE", _("evidence, complaints, retention")


class Kind(models.TextChoices):
    DECISION = "DECISION", _("decision")
    CONTACT = "CONTACT", _("contact")
    OUTCOME = "OUTCOME", _("outcome of a contact")
    RESTRICTION = "RESTRICTION", _("restriction")
    OVERRIDE = "OVERRIDE", _("override")
    POLICY = "POLICY", _("policy")
    SOURCE = "SOURCE", _("source of a rule")
    HOLIDAY = "HOLIDAY", _("holiday")
    TEMPLATE = "TEMPLATE", _("template")
    DISCLOSURE = "DISCLOSURE", _("disclosure")
    EXPORT = "EXPORT", _("export")
    LOG_IN = "LOG_IN", _("log-in")
    LOG_IN_FAILED = "LOG_IN_FAILED", _("failed log-in")
    LOG_OUT = "LOG_OUT", _("log-out")
    STAFF = "STAFF", _("staff and roles")
    EVIDENCE = "EVIDENCE", _("evidence")
    COMPLAINT = "COMPLAINT", _("complaint")
    DISPUTE = "DISPUTE", _("dispute")
    DATA_REQUEST = "DATA_REQUEST", _("request about personal data")
    RETENTION = "RETENTION", _("retention")
    INCIDENT = "INCIDENT", _("incident")
    CHECKPOINT = "CHECKPOINT", _("checkpoint")


def kinds() -> list[tuple[str, Any]]:
    """Named by the migration instead of being copied into it: a new kind needs none."""
    return Kind.choices


class AuditEntryQuerySet(LedgerQuerySet):
    def visible_to(self, user: User) -> Self:
        """The log-ins and looks of everybody are read by those who watch, not by those who are watched."""
        return self if user.sees_every_branch else self.none()


class AuditEntry(Ledger):
    """One link of a chain. `body` is the exact text that was hashed; every other column repeats what it says.

    `hash` is SHA-256 over `prev` and `body`, `mac` HMAC-SHA256 over `hash` with a key the database does not know,
    all in hexadecimal. `subject` names a row ("compliance.clearance:<uuid>") and never a person's data;
    `subject_digest` is SHA-256 of that row's canonical content, blank when it is not a row of an audited ledger.
    """

    chain = models.CharField(_("chain"), max_length=10, choices=Chain)
    seq = models.PositiveBigIntegerField(_("number in the chain"))
    kind = models.CharField(_("kind"), max_length=20, choices=kinds)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    subject = models.CharField(_("subject"), max_length=120)
    subject_digest = models.CharField(_("digest of the subject"), max_length=64, blank=True)
    body = models.TextField(_("content"))
    prev = models.CharField(_("hash of the entry before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)
    mac = models.CharField(_("keyed hash"), max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        constraints = [
            models.CheckConstraint(condition=models.Q(chain__in=Chain.values), name="audit_chain_is_known"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_chain_begins_at_one"),
            models.UniqueConstraint(fields=["chain", "seq"], name="audit_number_is_taken_once"),
            models.UniqueConstraint(fields=["chain", "prev"], name="audit_chain_never_forks"),
        ]
        indexes = [
            models.Index(fields=["subject"], name="audit_of_subject"),
            models.Index(fields=["-at"], name="audit_latest"),
            models.Index(fields=["kind", "-at"], name="audit_latest_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq} · {self.get_kind_display()} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

"""The outbox. A message's row, not the broker, is the truth; it is sent at most once."""

import uuid
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Case, Customer, Phone, User
from accounts.models.cases import CaseStatus
from accounts.models.staff import InBranchLedgerQuerySet, InBranchQuerySet
from compliance.terms import Channel, Purpose
from config.ledger import Ledger
from followups.models.promises import Promise
from followups.models.templates import Template
from visits.models import Visit


class MessageStatus(models.TextChoices):
    PENDING = "PENDING", _("pending")
    CLAIMED = "CLAIMED", _("claimed")
    SENDING = "SENDING", _("sending")
    SENT = "SENT", _("sent")
    FAILED = "FAILED", _("failed")
    UNKNOWN = "UNKNOWN", _("unknown, a person decides")
    BLOCKED = "BLOCKED", _("blocked by a compliance rule")
    CANCELLED = "CANCELLED", _("cancelled")


TRANSITIONS: dict[MessageStatus, frozenset[MessageStatus]] = {
    MessageStatus.PENDING: frozenset({MessageStatus.CLAIMED, MessageStatus.CANCELLED}),
    MessageStatus.CLAIMED: frozenset(
        {
            MessageStatus.SENDING,
            MessageStatus.PENDING,
            MessageStatus.BLOCKED,
            MessageStatus.CANCELLED,
        }
    ),
    MessageStatus.SENDING: frozenset(
        {
            MessageStatus.SENT,
            MessageStatus.FAILED,
            MessageStatus.UNKNOWN,
            # only while it is certain that the gateway was not called
            MessageStatus.PENDING,
        }
    ),
    MessageStatus.UNKNOWN: frozenset({MessageStatus.SENT, MessageStatus.FAILED}),
    MessageStatus.SENT: frozenset(),
    MessageStatus.FAILED: frozenset(),
    MessageStatus.BLOCKED: frozenset(),
    MessageStatus.CANCELLED: frozenset(),
}

REACHED_THE_GATEWAY = (
    MessageStatus.SENDING,
    MessageStatus.SENT,
    MessageStatus.FAILED,
    MessageStatus.UNKNOWN,
)


class CancelReason(models.TextChoices):
    CASE_CLOSED = "CASE_CLOSED", _("nothing is overdue any more")
    PROMISE_SETTLED = "PROMISE_SETTLED", _("the promise is settled")
    VISIT_OFF = "VISIT_OFF", _("the visit needs no announcement any more")
    OVERTAKEN = "OVERTAKEN", _("something else is done on the case now")
    PHONE_WITHDRAWN = "PHONE_WITHDRAWN", _("the number is no longer the customer's")
    EXPIRED = "EXPIRED", _("too late to be of use")
    BY_STAFF = "BY_STAFF", _("decided by staff")
    RESTRICTED = "RESTRICTED", _("contact was restricted")


class MessageQuerySet(InBranchQuerySet):
    branch_path = "case__branch"

    def due(self, *, at: datetime) -> "MessageQuerySet":
        """Messages waiting to be sent at the instant `at`, first the one that soonest loses its point.

        So the announcement of this morning's visit does not wait behind a thousand reminders.
        """
        return self.filter(status=MessageStatus.PENDING, due_at__lte=at).order_by("expires_at", "pk")

    def stuck(self, *, since: datetime) -> "MessageQuerySet":
        """Messages that a dispatcher took in hand before `since` and never finished: it was killed."""
        in_hand = (MessageStatus.CLAIMED, MessageStatus.SENDING)
        return self.filter(status__in=in_hand, status_changed_at__lt=since).order_by("pk")

    def with_all_it_needs(self) -> "MessageQuerySet":
        """With the rows that decide whether it is still worth sending, and what it says."""
        return self.select_related("case__branch", "customer", "phone", "visit", "promise")

    def of_closed_cases(self) -> "MessageQuerySet":
        closed = Case.objects.filter(status=CaseStatus.CLOSED)
        return self.filter(case__in=closed.values("pk"))


class Message(models.Model):
    """One message to one customer. `key` makes a second one for the same occasion impossible.

    The text is put together at the moment of sending and not kept here; `template` is then the version it was made from
    and `facts` the blanks that were filled in, free of personal data. `due_at` is the earliest instant of sending; a refusal moves it to the next
    allowed instant. From `expires_at` on the message is cancelled, not sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("occasion"), max_length=120, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="messages", verbose_name=_("case"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="messages", verbose_name=_("customer")
    )
    phone = models.ForeignKey(Phone, models.PROTECT, related_name="messages", verbose_name=_("phone"))
    visit = models.ForeignKey(
        Visit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("visit"),
    )
    promise = models.ForeignKey(
        Promise,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("promise"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.SMS)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    language = models.CharField(_("language"), max_length=10)
    template = models.ForeignKey(
        Template,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=pgettext_lazy("of messages and letters", "template"),
    )
    facts = models.JSONField(_("facts filled in"), default=dict, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=MessageStatus, default=MessageStatus.PENDING
    )
    due_at = models.DateTimeField(_("due at"))
    expires_at = models.DateTimeField(_("expires at"))
    queued_at = models.DateTimeField(_("queued at"))
    queued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("queued by"))
    contact = models.OneToOneField(
        "compliance.Contact", models.PROTECT, null=True, related_name="+", verbose_name=_("contact")
    )
    deferrals = models.PositiveSmallIntegerField(_("deferred, times"), default=0)
    last_refusal = models.ForeignKey(
        "compliance.Refusal", models.PROTECT, null=True, related_name="+", verbose_name=_("last refusal")
    )
    provider_id = models.CharField(_("gateway's number"), max_length=80, blank=True)
    failure = models.CharField(_("failure"), max_length=200, blank=True)
    cancel_reason = models.CharField(
        _("reason of cancellation"), max_length=20, choices=CancelReason, blank=True
    )
    status_changed_at = models.DateTimeField(_("status changed at"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=MessageStatus.values),
                name="message_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=REACHED_THE_GATEWAY, contact__isnull=False)
                | (~models.Q(status__in=REACHED_THE_GATEWAY) & models.Q(contact__isnull=True)),
                name="message_at_the_gateway_is_a_contact",
            ),
            models.CheckConstraint(
                condition=models.Q(status=MessageStatus.CANCELLED) & ~models.Q(cancel_reason="")
                | ~models.Q(status=MessageStatus.CANCELLED) & models.Q(cancel_reason=""),
                name="cancelled_message_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("queued_at")),
                name="message_expires_later",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(status="PENDING"), name="pending_message"),
            models.Index(
                fields=["status_changed_at"],
                condition=models.Q(status__in=("CLAIMED", "SENDING")),
                name="message_in_hand",
            ),
            models.Index(fields=["case", "-queued_at"], name="message_of_case"),
            models.Index(fields=["status", "status_changed_at"], name="message_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.get_status_display()}"


class OfMessageQuerySet(InBranchLedgerQuerySet):
    branch_path = "message__case__branch"


class MessageEvent(Ledger):
    """One step of a message from a status to the next."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="events", verbose_name=_("message"))
    old = models.CharField(pgettext_lazy("status", "from"), max_length=10, choices=MessageStatus)
    new = models.CharField(pgettext_lazy("status", "to"), max_length=10, choices=MessageStatus)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    detail = models.JSONField(_("detail"), default=dict)

    objects = OfMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message event")
        verbose_name_plural = _("message events")
        indexes = [models.Index(fields=["message", "at"], name="message_timeline")]

    def __str__(self) -> str:
        return f"{self.get_old_display()} → {self.get_new_display()}"


class SentMessage(Ledger):
    """What the built-in gateway was handed: the embedded stand-in for an SMS provider's own log."""

    message = models.OneToOneField(
        Message, models.PROTECT, related_name="handed_over", verbose_name=_("message")
    )
    to_masked = models.CharField(_("to"), max_length=30)
    text = models.TextField(_("text"))
    handed_over_at = models.DateTimeField(_("handed over at"))

    objects = OfMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("sent message")
        verbose_name_plural = _("sent messages")

    def __str__(self) -> str:
        return f"{self.to_masked} {timezone.localtime(self.handed_over_at):%Y-%m-%d %H:%M}"

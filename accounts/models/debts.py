"""What is owed and what was paid. Money is Decimal with two places in the account's currency."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.customers import Customer, OfCustomerQuerySet
from accounts.models.feed import Batch


class AccountQuerySet(OfCustomerQuerySet):
    def overdue(self) -> "AccountQuerySet":
        return self.filter(overdue_amount__gt=0)


class Account(models.Model):
    """A credit account of a customer, as the last feed knew it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="accounts", verbose_name=_("customer")
    )
    reference = models.CharField(_("account reference"), max_length=40, unique=True)
    product = models.CharField(_("product"), max_length=40)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    credit_limit = models.DecimalField(_("credit limit"), max_digits=18, decimal_places=2)
    balance = models.DecimalField(_("balance"), max_digits=18, decimal_places=2)
    overdue_amount = models.DecimalField(_("overdue amount"), max_digits=18, decimal_places=2)
    oldest_unpaid_due_on = models.DateField(_("oldest unpaid due date"), null=True, blank=True)
    as_of = models.DateField(_("as of"))

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(overdue_amount__gte=0), name="overdue_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(overdue_amount=0, oldest_unpaid_due_on__isnull=True)
                | models.Q(overdue_amount__gt=0, oldest_unpaid_due_on__isnull=False),
                name="overdue_has_a_due_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} ****{self.reference[-4:]}"


class OfAccountQuerySet(OfCustomerQuerySet):
    branch_path = "account__customer__branch"


class RepaymentMonth(models.Model):
    """One month of an account: what was billed, what was paid, how many months late it then was."""

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="repayment_months", verbose_name=_("account")
    )
    month = models.DateField(_("month"), help_text=_("first day of the month"))
    billed = models.DecimalField(_("billed"), max_digits=18, decimal_places=2)
    paid = models.DecimalField(_("paid"), max_digits=18, decimal_places=2)
    months_late = models.PositiveSmallIntegerField(_("months late"))

    objects = OfAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("repayment month")
        verbose_name_plural = _("repayment months")
        constraints = [models.UniqueConstraint(fields=["account", "month"], name="one_row_per_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Payment(models.Model):
    """Money received by the bank through its own channels. A reversal is told by `reversed_at`."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="payments", verbose_name=_("account"))
    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("batch"))
    reference = models.CharField(_("payment reference"), max_length=60, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    received_at = models.DateTimeField(_("received at"))
    reversed_at = models.DateTimeField(_("reversed at"), null=True, blank=True)

    objects = OfAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_is_positive")]
        indexes = [models.Index(fields=["account", "received_at"], name="payment_by_account")]

    def __str__(self) -> str:
        return f"{self.reference} {self.amount}"

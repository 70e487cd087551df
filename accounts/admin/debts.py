from django.contrib import admin

from accounts.admin.inlines import TableInline
from accounts.models import Account, Payment, RepaymentMonth
from config.admin import ReadOnlyAdmin


class RepaymentMonthInline(TableInline):
    model = RepaymentMonth
    fields = ["month", "billed", "paid", "months_late"]
    ordering = ["-month"]


class PaymentInline(TableInline):
    model = Payment
    fields = ["received_at", "amount", "reference", "reversed_at"]
    ordering = ["-received_at"]


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin[Account]):
    list_display = ["reference", "customer", "product", "balance", "overdue_amount", "currency", "as_of"]
    list_filter = ["currency"]
    list_select_related = ["customer"]
    search_fields = ["=reference", "=customer__bank_number"]
    ordering = ["reference"]
    inlines = [RepaymentMonthInline, PaymentInline]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin[Payment]):
    list_display = ["reference", "account", "amount", "received_at", "reversed_at", "batch"]
    list_filter = [("reversed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account", "batch"]
    search_fields = ["=reference", "=account__reference"]
    ordering = ["-pk"]


@admin.register(RepaymentMonth)
class RepaymentMonthAdmin(ReadOnlyAdmin[RepaymentMonth]):
    list_display = ["account", "month", "billed", "paid", "months_late"]
    list_select_related = ["account"]
    search_fields = ["=account__reference"]
    ordering = ["-pk"]

"""The admin of customers and accounts: looked at, not edited; personal data masked."""

from accounts.admin import cases, customers, debts, feed, history, staff

__all__ = ["cases", "customers", "debts", "feed", "history", "staff"]

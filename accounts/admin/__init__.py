"""The admin of customers and accounts: looked at, not edited; personal data masked."""

from accounts.admin import cases, contact_people, customers, debts, feed, history, staff

__all__ = ["cases", "contact_people", "customers", "debts", "feed", "history", "staff"]

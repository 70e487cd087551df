from visits.admin import devices, history, plans, reports, teams, visits

__all__ = ["devices", "history", "plans", "reports", "teams", "visits"]

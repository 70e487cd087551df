from visits.admin import devices, plans, reports, teams, visits

__all__ = ["devices", "plans", "reports", "teams", "visits"]

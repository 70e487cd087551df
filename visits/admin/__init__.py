from visits.admin import devices, overruns, plans, reports, teams, visits

__all__ = ["devices", "overruns", "plans", "reports", "teams", "visits"]

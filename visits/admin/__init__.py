from visits.admin import break_offs, devices, overruns, plans, reports, teams, visits

__all__ = ["break_offs", "devices", "overruns", "plans", "reports", "teams", "visits"]

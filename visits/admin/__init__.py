from visits.admin import break_offs, devices, history, overruns, plans, reports, teams, visits

__all__ = ["break_offs", "devices", "history", "overruns", "plans", "reports", "teams", "visits"]

from visits.admin import break_offs, devices, history, plans, reports, teams, visits

__all__ = ["break_offs", "devices", "history", "plans", "reports", "teams", "visits"]

"""Planning a branch's day: proposed by a solver, decided by a supervisor, cleared by the gate."""

from visits.planning.decide import accept_plan, reject_plan
from visits.planning.propose import propose_plan

__all__ = ["accept_plan", "propose_plan", "reject_plan"]

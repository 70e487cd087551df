"""The history of what people edit in this package (`config.history`)."""

from accounts.models.staff import InBranchLedgerQuerySet
from config.history import history_of
from visits.models.plans import Plan
from visits.models.teams import Shift, Team, TeamMember


class OfMemberOfStaffQuerySet(InBranchLedgerQuerySet):
    branch_path = "user__branch"


# The figures of a proposal are written once; the history is that of the decision.
PlanHistory = history_of(Plan, leaving_out=["summary"], rows=InBranchLedgerQuerySet)
ShiftHistory = history_of(Shift, rows=OfMemberOfStaffQuerySet)
TeamHistory = history_of(Team, rows=InBranchLedgerQuerySet)
TeamMemberHistory = history_of(TeamMember, rows=OfMemberOfStaffQuerySet)

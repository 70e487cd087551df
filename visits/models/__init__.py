from visits.models.devices import Device, LoginAttempt
from visits.models.door import Consent, IdentityConfirmation
from visits.models.history import PlanHistory, ShiftHistory, TeamHistory, TeamMemberHistory
from visits.models.on_site import CheckIn, CheckOut, Incident, Record
from visits.models.overruns import EndOfOverrun, Overrun, OverrunAlert
from visits.models.plans import Plan
from visits.models.teams import Shift, Team, TeamMember
from visits.models.visits import BreakOff, Visit, VisitEvent

__all__ = [
    "BreakOff",
    "CheckIn",
    "CheckOut",
    "Consent",
    "Device",
    "EndOfOverrun",
    "IdentityConfirmation",
    "Incident",
    "LoginAttempt",
    "Overrun",
    "OverrunAlert",
    "Plan",
    "PlanHistory",
    "Record",
    "Shift",
    "ShiftHistory",
    "Team",
    "TeamHistory",
    "TeamMember",
    "TeamMemberHistory",
    "Visit",
    "VisitEvent",
]

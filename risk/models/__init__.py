from risk.models.assessments import Assessment, SafetyBand, Standing, Strategy, Tier
from risk.models.behaviour import Animal, Attitude, BehaviourFacts, IncidentKind, People, Signal
from risk.models.cards import Scorecard, ScorecardStatus

__all__ = [
    "Animal",
    "Assessment",
    "Attitude",
    "BehaviourFacts",
    "IncidentKind",
    "People",
    "SafetyBand",
    "Scorecard",
    "ScorecardStatus",
    "Signal",
    "Standing",
    "Strategy",
    "Tier",
]

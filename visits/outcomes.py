"""What follows from a visit: tables one can read. Every ending of a visit sets the case's next step.

Days are counted from the branch's local date on which it ended.
"""

from dataclasses import dataclass

from accounts.models.cases import NextAction, Stage
from compliance.complaints.terms import Category
from compliance.parties import PartyReached
from risk.models import Attitude
from visits.models.on_site import NEEDS_DEBTOR, AbortReason, AddressState, Party, Result
from visits.models.visits import CancelReason

# A visit is allowed once in seven days, so nobody comes again before the eighth.
REVISIT_DAYS = 8


@dataclass(frozen=True)
class Outcome:
    """The next step, the days until it, the stage it stands in, and the complaint that is filed: it stops contact."""

    action: NextAction
    days: int
    stage: Stage = Stage.FOLLOW_UP
    complaint: Category | None = None


REVISIT = Outcome(NextAction.VISIT, REVISIT_DAYS, Stage.PLANNING)
REPAIR = Outcome(NextAction.REPAIR_ADDRESS, 1)

WITHOUT_A_RECORD = Outcome(NextAction.SUPERVISOR, 1)

BY_RESULT: dict[Result, Outcome] = {
    Result.PAID_CLAIMED: Outcome(NextAction.AWAIT_PAYMENT, 3),
    Result.PROMISE: Outcome(NextAction.AWAIT_PAYMENT, 7),
    Result.PLAN_REQUEST: Outcome(NextAction.HARDSHIP_PLAN, 2),
    Result.THIRD_PARTY_PAYS: Outcome(NextAction.AWAIT_PAYMENT, 5),
    Result.HARDSHIP: Outcome(NextAction.HARDSHIP_PLAN, 2),
    Result.DISPUTE: Outcome(NextAction.RESOLVE_DISPUTE, 1, complaint=Category.AMOUNT_DISPUTED),
    Result.REFUSES_TO_PAY: Outcome(NextAction.SUPERVISOR, 2),
    Result.REFUSES_TO_TALK: Outcome(NextAction.SUPERVISOR, 3),
    Result.MESSAGE_LEFT: Outcome(NextAction.CALL, 2),
    Result.SPECIAL: Outcome(NextAction.SUPERVISOR, 1),
    Result.COMPLAINT: Outcome(NextAction.SUPERVISOR, 1, complaint=Category.OTHER_CONDUCT),
    Result.NO_CONTACT: REVISIT,
}

BY_ABORT: dict[AbortReason, Outcome] = {
    AbortReason.SAFETY: Outcome(NextAction.SUPERVISOR, 1),
    AbortReason.COMPLIANCE: Outcome(NextAction.SUPERVISOR, 1),
    AbortReason.ASKED_TO_LEAVE: Outcome(NextAction.REMIND, 3),
    AbortReason.NO_ACCESS: REVISIT,
}

BY_CANCELLATION: dict[CancelReason, Outcome] = {
    CancelReason.PAID: Outcome(NextAction.WATCH, 1),
    CancelReason.HOLD: Outcome(NextAction.SUPERVISOR, 1),
    CancelReason.REFUSED_BY_GATE: Outcome(NextAction.VISIT, 1, Stage.PLANNING),
    CancelReason.WEATHER: Outcome(NextAction.VISIT, 1, Stage.PLANNING),
    CancelReason.AGENT_ABSENT: Outcome(NextAction.VISIT, 1, Stage.PLANNING),
    CancelReason.DUPLICATE: Outcome(NextAction.VISIT, REVISIT_DAYS, Stage.PLANNING),
    CancelReason.CUSTOMER_RESCHEDULED: Outcome(NextAction.CALL, 1),
    CancelReason.PLAN_REJECTED: Outcome(NextAction.VISIT, 1, Stage.PLANNING),
    CancelReason.SUPERVISOR: Outcome(NextAction.SUPERVISOR, 1),
}

# The customer cannot be found where we went: going again would only trouble whoever lives there.
WRONG_ADDRESS = frozenset(
    {
        AddressState.MOVED,
        AddressState.NEVER_HERE,
        AddressState.NO_SUCH,
        AddressState.DEMOLISHED,
        AddressState.VACANT,
        AddressState.LEFT_JOB,
    }
)
WITHOUT_THE_CUSTOMER = frozenset({Result.NO_CONTACT, Result.MESSAGE_LEFT})

# Percent; a state that says nothing about the address is not in the table.
CONFIDENCE: dict[AddressState, int] = {
    AddressState.VALID: 95,
    AddressState.RARELY: 50,
    AddressState.VACANT: 20,
    AddressState.MOVED: 10,
    AddressState.LEFT_JOB: 10,
    AddressState.NEVER_HERE: 5,
    AddressState.NO_SUCH: 0,
    AddressState.DEMOLISHED: 0,
}

ATTITUDE: dict[Result, Attitude] = {
    Result.PROMISE: Attitude.AGREES,
    Result.PLAN_REQUEST: Attitude.ASKS_FOR_HELP,
    Result.HARDSHIP: Attitude.ASKS_FOR_HELP,
    Result.DISPUTE: Attitude.DISPUTES,
    Result.PAID_CLAIMED: Attitude.VAGUE,
    Result.REFUSES_TO_PAY: Attitude.REFUSES,
    Result.REFUSES_TO_TALK: Attitude.REFUSES,
}

# To the gate everybody who neither owes nor answers for the debt is somebody else.
PARTY_REACHED: dict[Party, PartyReached] = {
    Party.DEBTOR: PartyReached.DEBTOR,
    Party.GUARANTOR: PartyReached.GUARANTOR,
    Party.FAMILY: PartyReached.STRANGER,
    Party.COLLEAGUE: PartyReached.STRANGER,
    Party.NEIGHBOUR: PartyReached.STRANGER,
    Party.NOBODY: PartyReached.NOBODY,
}


def outcome_of(*, result: Result, address_state: AddressState) -> Outcome:
    """The next step after a visit with this result at an address found in this state."""
    if result in WITHOUT_THE_CUSTOMER and address_state in WRONG_ADDRESS:
        return REPAIR
    return BY_RESULT[result]


def is_right_party(party: Party) -> bool:
    """Whether the customer in person was met. Family is not the customer."""
    return party == Party.DEBTOR


def owes(party: Party) -> bool:
    """Whether somebody was met with whom the debt may be spoken of: the customer or a guarantor."""
    return party in (Party.DEBTOR, Party.GUARANTOR)


def attitude_shown(*, party: Party, result: Result) -> Attitude | None:
    """What the visit says of the customer's own attitude; None when somebody else spoke, or nothing was said."""
    return ATTITUDE.get(result) if is_right_party(party) else None


def contradict(party: Party, result: Result) -> bool:
    """Whether this result cannot come from this party: nobody says nothing, and only who owes promises."""
    if (party == Party.NOBODY) != (result == Result.NO_CONTACT):
        return True
    return result in NEEDS_DEBTOR and not owes(party)

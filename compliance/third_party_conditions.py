"""On which conditions somebody beside the customer may be contacted. Pure functions: no database, no clock, no Django.

A guarantor answers for the debt and is contacted like the debtor. A contact person owes nothing: they are asked
how the customer can be reached, once, and only when the customer cannot be. Sources: CBA 2026 guideline (third
parties), GB/T 45251-2025 ch. 5, 信用卡业务监督管理办法 art. 68, PIPL art. 6 and 10.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from compliance.windows import all_known

GUARANTOR, CONTACT = "GUARANTOR", "CONTACT"
SEARCH = "CONTACT_SEARCH"
# What asks for money, or speaks of it, and so is for those who owe it.
COLLECTS = frozenset(
    {
        "VISIT_PLAN",
        "VISIT_START",
        "VISIT_NOTICE",
        "PAYMENT_REMINDER",
        "PROMISE_REMINDER",
        "FOLLOW_UP_CALL",
        "INSTALMENT_NOTICE",
        "BUREAU_NOTICE",
    }
)
ORIGINS = frozenset({"APPLICATION", "CUSTOMER", "GUARANTEE", "BANK_RECORD"})
CANNOT_ANSWER = frozenset({"DECEASED", "INCAPACITY"})


@dataclass(frozen=True)
class Limits:
    """The numbers of the rules. `failures` in a row on `days` days; one conversation; `attempts` that nobody answered.

    An unanswered attempt is no contact with the person, and may be repeated once.
    """

    failures: int = 3
    days: int = 2
    conversations: int = 1
    attempts: int = 2


USUAL = Limits()


@dataclass(frozen=True)
class Unable:
    """A restriction that says the customer died or has no legal capacity; `ends_at` None: open."""

    kind: str
    starts_at: datetime
    ends_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True)
class ThirdPartyFacts:
    """What is known of one guarantor or contact person, and of how the customer could be reached.

    `origin`: where the number comes from. `refused`: this person, or anybody under this number, wanted no contact.
    `conversations` and `attempts`: with this person for this customer, under whichever number or row; a contact
    without outcome counts as a conversation. `zones`: the third party's own time zones, empty when unknown.
    `own_mobile_in_use`, `own_mobile_wrong`: whether the customer has a mobile in use, and whether one was found to
    be somebody else's. `failures`: the calls to the customer, newest first, since the last that reached them.
    `customer_zones`: all zones the customer may be in; their calendar counts the days of the failures.
    """

    role: str = CONTACT
    origin: str = ""
    withdrawn: bool = False
    has_contract: bool = False
    refused: bool = False
    conversations: int = 0
    attempts: int = 0
    zones: tuple[str, ...] = ()
    own_mobile_in_use: bool = True
    own_mobile_wrong: bool = False
    failures: tuple[datetime, ...] = ()
    customer_zones: tuple[str, ...] = ()
    unable: tuple[Unable, ...] = ()

    @property
    def failure_days(self) -> int:
        """On how many calendar days the failures lie, in the zone of the customer that tells the fewest; 0: unknown."""
        return days_of(self.failures, zones=self.customer_zones)


@dataclass(frozen=True)
class Failure:
    """A condition that is not met: the rule it belongs to, and what that rule saw."""

    rule: str
    saw: Mapping[str, object]


Saw = Mapping[str, object] | None


def days_of(instants: Iterable[datetime], *, zones: tuple[str, ...]) -> int:
    """The number of local dates on which `instants` lie, at least: in each zone counted apart. No known zone: 0."""
    instants = tuple(instants)
    if not all_known(zones):
        return 0
    return min(len({at.astimezone(ZoneInfo(zone)).date() for at in instants}) for zone in zones)


def source_unknown(facts: ThirdPartyFacts, *, purpose: str, at: datetime, limits: Limits = USUAL) -> Saw:  # noqa: ARG001
    """TP-SOURCE: a number of unknown origin, one that is withdrawn, or a guarantor without a contract."""
    if facts.withdrawn or facts.origin not in ORIGINS:
        return {"origin": facts.origin, "withdrawn": facts.withdrawn}
    if facts.role not in (GUARANTOR, CONTACT) or (facts.role == GUARANTOR and not facts.has_contract):
        return {"role": facts.role, "contract": facts.has_contract}
    return None


def customer_within_reach(
    facts: ThirdPartyFacts,
    *,
    purpose: str,  # noqa: ARG001
    at: datetime,
    limits: Limits = USUAL,
) -> Saw:
    """TP-GATE: a contact person is not asked as long as the customer can be reached."""
    if facts.role == GUARANTOR or _out_of_reach(facts, at=at, limits=limits):
        return None
    return {
        "own_mobile_in_use": facts.own_mobile_in_use,
        "own_mobile_wrong": facts.own_mobile_wrong,
        "failures": len(facts.failures),
        "failures_needed": limits.failures,
        "days": facts.failure_days,
        "days_needed": limits.days,
    }


def _out_of_reach(facts: ThirdPartyFacts, *, at: datetime, limits: Limits) -> bool:
    wrong_number_alone = facts.own_mobile_wrong and not facts.own_mobile_in_use
    failed = len(facts.failures) >= limits.failures and facts.failure_days >= limits.days
    unable = any(one.kind in CANNOT_ANSWER and one.holds(at) for one in facts.unable)
    return wrong_number_alone or failed or unable


def another_purpose(facts: ThirdPartyFacts, *, purpose: str, at: datetime, limits: Limits = USUAL) -> Saw:  # noqa: ARG001
    """TP-PURPOSE: a contact person is asked how the customer can be reached, and nothing else."""
    return {"purpose": purpose} if facts.role != GUARANTOR and purpose != SEARCH else None


def asked_to_pay(facts: ThirdPartyFacts, *, purpose: str, at: datetime, limits: Limits = USUAL) -> Saw:  # noqa: ARG001
    """TP-COLLECT: whoever owes nothing is not asked to pay. That they may offer to changes nothing here."""
    return {"purpose": purpose} if facts.role != GUARANTOR and purpose in COLLECTS else None


def refused_before(facts: ThirdPartyFacts, *, purpose: str, at: datetime, limits: Limits = USUAL) -> Saw:  # noqa: ARG001
    """TP-REFUSED: whoever wanted no contact is never contacted again."""
    return {"refused": True} if facts.role != GUARANTOR and facts.refused else None


def asked_before(
    facts: ThirdPartyFacts,
    *,
    purpose: str,  # noqa: ARG001
    at: datetime,  # noqa: ARG001
    limits: Limits = USUAL,
) -> Saw:
    """FRQ-THIRD: a contact person is asked once."""
    enough = facts.conversations >= limits.conversations or facts.attempts >= limits.attempts
    if facts.role == GUARANTOR or not enough:
        return None
    return {"conversations": facts.conversations, "attempts": facts.attempts}


CONDITIONS: Mapping[str, Callable[..., Saw]] = {
    "TP-SOURCE": source_unknown,
    "TP-GATE": customer_within_reach,
    "TP-PURPOSE": another_purpose,
    "TP-COLLECT": asked_to_pay,
    "TP-REFUSED": refused_before,
    "FRQ-THIRD": asked_before,
}


def unmet_conditions(
    facts: ThirdPartyFacts, *, purpose: str, at: datetime, limits: Limits = USUAL
) -> tuple[Failure, ...]:
    """Every condition that is not met for a contact to this purpose at the instant `at`; none: it may be."""
    found = (
        (rule, condition(facts, purpose=purpose, at=at, limits=limits))
        for rule, condition in CONDITIONS.items()
    )
    return tuple(Failure(rule, saw) for rule, saw in found if saw is not None)

"""Restrictions and special care, kind by kind: one table, for people to read and for the gate to follow.

`docs/special-care.md` is the same table in words; a test compares the two. No Django, no clock, no database.
Days are calendar days from the start of the restriction. Sources: `docs/special-care.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from compliance.evidence import EvidenceKind as Proof
from compliance.terms import RestrictionKind as Kind


class Effect(IntEnum):
    """What a restriction does to a contact, in the order of severity: of several the worst one counts."""

    NONE = 0
    WARN = 1
    NEEDS_OVERRIDE = 2
    BLOCK = 3

    @property
    def stops(self) -> bool:
        """Whether what is planned or queued is called off: what needs an override has none yet."""
        return self >= Effect.NEEDS_OVERRIDE


NONE, WARN, NEEDS_OVERRIDE, BLOCK = Effect

# Purposes that may pass a restriction, and by which channels: nothing ever passes at the door or from a robot.
WRITTEN = frozenset({"SMS", "IM", "EMAIL", "PUSH", "LETTER"})
MAY_PASS_BY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "INSTALMENT_NOTICE": WRITTEN,
        "BUREAU_NOTICE": WRITTEN,
        "COMPLAINT_ANSWER": WRITTEN | {"CALL"},
        "CONTACT_SEARCH": frozenset({"CALL"}),
    }
)
STATUTORY = frozenset({"BUREAU_NOTICE"})
# Whoever cannot answer any more is asked about: GB/T 45251 names death and incapacity as reasons to call a contact.
ASKED_ABOUT = frozenset({"CONTACT_SEARCH"})
ANSWERS = STATUTORY | {"COMPLAINT_ANSWER"}
UNDER_A_PLAN = ANSWERS | {"INSTALMENT_NOTICE"}

STAFF = frozenset({"FIELD_AGENT", "SECURITY_OFFICER", "SUPERVISOR", "COMPLIANCE_OFFICER"})
OFFICE = frozenset({"SUPERVISOR", "COMPLIANCE_OFFICER"})
OFFICER = frozenset({"COMPLIANCE_OFFICER"})
# Scheduled jobs and administrators stand for the bank as a whole: they enter and lift whatever there is.
ALWAYS = frozenset({"SYSTEM", "ADMINISTRATOR"})

PAPER_WITHIN = 14  # days: what rests on somebody's word alone is looked at again by then


@dataclass(frozen=True, kw_only=True)
class Care:
    """One kind of restriction.

    `rule`: the rule of the book it belongs to. `visit`, `call` (by a person), `robot` (by a machine) and `written`: its
    effect on the channels. `overridable` False: by nobody. `passes`: purposes it lets through, see MAY_PASS_BY.
    `usual` and `longest`: days it lasts when nothing is said, and at most (None: until a person lifts it); `dated`: its
    end must be given. `extensions`: how often it may be continued, each time for at most `longest` days more.
    `review`: days after which somebody looks whether it still holds. `proof`: what proves it; `on_word`: it may be
    entered on somebody's word and is then reviewed within PAPER_WITHIN days. `enters`, `lifts`: roles that may.
    """

    rule: str
    visit: Effect = BLOCK
    call: Effect = BLOCK
    robot: Effect = BLOCK
    written: Effect = BLOCK
    overridable: bool = True
    passes: frozenset[str] = STATUTORY
    usual: int | None = None
    longest: int | None = None
    dated: bool = False
    extensions: int = 0
    review: int | None = None
    proof: tuple[Proof, ...]
    on_word: bool = True
    enters: frozenset[str] = STAFF
    lifts: frozenset[str] = OFFICER

    def effect_on(self, channel: str, purpose: str) -> Effect:
        """Its effect on a contact. A channel it does not know is treated like the worst of those it knows."""
        if str(purpose) in self.passes and str(channel) in MAY_PASS_BY[str(purpose)]:
            return NONE
        by_channel = {"VISIT": self.visit, "CALL": self.call, "ROBOT_CALL": self.robot}
        if str(channel) in WRITTEN:
            return self.written
        return by_channel.get(str(channel), max(self.visit, self.call, self.robot, self.written))


def _vulnerable(*, review: int, proof: tuple[Proof, ...]) -> Care:
    """ST-CARE: no visit without an override, a call with the special script, never by a robot alone."""
    return Care(
        rule="ST-CARE",
        visit=NEEDS_OVERRIDE,
        call=WARN,
        robot=NEEDS_OVERRIDE,
        written=NONE,
        review=review,
        proof=proof,
    )


def _at_the_legal_desk(rule: str, *, review: int, proof: tuple[Proof, ...], enters: frozenset[str]) -> Care:
    return Care(
        rule=rule,
        visit=NEEDS_OVERRIDE,
        call=NEEDS_OVERRIDE,
        robot=NEEDS_OVERRIDE,
        written=NEEDS_OVERRIDE,
        passes=ANSWERS,
        review=review,
        proof=proof,
        on_word=False,
        enters=enters,
    )


NOBODY = frozenset[str]()

EFFECTS: Mapping[Kind, Care] = MappingProxyType(
    {
        Kind.DO_NOT_CONTACT: Care(
            rule="ST-DNC", passes=ANSWERS, review=180, proof=(Proof.OWN_RECORD, Proof.MANDATE)
        ),
        Kind.HOSPITAL: Care(rule="ST-MED", usual=90, longest=90, extensions=1, proof=(Proof.MEDICAL,)),
        Kind.BEREAVEMENT: Care(rule="ST-BEREAVE", usual=30, longest=30, proof=(Proof.DEATH,)),
        Kind.DISASTER: Care(
            rule="ST-DISASTER", usual=90, longest=90, extensions=1, proof=(Proof.AUTHORITY,), enters=OFFICE
        ),
        Kind.REPRESENTED: Care(rule="ST-LAWYER", review=180, proof=(Proof.MANDATE,)),
        Kind.DECEASED: Care(
            rule="ST-DEAD", overridable=False, passes=ASKED_ABOUT, review=180, proof=(Proof.DEATH,)
        ),
        Kind.MINOR: Care(
            rule="ST-MINOR", overridable=False, passes=NOBODY, review=180, proof=(Proof.IDENTITY,)
        ),
        Kind.INCAPACITY: Care(
            rule="ST-MINOR",
            overridable=False,
            passes=ASKED_ABOUT,
            review=180,
            proof=(Proof.CAPACITY, Proof.MEDICAL),
        ),
        Kind.POLICE_ORDER: Care(
            rule="ST-POLICE",
            overridable=False,
            passes=NOBODY,
            dated=True,
            proof=(Proof.POLICE,),
            on_word=False,
            enters=OFFICE,
        ),
        Kind.DISPUTE: Care(rule="ST-DISPUTE", passes=ANSWERS, review=20, proof=(Proof.OWN_RECORD,)),
        Kind.COMPLAINT: Care(
            rule="ST-COMPLAINT",
            call=NEEDS_OVERRIDE,
            robot=NEEDS_OVERRIDE,
            written=NEEDS_OVERRIDE,
            passes=ANSWERS,
            review=15,
            proof=(Proof.OWN_RECORD,),
        ),
        Kind.HARDSHIP_APPLICATION: Care(
            rule="ST-HARDSHIP",
            passes=ANSWERS,
            usual=21,
            longest=21,
            proof=(Proof.OWN_RECORD,),
            lifts=OFFICE,
        ),
        Kind.PERFORMING_PLAN: Care(
            rule="ST-PLAN",
            overridable=False,
            passes=UNDER_A_PLAN,
            review=180,
            proof=(Proof.AGREEMENT, Proof.OWN_RECORD),
            on_word=False,
            enters=OFFICE,
            lifts=OFFICE,
        ),
        Kind.SELF_HARM: Care(
            rule="ST-HARM",
            overridable=False,
            passes=NOBODY,
            review=14,
            proof=(Proof.OWN_RECORD, Proof.POLICE, Proof.MEDICAL),
        ),
        Kind.VISIT_REFUSED: Care(
            rule="VIS-LEAVE",
            call=NONE,
            robot=NONE,
            written=NONE,
            overridable=False,
            usual=90,
            longest=90,
            proof=(Proof.OWN_RECORD,),
        ),
        Kind.PREGNANCY: _vulnerable(review=180, proof=(Proof.MEDICAL,)),
        Kind.SERIOUS_ILLNESS: _vulnerable(review=90, proof=(Proof.MEDICAL,)),
        Kind.DISABILITY: _vulnerable(review=180, proof=(Proof.DISABILITY, Proof.MEDICAL)),
        Kind.ELDERLY_ALONE: _vulnerable(review=180, proof=(Proof.IDENTITY, Proof.OWN_RECORD)),
        Kind.COURT: _at_the_legal_desk(
            "ST-COURT", review=90, proof=(Proof.COURT, Proof.LEGAL_FINDING), enters=OFFICE
        ),
        Kind.TIME_BARRED: _at_the_legal_desk(
            "ST-TIMEBAR", review=180, proof=(Proof.LEGAL_FINDING,), enters=OFFICER
        ),
        Kind.DETAINED: Care(rule="ST-DETAINED", review=90, proof=(Proof.POLICE, Proof.COURT)),
    }
)


def may_enter(kind: Kind, role: str) -> bool:
    return str(role) in EFFECTS[kind].enters | ALWAYS


def may_lift(kind: Kind, role: str) -> bool:
    return str(role) in EFFECTS[kind].lifts | ALWAYS


def kinds_decided_by(role: str) -> list[Kind]:
    """The kinds that somebody of this role may lift, and therefore reviews."""
    return [kind for kind in EFFECTS if may_lift(kind, role)]

"""How to talk and what to do when it goes wrong, in words for the team: by strategy and by safety band."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from risk.models import SafetyBand, Strategy


@dataclass(frozen=True)
class Brief:
    """`goal` in a sentence, then what to do and what to leave."""

    goal: Promise
    do: Sequence[Promise]
    leave: Sequence[Promise]


@dataclass(frozen=True)
class Contingency:
    """Whom to call, when to break off, and what to do then."""

    call: Sequence[Promise]
    break_off_when: Sequence[Promise]
    then: Sequence[Promise]


@dataclass(frozen=True)
class NoDisclosure:
    """What is said where the customer is not confirmed or not alone. The wording is approved, under `code`."""

    code: str
    purpose: Promise
    say: Sequence[Promise]
    do: Sequence[Promise]
    leave: Sequence[Promise]


INTRODUCE = _(
    "Introduce yourselves with your passes, say which bank you come from, and make sure who is there."
)
NOT_TO_OTHERS = _("Tell nobody but the customer of the debt: not family, neighbours or colleagues.")
NO_CASH = _("Take no cash. Payments go through the bank's own channels only.")

# Approved wording TP-1: asks for a call back and for nothing else, and says nothing of what it is about.
TP_1 = NoDisclosure(
    code="TP-1",
    purpose=_("A personal matter with the bank, told to the person named and to nobody else."),
    say=(
        _("“Good day. We are from the bank and would like to speak to the person named here, in person.”"),
        _("“It is a personal matter. Could you ask them to call us back on the number of the branch?”"),
        _("“Thank you. If you would rather not be asked again, tell us and we will note it.”"),
    ),
    do=(
        _("Confirm the customer by two things that are not about the debt before anything else is said."),
        _("When others are present, ask for a word alone or for a better time."),
        _("Note a refusal to be asked again; nobody asks there again."),
    ),
    leave=(
        _("No word of a debt, an amount, a delay, a product or a contract; no hint of it either."),
        _("No paper that can be read, nothing at the door, nothing in the letter box."),
        _("No question about money, work or family, and no request to pay."),
    ),
)

ALERT_SOON = _("It is past 20:30 where the customer is. Come to an end; the visit is over by 21:00.")
ALERT_NOW = _("It is past 20:50 where the customer is. Leave now and check out. There is no extension.")
ALERT_OVER = _(
    "It is past 21:00 where the customer is. Leave at once and check out. The overrun is on record; do not argue, do not"
    " finish."
)

RECORDING_NOT_ANNOUNCED = _(
    "The recording is not announced yet: say that you record before you begin to talk."
)
RECORDING_OUTDOORS_ONLY = _("Indoors the recording is off: nobody consented to it. Write a note instead.")
RECORDING_INDOORS = _("Recording indoors is consented to. Stop at once when the consent is withdrawn.")

BRIEFS: dict[Strategy, Brief] = {
    Strategy.REMIND: Brief(
        goal=_("Remind of the overdue amount and agree on a day of payment."),
        do=(
            INTRODUCE,
            _("Name the amount and the ways to pay; ask what kept the payment back."),
            _("Agree on one amount and one day, and repeat both."),
        ),
        leave=(NOT_TO_OTHERS, NO_CASH),
    ),
    Strategy.FIRM: Brief(
        goal=_("Make plain what follows from not paying, and ask for a decision today."),
        do=(
            INTRODUCE,
            _("State the facts of the contract calmly: amount, days overdue, effect on the credit record."),
            _("Offer instalments once; note a refusal in the customer's own words."),
        ),
        leave=(
            NOT_TO_OTHERS,
            NO_CASH,
            _("No threat, no raised voice, no deadline that is not in the contract."),
        ),
    ),
    Strategy.LISTEN: Brief(
        goal=_("Understand the hardship and prepare a plan the customer can keep."),
        do=(
            INTRODUCE,
            _("Let the customer speak first: income, household, health, other debts, as far as they wish."),
            _("Explain deferral and instalments, and which papers prove the hardship."),
        ),
        leave=(NOT_TO_OTHERS, NO_CASH, _("Do not press for a promise that cannot be kept.")),
    ),
    Strategy.VERIFY: Brief(
        goal=_(
            "Find out what is true: who lives here, what the situation is, how the customer can be reached."
        ),
        do=(
            INTRODUCE,
            _("Check the address and the customer's details against the file."),
            _("Ask what has changed since the contract was signed."),
        ),
        leave=(NOT_TO_OTHERS, NO_CASH, _("Do not ask neighbours about the customer's money.")),
    ),
}

CALL_DUTY = _("the branch's duty line (number on this page)")
CALL_POLICE = _("the police emergency number, when anyone is in danger")
TELL_US = _("Report the incident in the app as soon as you are safe; nobody is blamed for breaking off.")
LEAVE_TOGETHER = _("Leave together by the way you came, without argument.")
USUAL_SIGNS = (
    _("Anybody asks you to leave."),
    _("Threats, insults, drunkenness, a weapon, or an animal that is not held."),
    _("A minor is alone at home, or somebody is ill and needs help."),
)

CONTINGENCIES: dict[SafetyBand, Contingency] = {
    SafetyBand.NORMAL: Contingency(
        call=(CALL_DUTY, CALL_POLICE), break_off_when=USUAL_SIGNS, then=(LEAVE_TOGETHER, TELL_US)
    ),
    SafetyBand.CAREFUL: Contingency(
        call=(CALL_DUTY, CALL_POLICE),
        break_off_when=(*USUAL_SIGNS, _("The two of you are separated, or the telephone has no signal.")),
        then=(
            LEAVE_TOGETHER,
            _("Give the branch a sign of life every 30 minutes; without one it calls you, then the police."),
            TELL_US,
        ),
    ),
    SafetyBand.ESCORT: Contingency(
        call=(_("the security officer beside you"), CALL_DUTY, CALL_POLICE),
        break_off_when=(*USUAL_SIGNS, _("The security officer says so; no reason is needed.")),
        then=(
            _("The security officer speaks last and leaves last."),
            LEAVE_TOGETHER,
            _("Wait in the car with its doors locked until the branch has answered."),
            TELL_US,
        ),
    ),
    SafetyBand.NO_VISIT: Contingency(
        call=(CALL_DUTY,),
        break_off_when=(_("Before you start: nobody visits here."),),
        then=(_("Offer the customer an appointment at the branch."),),
    ),
}

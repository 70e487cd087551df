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


INTRODUCE = _(
    "Introduce yourselves with your passes, say which bank you come from, and make sure who is there."
)
NOT_TO_OTHERS = _("Tell nobody but the customer of the debt: not family, neighbours or colleagues.")
NO_CASH = _("Take no cash. Payments go through the bank's own channels only.")

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

"""What the content rules say, for people: what is wrong with a piece of text and how to mend it."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from compliance.content import ContentHit

WRONG: dict[str, Promise] = {
    "THREAT": _("“%(piece)s” is a threat."),
    "PRISON": _("“%(piece)s” threatens with police, arrest or prison."),
    "INSULT": _("“%(piece)s” is an insult."),
    "BLACKLIST": _("“%(piece)s” invents a blacklist."),
    "EXPOSURE": _("“%(piece)s” threatens to expose the customer."),
    "THIRD_PARTY": _("“%(piece)s” draws employer, family or neighbours in."),
    "SHAMING": _("“%(piece)s” shames the customer."),
    "AUTHORITY_SENDER": _("“%(piece)s” speaks as a court, the police or the state."),
    "AUTHORITY": _("“%(piece)s” names an authority."),
    "PRIVATE_TRANSFER": _("“%(piece)s” asks for cash, a private account, a fee or a password."),
    "PRESSURE": _("“%(piece)s” puts pressure on the customer."),
    "NEW_BORROWING": _("“%(piece)s” leads the customer to borrow anew."),
    "LEGAL_STEP": _("“%(piece)s” speaks of a legal step that was not decided for this customer."),
    "PERMANENT": _("“%(piece)s” says of the credit record what is not so."),
    "WRONG_YEARS": _("“%(piece)s”: adverse information is kept five years from the end of the conduct."),
    "NO_SENDER": _("The sender is missing: %(sender)s."),
    "FALSE_SENDER": _("“%(piece)s” is not the sender. It is %(sender)s."),
    "NO_HOTLINE": _("The official hotline is missing: %(hotline)s."),
    "NO_COMPLAINT_CHANNEL": _("It does not say where to complain: %(channel)s."),
    "DEBT": _("“%(piece)s” tells of a debt where others can read it."),
    "AMOUNT": _("“%(piece)s” is a sum of money where others can read it."),
    "ACCOUNT": _("“%(piece)s” is an account or card number where others can read it."),
    "IDENTITY": _("“%(piece)s” is an identity number where others can read it."),
    "NOT_APPROVED": _("This version of the template is not approved and in force."),
    "NO_WAY_OUT": _("It does not say how to stop these messages."),
    "NAME_AND_BALANCE": _("Item 1 of the letter is missing: the customer's name and the balance."),
    "REASON_AND_LAW": _("Item 2 of the letter is missing: the reason, and the law or contract it rests on."),
    "RIGHTS_AND_DUTIES": _("Item 3 of the letter is missing: the customer's rights and duties."),
    "WAYS": _("Item 4 of the letter is missing: how to query, to repay, to object and to give evidence."),
    "CONTACT": _("Item 5 of the letter is missing: hotline and address of the bank."),
    "SEAL": _("Item 6 of the letter is missing: the bank's seal."),
    "OTHER": _("Item 7 of the letter is missing: other matters."),
}

LEAVE_OUT = _("Leave it out.")
MEND: dict[str, Promise] = {
    "BLACKLIST": _("Leave it out; there is no such list."),
    "THIRD_PARTY": _("Leave it out; nobody else is told of a debt."),
    "AUTHORITY": _(
        "Leave it out. Addresses, warnings of false callers and the customer's own right to go to court may stay."
    ),
    "PRIVATE_TRANSFER": _("Name the bank's official ways to pay only."),
    "PRESSURE": _("Say calmly what can be done by when."),
    "LEGAL_STEP": _("Leave it out, or have the step decided and approved first."),
    "PERMANENT": _("Say: adverse information is kept five years from the end of the conduct."),
    "WRONG_YEARS": _("Write five years, or leave it out."),
    "NO_SENDER": _("Begin with the blank for the sender."),
    "FALSE_SENDER": _("Begin with the blank for the sender."),
    "NO_HOTLINE": _("Add the blank for the hotline."),
    "NO_COMPLAINT_CHANNEL": _("Add a sentence: questions or complaint, and the hotline."),
    "DEBT": _("Speak of “a service notice” and leave the details to the app, the branch or a call."),
    "AMOUNT": _("Leave the sum out; it is told behind a log-in or after identification."),
    "ACCOUNT": _("Leave the number out."),
    "IDENTITY": _("Leave the number out."),
    "NOT_APPROVED": _("Have it approved by a compliance officer."),
    "NO_WAY_OUT": _("Add how to stop the messages, for instance by ringing the hotline."),
    "NAME_AND_BALANCE": _("Add the blanks for name and balance."),
    "REASON_AND_LAW": _("Add a section with the reason and the law."),
    "RIGHTS_AND_DUTIES": _("Add a section with rights and duties."),
    "WAYS": _("Add a section that says how to query, repay, object and give evidence."),
    "CONTACT": _("Add a section with the hotline and the address."),
    "SEAL": _("Add the place for the seal."),
    "OTHER": _("Add a section for other matters."),
}


def what_is_wrong(hit: ContentHit) -> str:
    return str(WRONG[hit.code]) % {"piece": hit.piece, **hit.saw}


def how_to_mend(hit: ContentHit) -> str:
    return str(MEND.get(hit.code, LEAVE_OUT))


def sentence(hit: ContentHit) -> str:
    """What is wrong and how to mend it, with the rule."""
    return f"{what_is_wrong(hit)} {how_to_mend(hit)} [{hit.rule}]"


def as_json(hit: ContentHit) -> dict[str, Any]:
    """A hit as it is kept with an event."""
    return {
        "rule": hit.rule,
        "version": hit.version,
        "decision": hit.decision.value,
        "code": hit.code,
        "start": hit.start,
        "end": hit.end,
        "piece": hit.piece,
    }


SOURCES: dict[str, Promise] = {
    "POLICY": _("the bank's own policy"),
    "CBA-2026": _("China Banking Association, guideline on collection of personal consumer loans (2026)"),
    "CARD-68": _("Measures for credit card business of commercial banks, art. 68"),
    "CARD-69": _("Measures for credit card business of commercial banks, art. 69"),
    "CREDIT-BUREAU-16": _("Regulation on the administration of the credit bureau industry, art. 16"),
    "PUBLIC-SECURITY-50-1": _("Public Security Administration Punishments Law (2025), art. 50(1)"),
    "PIPL-6": _("Personal Information Protection Law, art. 6"),
    "PIPL-25": _("Personal Information Protection Law, art. 25"),
    "PIPL-28": _("Personal Information Protection Law, art. 28"),
    "CIVIL-CODE-1033": _("Civil Code, art. 1033"),
    "CONC-7.9": _("after the United Kingdom's CONC 7.9"),
    "REG-F-6E": _("after the United States' Regulation F, 12 CFR 1006.6(e)"),
}

"""Letters: put together from the approved template, checked, cleared by the gate, and kept under seal."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from accounts import vault
from accounts.models import Address, Case, User
from accounts.models.customers import AddressKind
from compliance import gate
from compliance.content import ContentFacts, Kind, LetterFacts
from compliance.content_checking import ensure_acceptable
from compliance.disclosure import ReasonCode, note_disclosure
from compliance.gate import Ask, Channel, Purpose
from followups.blanks import BlanksWrong, day, fill
from followups.letter_sheet import sheet
from followups.models import Letter, Template
from followups.template_checks import COLLECTION_LETTERS
from followups.wording import NothingToSay, language_for

TEXT, ENVELOPE = "letter.text", "letter.envelope"


class TextGone(Exception):
    """The text was let go when its time was over (`followups.retention`)."""


@dataclass(frozen=True)
class LetterText:
    """A finished letter and what can be read through the window of its envelope."""

    text: str
    envelope: str
    address: Address
    template: Template


def write_letter(case: Case, *, purpose: Purpose, by: User, now: datetime) -> Letter:
    """Write and clear one letter to the customer of `case`; `pdf_of` gives its sheet to be printed and posted at once.

    It counts as a contact from here on. Raises NothingToSay, `Unacceptable` (`compliance.content_checking`) and
    `compliance.gate.Refused`.
    """
    letter_id = uuid4()
    number = f"{_local(case, now):%Y%m%d}-{letter_id.hex[:8].upper()}"
    wording = letter_text(case, purpose=purpose, number=number, name=case.customer.name, now=now)
    ask = Ask(case.customer_id, Channel.LETTER, purpose, at=now, until=now)
    with gate.clearance(ask, by=by, now=now) as clearance:
        contact = gate.make_contact(clearance, by=by, now=now)
        letter: Letter = Letter.objects.create(
            id=letter_id,
            number=number,
            case=case,
            customer=case.customer,
            address=wording.address,
            template=wording.template,
            purpose=purpose,
            contact=contact,
            text_sealed=vault.seal(wording.text, column=TEXT, row=letter_id),
            envelope_sealed=vault.seal(wording.envelope, column=ENVELOPE, row=letter_id),
            digest=sha256(wording.text.encode()).hexdigest(),
            written_at=now,
            written_by=by,
        )
        return letter


def letter_text(case: Case, *, purpose: Purpose, number: str, name: str, now: datetime) -> LetterText:
    """The letter as it would be written at `now`; with a masked `name`, to be looked at first.

    Raises NothingToSay and `Unacceptable`.
    """
    language = language_for(case.customer.language)
    template = _template(purpose, language, now=now)
    address = _address(case)
    values = _values(case, language=language, number=number, name=name, now=now)
    try:
        text = fill(template.body, values).text
    except BlanksWrong as wrong:
        said = gettext("The template needs what is not known here: %(blanks)s.")
        raise NothingToSay(said % {"blanks": ", ".join(wrong.pieces)}) from wrong
    envelope = "\n".join((name, str(address), values["sender"]))
    facts = ContentFacts(
        sender_names=(values["sender"],),
        hotline=values["hotline"],
        complaint_channel=values["hotline"],
        letter=LetterFacts(name, values["balance"]) if purpose in COLLECTION_LETTERS else None,
    )
    where = frozenset({address.country})
    ensure_acceptable(text, kind=Kind.LETTER, language=language, facts=facts, jurisdictions=where)
    ensure_acceptable(envelope, kind=Kind.ENVELOPE, language=language, facts=facts, jurisdictions=where)
    return LetterText(text, envelope, address, template)


def pdf_of(letter: Letter) -> bytes:
    """The sheet of a letter, byte for byte the same each time. Raises TextGone."""
    if not letter.text_sealed:
        raise TextGone(gettext("The text of this letter was let go when its time was over."))
    text = vault.unseal(letter.text_sealed, column=TEXT, row=letter.pk)
    envelope = vault.unseal(letter.envelope_sealed, column=ENVELOPE, row=letter.pk)
    return sheet(text, envelope=envelope, number=letter.number)


def text_of(letter: Letter) -> str:
    """What the letter says, in clear. Callers log a Disclosure first."""
    return vault.unseal(letter.text_sealed, column=TEXT, row=letter.pk)


def print_again(letter: Letter, *, reason: str, by: User, now: datetime) -> bytes:
    """The sheet of a letter that was written before; remembered as a disclosure.

    Raises `compliance.disclosure.NoReason` when `reason` is blank, and TextGone.
    """
    note_disclosure(letter.customer, field=TEXT, code=ReasonCode.LETTER, reason=reason, by=by, now=now)
    return pdf_of(letter)


def _template(purpose: Purpose, language: str, *, now: datetime) -> Template:
    of_its_kind = Template.objects.filter(channel=Channel.LETTER, purpose=purpose, language=language)
    template = of_its_kind.in_force(at=now).first()
    if template is None:
        said = gettext("No letter is approved for “%(purpose)s” in %(language)s. Have one approved.")
        raise NothingToSay(said % {"purpose": purpose.label, "language": language})
    return template


def _address(case: Case) -> Address:
    """The residence, else the registered one; never the workplace, where others open letters."""
    at_home = case.customer.addresses.filter(kind__in=(AddressKind.RESIDENCE, AddressKind.REGISTERED))
    address: Address | None = at_home.order_by("-kind").first()
    if address is None:
        raise NothingToSay(gettext("No residence of the customer is known. Complete the data first."))
    return address


def _values(case: Case, *, language: str, number: str, name: str, now: datetime) -> dict[str, str]:
    branch = case.branch
    if not (branch.name and branch.hotline):
        said = gettext("Branch %(code)s has no name or no hotline. Enter both.")
        raise NothingToSay(said % {"code": branch.code})
    since = case.oldest_unpaid_due_on
    return {
        "sender": branch.name,
        "hotline": branch.hotline,
        "city": branch.city,
        "name": name,
        "balance": _sum(case.balance, case.currency),
        "overdue_amount": _sum(case.overdue_amount, case.currency),
        "due_since": day(since, language=language, with_year=True) if since else "",
        "letter_day": day(_local(case, now), language=language, with_year=True),
        "letter_number": number,
    }


def _sum(amount: Decimal, currency: str) -> str:
    return f"{currency} {amount:,.2f}"


def _local(case: Case, now: datetime) -> date:
    return now.astimezone(ZoneInfo(case.branch.time_zone)).date()

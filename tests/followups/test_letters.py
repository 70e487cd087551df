"""Letters: the seven items, the gate, the seal, and a sheet whose window tells of no debt."""

from hashlib import sha256
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction

from accounts import vault
from accounts.models import Address, Branch
from accounts.models.cases import NextAction
from accounts.models.staff import Role
from compliance.content_checking import Unacceptable
from compliance.disclosure import NoReason
from compliance.gate import Refused
from compliance.models import Contact, Disclosure, Refusal
from compliance.terms import Channel, Purpose
from config.ledger import LedgerChanged
from followups import letter_sheet
from followups.letters import ENVELOPE, TEXT, letter_text, pdf_of, print_again, write_letter
from followups.models import Letter
from followups.templates import retire_template
from followups.wording import NothingToSay
from tests.accounts.factories import UserFactory
from tests.followups.factories import TEN, case_with
from tests.followups.template_factories import approved, officer, packaged

NINE_AT_NIGHT = TEN.replace(hour=21)


@pytest.fixture(autouse=True)
def ten_o_clock(db, database_clock):
    database_clock(TEN)
    return database_clock


@pytest.fixture
def case():
    return case_with(NextAction.CALL)


@pytest.fixture
def supervisor(case):
    return UserFactory(role=Role.SUPERVISOR, branch=case.branch)


def write(case, by, *, now=TEN):
    return write_letter(case, purpose=Purpose.PAYMENT_REMINDER, by=by, now=now)


def text_of(letter):
    return vault.unseal(letter.text_sealed, column=TEXT, row=letter.pk)


def test_a_letter_is_written_with_its_own_contact(case, supervisor):
    letter = write(case, supervisor)

    assert Contact.objects.get() == letter.contact
    assert (letter.contact.channel, letter.contact.purpose) == ("LETTER", "PAYMENT_REMINDER")
    assert letter.template == packaged(Channel.LETTER)
    assert letter.number.startswith("20261120-")
    assert (letter.written_by, letter.written_at) == (supervisor, TEN)


def test_it_names_customer_balance_since_when_and_itself(case, supervisor):
    letter = write(case, supervisor)
    text = text_of(letter)

    assert "李明 先生／女士" in text
    assert "CNY 20,000.00" in text or "CNY 5,000.00" in text
    assert f"{case.oldest_unpaid_due_on.year}年" in text
    assert letter.number in text
    assert "2026年11月20日" in text
    assert sha256(text.encode()).hexdigest() == letter.digest


def test_the_text_is_kept_under_seal_only(case, supervisor):
    letter = write(case, supervisor)

    assert "李明".encode() not in bytes(letter.text_sealed)
    with pytest.raises(vault.NotOpened):
        vault.unseal(letter.text_sealed, column=ENVELOPE, row=letter.pk)


def test_the_window_tells_name_address_and_sender_and_of_no_debt(case, supervisor):
    letter = write(case, supervisor)
    window = vault.unseal(letter.envelope_sealed, column=ENVELOPE, row=letter.pk)

    assert window.splitlines() == ["李明", str(letter.address), case.branch.name]


def test_an_address_that_tells_of_a_debt_is_not_written_on_an_envelope(case, supervisor):
    Address.objects.filter(customer=case.customer).update(street="逾期欠款催收中心")

    with pytest.raises(Unacceptable):
        write(case, supervisor)


def test_the_sheet_is_a_pdf_and_the_same_each_time(case, supervisor):
    letter = write(case, supervisor)

    first, second = pdf_of(letter), pdf_of(Letter.objects.get())

    assert first.startswith(b"%PDF")
    assert first == second


def test_nothing_of_the_text_stands_where_the_window_is():
    assert 90 * letter_sheet.mm < letter_sheet.BODY_TOP
    assert 90 * letter_sheet.mm > letter_sheet.WINDOW_TOP + 3 * letter_sheet.WINDOW_LINE


def test_a_long_letter_goes_on_over_the_page():
    short = letter_sheet.sheet("标题\n正文", envelope="甲", number="1")
    long = letter_sheet.sheet("标题\n" + "正文\n" * 120, envelope="甲", number="1")

    assert short.count(b"/Type /Page\n") == 1
    assert long.count(b"/Type /Page\n") > 1
    assert BytesIO(long).read(4) == b"%PDF"


def test_signs_that_mean_something_in_markup_are_written_as_they_are():
    assert letter_sheet.sheet("A & B <b>\n<para> & </x>", envelope="<i>", number="<1>").startswith(b"%PDF")


def test_at_night_the_gate_refuses_and_nothing_is_kept(case, supervisor, ten_o_clock):
    ten_o_clock(NINE_AT_NIGHT)

    with pytest.raises(Refused):
        write(case, supervisor, now=NINE_AT_NIGHT)

    assert Refusal.objects.get().channel == "LETTER"
    assert not Letter.objects.exists()


def test_without_an_approved_letter_none_is_written(case, supervisor):
    retire_template(packaged(Channel.LETTER), by=officer(), now=TEN)

    with pytest.raises(NothingToSay):
        write(case, supervisor)


@pytest.mark.parametrize("field", ["name", "hotline"])
def test_nobody_writes_in_nobodys_name(case, supervisor, field):
    Branch.objects.filter(pk=case.branch_id).update(**{field: ""})
    case.branch.refresh_from_db()

    with pytest.raises(NothingToSay):
        write(case, supervisor)


def test_a_letter_does_not_go_to_the_workplace(case, supervisor):
    Address.objects.filter(customer=case.customer).update(kind="WORK")

    with pytest.raises(NothingToSay):
        write(case, supervisor)


def test_a_finished_letter_is_judged_once_more(case, supervisor):
    Branch.objects.filter(pk=case.branch_id).update(name="包头市公安局")
    case.branch.refresh_from_db()

    with pytest.raises(Unacceptable):
        write(case, supervisor)
    assert not Contact.objects.exists()


def test_looking_at_it_first_writes_nothing_and_names_nobody(case):
    masked = case.customer.masked_name
    looked_at = letter_text(case, purpose=Purpose.PAYMENT_REMINDER, number="…", name=masked, now=TEN)

    assert "李明" not in looked_at.text + looked_at.envelope
    assert not Contact.objects.exists()


def test_printing_again_is_remembered_with_its_reason(case, supervisor):
    letter = write(case, supervisor)

    with pytest.raises(NoReason):
        print_again(letter, reason=" ", by=supervisor, now=TEN)
    assert print_again(letter, reason="paper jam", by=supervisor, now=TEN) == pdf_of(letter)

    kept = Disclosure.objects.get()
    assert (kept.field, kept.reason, kept.by) == ("letter.text", "paper jam", supervisor)


class TestWalls:
    def test_letters_are_a_ledger(self, case, supervisor):
        letter = write(case, supervisor)

        with pytest.raises(LedgerChanged):
            letter.save()

    def fields(self, letter, **changes):
        fields = {field.attname: getattr(letter, field.attname) for field in Letter._meta.fields}
        return fields | {"id": "00000000-0000-4000-8000-000000000000", "number": "other"} | changes

    def test_a_contact_serves_one_letter_of_the_same_customer(self, case, supervisor):
        letter, other = write(case, supervisor), case_with(NextAction.CALL)

        with pytest.raises(IntegrityError, match="contact_id"), transaction.atomic():
            Letter.objects.create(**self.fields(letter))
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.create(**self.fields(letter, customer_id=other.customer_id, case_id=other.pk))

    def test_no_letter_leaves_by_a_template_that_is_not_in_force(self, case, supervisor):
        letter = write(case, supervisor)
        body = packaged(Channel.LETTER).body
        approved(body + "\n", channel=Channel.LETTER)

        with pytest.raises(IntegrityError, match="no approved template in force"), transaction.atomic():
            Letter.objects.create(**self.fields(letter))

"""Nothing about the debt before whoever owes is confirmed, nor while others are there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import Case
from risk.models import Strategy
from tests.followups.factories import promise
from tests.visits.factories import (
    TEN,
    DeviceFactory,
    abort,
    case_to_visit,
    check_out,
    confirm_identity,
    finished_visit,
    members,
    notified_visit,
    sent_by,
    visit_under_way,
)
from visits import life
from visits.briefs import BRIEFS, TP_1
from visits.identity import may_see_the_debt
from visits.life import NotAllowed, NotConfirmed, ReferenceReused
from visits.models import IdentityConfirmation, Record, Visit
from visits.models.door import Factor
from visits.models.on_site import ABOUT_THE_DEBT, AddressState, Party, Result
from visits.models.visits import Status


@pytest.fixture(autouse=True)
def ten_o_clock(db, database_clock):
    database_clock(TEN)


def record(visit, *, party=Party.DEBTOR, result=Result.PROMISE, **found):
    """Without the confirmation that the factory would make."""
    by = members(visit)[0]
    found = {"address_state": AddressState.VALID, **found}
    return life.record(visit, sent=sent_by(by), party=party, result=result, by=by, now=TEN, **found)


def seen(visit):
    return may_see_the_debt(Visit.objects.get(pk=visit.pk))


class TestConfirming:
    def test_by_two_different_things_none_of_them_about_the_debt(self):
        visit = visit_under_way()

        confirmed = confirm_identity(visit, factors=[Factor.IDENTITY_DOCUMENT, Factor.FULL_NAME])

        assert confirmed.factors == ["FULL_NAME", "IDENTITY_DOCUMENT"]
        assert seen(visit)

    @pytest.mark.parametrize("factors", [[], [Factor.FULL_NAME], [Factor.FULL_NAME, Factor.FULL_NAME]])
    def test_one_thing_is_not_enough_however_often_it_is_named(self, factors):
        visit = visit_under_way()

        with pytest.raises(NotAllowed, match="two different things"):
            confirm_identity(visit, factors=factors)

        assert not seen(visit)

    @pytest.mark.parametrize("party", [Party.FAMILY, Party.COLLEAGUE, Party.NEIGHBOUR, Party.NOBODY])
    def test_nobody_else_is_confirmed(self, party):
        with pytest.raises(NotAllowed, match="nobody else"):
            confirm_identity(visit_under_way(), party=party)

    def test_not_before_the_check_in(self):
        with pytest.raises(NotAllowed, match="under way"):
            confirm_identity(notified_visit())

    def test_late_as_long_as_the_record_is_missing(self):
        visit = visit_under_way()
        check_out(visit)

        confirm_identity(visit, now=TEN + timedelta(hours=1))
        record(visit)

        with pytest.raises(NotAllowed, match="under way"):
            confirm_identity(visit)

    def test_sent_again_it_is_the_same(self):
        visit, reference = visit_under_way(), uuid4()

        first = confirm_identity(visit, reference=reference)
        again = confirm_identity(visit, reference=reference)

        assert first == again
        assert IdentityConfirmation.objects.count() == 1
        with pytest.raises(ReferenceReused):
            confirm_identity(visit, reference=reference, others_present=True)

    def test_the_database_knows_the_factors_and_that_they_are_different(self):
        confirmed = confirm_identity(visit_under_way())
        same = {
            name: getattr(confirmed, name)
            for name in ("visit", "device", "reported_by", "client_at", "received_at", "body_sha256", "party")
        }
        for wrong in (
            {"factors": ["FULL_NAME"]},
            {"factors": ["FULL_NAME", "FULL_NAME"]},
            {"factors": ["FULL_NAME", "ACCOUNT_BALANCE"]},
            {"factors": ["FULL_NAME", "BIRTH_DATE"], "party": "FAMILY"},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                IdentityConfirmation.objects.create(reference=uuid4(), **{**same, **wrong})


class TestWhatIsSeen:
    def test_nothing_before(self):
        assert not seen(visit_under_way())

    def test_nothing_while_others_are_present_until_they_have_gone(self):
        visit = visit_under_way()

        confirm_identity(visit)
        confirm_identity(visit, others_present=True, now=TEN + timedelta(minutes=1))
        with_others = seen(visit)
        confirm_identity(visit, now=TEN + timedelta(minutes=2))

        assert (with_others, seen(visit)) == (False, True)

    @pytest.mark.parametrize("party", [Party.FAMILY, Party.COLLEAGUE, Party.NEIGHBOUR])
    def test_nothing_once_the_record_says_that_somebody_else_was_met(self, party):
        visit = visit_under_way()
        confirm_identity(visit)

        record(visit, party=party, result=Result.MESSAGE_LEFT)

        assert not seen(visit)

    def test_nothing_once_the_record_says_that_others_were_there(self):
        visit = visit_under_way()
        confirm_identity(visit)

        record(visit, others_present=True)

        assert not seen(visit)

    def test_of_another_visit_nothing_follows(self):
        confirm_identity(visit_under_way())

        assert not seen(visit_under_way())


class TestRecording:
    @pytest.mark.parametrize("result", ABOUT_THE_DEBT)
    @pytest.mark.parametrize("party", [Party.DEBTOR, Party.GUARANTOR])
    def test_of_the_debt_only_with_somebody_confirmed(self, party, result):
        visit = visit_under_way()

        with pytest.raises(NotConfirmed, match="First confirm"):
            record(visit, party=party, result=result)
        confirm_identity(visit, party=party)

        assert record(visit, party=party, result=result).result == result

    def test_the_guarantors_confirmation_is_not_the_customers(self):
        visit = visit_under_way()
        confirm_identity(visit, party=Party.GUARANTOR)

        with pytest.raises(NotConfirmed):
            record(visit, party=Party.DEBTOR)

    @pytest.mark.parametrize("result", sorted(set(Result) - set(ABOUT_THE_DEBT) - {Result.NO_CONTACT}))
    def test_what_is_not_about_the_debt_needs_nobody_confirmed(self, result):
        assert record(visit_under_way(), result=result).result == result

    def test_the_database_has_the_last_word(self):
        visit = visit_under_way()
        by = members(visit)[0]
        row = {
            "visit": visit,
            "reference": uuid4(),
            "device": sent_by(by).device,
            "reported_by": by,
            "client_at": TEN,
            "received_at": TEN,
            "body_sha256": "0" * 64,
            "party": "DEBTOR",
            "address_state": "VALID",
            "result": "HARDSHIP",
        }

        with pytest.raises(IntegrityError, match="nobody was confirmed"), transaction.atomic():
            Record.objects.create(**row)


class TestOnThePhone:
    @pytest.fixture
    def visit(self, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
        visit = visit_under_way(case=case_to_visit(now=TEN, strategy=Strategy.FIRM, overdue="5432.10"))
        DeviceFactory(user=members(visit)[1], token="here")
        return visit

    @pytest.fixture
    def phone(self):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION="Device here")
        return client

    def shown(self, phone, visit):
        one = phone.get(reverse("visit", args=[visit.pk])).data
        (of_today,) = phone.get(reverse("today")).data
        assert one == of_today
        return one

    def debt_words(self, visit):
        """As the phone reads them: the API speaks the server's own language."""
        brief = BRIEFS[Strategy.FIRM]
        case = Case.objects.get(pk=visit.case_id)
        with translation.override("zh-hans"):
            spoken = [str(brief.goal), *(str(line) for line in brief.do[1:])]
        return ["5432.10", str(case.oldest_unpaid_due_on), "FIRM", *spoken]

    def test_before_nothing_of_the_debt_leaves_the_server(self, phone, visit):
        shown = self.shown(phone, visit)

        assert shown["debt_hidden"] is True
        assert shown["case"] == {
            "id": str(visit.case_id),
            "overdue_amount": None,
            "currency": None,
            "oldest_unpaid_due_on": None,
        }
        assert shown["strategy"] is None
        assert shown["no_disclosure"]["code"] == "TP-1"
        with translation.override("zh-hans"):
            assert shown["no_disclosure"]["say"] == [str(line) for line in TP_1.say]
        assert [word for word in self.debt_words(visit) if word in str(shown)] == []
        assert shown["customer"]["name"] == "李*"
        assert shown["address"]["text"]

    def test_afterwards_it_is_shown(self, phone, visit):
        body = {
            "reference": str(uuid4()),
            "client_at": TEN.isoformat(),
            "party": "DEBTOR",
            "factors": ["FULL_NAME", "BIRTH_DATE"],
        }

        assert (
            phone.post(reverse("confirm-identity", args=[visit.pk]), body, format="json").status_code == 201
        )

        shown = self.shown(phone, visit)
        assert (shown["debt_hidden"], shown["no_disclosure"]) == (False, None)
        assert [word for word in self.debt_words(visit) if word not in str(shown)] == []

    def test_after_somebody_else_was_met_it_is_hidden_again(self, phone, visit):
        confirm_identity(visit)
        record(visit, party=Party.FAMILY, result=Result.MESSAGE_LEFT)

        assert [word for word in self.debt_words(visit) if word in str(self.shown(phone, visit))] == []

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"party": "FAMILY"}, "party"),
            ({"factors": ["FULL_NAME"]}, "factors"),
            ({"factors": ["FULL_NAME", "FULL_NAME"]}, "factors"),
            ({"factors": ["FULL_NAME", "BALANCE"]}, "factors"),
        ],
    )
    def test_what_is_wrong_is_named(self, phone, visit, wrong, field):
        body = {
            "reference": str(uuid4()),
            "client_at": TEN.isoformat(),
            "party": "DEBTOR",
            "factors": ["FULL_NAME", "BIRTH_DATE"],
            **wrong,
        }

        answer = phone.post(reverse("confirm-identity", args=[visit.pk]), body, format="json")

        assert (answer.status_code, list(answer.data["errors"])) == (400, [field])

    def test_a_promise_before_is_a_conflict_and_tells_no_amount(self, phone, visit):
        said = {"reference": str(uuid4()), "amount": "999999.00", "due_on": TEN.date().isoformat()}

        answer = phone.post(reverse("promises", args=[visit.pk]), said, format="json")

        assert answer.status_code == 409
        assert "5432" not in str(answer.data)

    def test_promises_are_not_read_out_while_others_are_there(self, phone, visit):
        confirm_identity(visit)
        promise(visit.case, visit=Visit.objects.get(pk=visit.pk))
        alone = phone.get(reverse("promises", args=[visit.pk])).status_code
        confirm_identity(visit, others_present=True, now=TEN + timedelta(minutes=1))

        assert (alone, phone.get(reverse("promises", args=[visit.pk])).status_code) == (200, 409)


def test_breaking_off_needs_nobody_confirmed():
    visit = visit_under_way()

    abort(visit)

    assert Visit.objects.get(pk=visit.pk).status == Status.ABORTED


def test_after_the_end_the_latest_word_counts():
    assert seen(finished_visit())

"""Nobody enters and nothing is recorded indoors without a consent that says who gave it, how and when."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from rest_framework.test import APIClient

from tests.visits.factories import (
    TEN,
    DeviceFactory,
    check_out,
    confirmed_visit,
    consent,
    members,
    notified_visit,
    record,
    sent_by,
    visit_under_way,
)
from visits.consents import recording_was_announced
from visits.life import (
    NoConsent,
    NotAllowed,
    ReferenceReused,
    ensure_may_record_indoors,
    may_record_indoors,
)
from visits.models import Consent, Record, Visit
from visits.models.door import Answer, ConsentKind
from visits.models.on_site import Party, Result

MINUTE, MICROSECOND = timedelta(minutes=1), timedelta(microseconds=1)
ENTRY, INDOORS, OUTDOORS = ConsentKind.ENTRY, ConsentKind.RECORDING_INDOORS, ConsentKind.RECORDING_OUTDOORS


@pytest.fixture(autouse=True)
def ten_o_clock(db, database_clock):
    database_clock(TEN)


class TestEntering:
    def test_without_a_consent_no_entry_is_recorded(self):
        visit = confirmed_visit()

        with pytest.raises(NoConsent, match="who let you in"):
            record(visit, entered_home=True)

        assert not Record.objects.exists()

    @pytest.mark.parametrize(
        "other", [{"answer": Answer.REFUSED}, {"kind": INDOORS}, {"answer": Answer.WITHDRAWN}]
    )
    def test_another_answer_or_another_consent_is_none(self, other):
        visit = confirmed_visit()
        consent(visit, **other)

        with pytest.raises(NoConsent):
            record(visit, entered_home=True)

    def test_of_another_visit_neither(self):
        consent(visit_under_way())

        with pytest.raises(NoConsent):
            record(confirmed_visit(), entered_home=True)

    def test_with_it_the_record_names_the_consent(self):
        visit = confirmed_visit()
        given = consent(visit)

        found = record(visit, entered_home=True)

        assert found.entry_consent == given

    def test_the_database_has_the_last_word(self):
        visit, elsewhere = confirmed_visit(), visit_under_way()
        by = members(visit)[0]
        row = {
            "visit": visit,
            "device": sent_by(by).device,
            "reported_by": by,
            "client_at": TEN,
            "received_at": TEN,
            "body_sha256": "0" * 64,
            "party": "DEBTOR",
            "address_state": "VALID",
            "result": "HARDSHIP",
        }
        for wrong, why in (
            ({"entered_home": True}, "homes_are_entered_by_consent"),
            ({"entry_consent": consent(visit)}, "homes_are_entered_by_consent"),
            ({"entered_home": True, "entry_consent": consent(elsewhere)}, "no consent to enter"),
            ({"entered_home": True, "entry_consent": consent(visit, kind=INDOORS)}, "no consent to enter"),
            (
                {"entered_home": True, "entry_consent": consent(visit, answer=Answer.REFUSED)},
                "no consent to enter",
            ),
        ):
            with pytest.raises(IntegrityError, match=why), transaction.atomic():
                Record.objects.create(reference=uuid4(), **row, **wrong)


class TestRecordingIndoors:
    def test_without_a_consent_the_upload_is_refused(self):
        visit = visit_under_way()

        with pytest.raises(NoConsent, match="not taken"):
            ensure_may_record_indoors(visit, at=TEN)

    @pytest.mark.parametrize("only", [ENTRY, INDOORS])
    def test_it_needs_both_to_enter_and_to_record(self, only):
        visit = visit_under_way()
        consent(visit, kind=only)

        assert not may_record_indoors(visit, at=TEN)

    def test_with_both_from_their_moment_on(self):
        visit = visit_under_way()
        consent(visit, kind=ENTRY, now=TEN)
        consent(visit, kind=INDOORS, now=TEN + MINUTE)

        ensure_may_record_indoors(visit, at=TEN + MINUTE)
        assert not may_record_indoors(visit, at=TEN + MINUTE - MICROSECOND)

    @pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.WITHDRAWN])
    @pytest.mark.parametrize("kind", [ENTRY, INDOORS])
    def test_until_one_of_them_is_taken_back(self, kind, answer):
        visit = visit_under_way()
        consent(visit, kind=ENTRY)
        consent(visit, kind=INDOORS)
        consent(visit, kind=kind, answer=answer, now=TEN + MINUTE)

        assert may_record_indoors(visit, at=TEN + MINUTE - MICROSECOND)
        assert not may_record_indoors(visit, at=TEN + MINUTE)

    def test_told_in_another_order_the_moments_count(self):
        visit = visit_under_way()
        later = TEN + 5 * MINUTE
        consent(visit, kind=INDOORS, answer=Answer.WITHDRAWN, given_at=TEN + MINUTE, now=later)
        consent(visit, kind=INDOORS, given_at=TEN, now=later)
        consent(visit, kind=ENTRY, given_at=TEN, now=later)

        assert may_record_indoors(visit, at=TEN)
        assert not may_record_indoors(visit, at=later)


def test_outdoors_the_recording_is_announced_unless_somebody_objects():
    visit = visit_under_way()
    before = recording_was_announced(visit)

    consent(visit, kind=OUTDOORS, answer=Answer.ANNOUNCED)
    announced = recording_was_announced(visit)
    consent(visit, kind=OUTDOORS, answer=Answer.REFUSED, now=TEN + MINUTE)

    assert (before, announced, recording_was_announced(visit)) == (False, True, False)


class TestNoting:
    def test_not_before_the_check_in(self):
        with pytest.raises(NotAllowed, match="under way"):
            consent(notified_visit())

    def test_late_until_the_record_is_filed(self):
        visit = confirmed_visit()
        check_out(visit)

        consent(visit, now=TEN + 60 * MINUTE)
        record(visit)

        with pytest.raises(NotAllowed):
            consent(visit)

    def test_never_before_it_was_given(self):
        with pytest.raises(NotAllowed, match="after it was given"):
            consent(visit_under_way(), given_at=TEN + MICROSECOND)

    def test_sent_again_it_is_the_same(self):
        visit, reference = visit_under_way(), uuid4()

        first = consent(visit, reference=reference)
        again = consent(visit, reference=reference)

        assert first == again
        assert Consent.objects.count() == 1
        with pytest.raises(ReferenceReused):
            consent(visit, reference=reference, answer=Answer.REFUSED)

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ({"name": ""}, "consent_says_by_whom_and_how"),
            ({"party": Party.NOBODY}, "consent_says_by_whom_and_how"),
            ({"how": "GUESSED"}, "consent_says_by_whom_and_how"),
            ({"answer": Answer.ANNOUNCED}, "only_outdoors_is_announced"),
            ({"kind": INDOORS, "answer": Answer.ANNOUNCED}, "only_outdoors_is_announced"),
        ],
    )
    def test_the_database_wants_to_know_who_and_how(self, wrong, why):
        visit = visit_under_way()

        with pytest.raises(IntegrityError, match=why), transaction.atomic():
            consent(visit, **wrong)


class TestOverTheApi:
    @pytest.fixture
    def post(self, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
        visit = visit_under_way()
        DeviceFactory(user=members(visit)[1], token="here")
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION="Device here")

        def send(step, **said):
            body = {"reference": str(uuid4()), "client_at": TEN.isoformat(), **said}
            return client.post(reverse(step, args=[visit.pk]), body, format="json")

        send.get = lambda: client.get(reverse("visit", args=[visit.pk])).data
        return send

    def test_in_their_order(self, post):
        said = {"party": "DEBTOR", "name": "户主", "how": "SPOKEN", "given_at": TEN.isoformat()}

        before = post.get()["recording"]
        post("consents", kind="RECORDING_OUTDOORS", answer="ANNOUNCED", **said)
        outdoors = post.get()["recording"]
        post("consents", kind="ENTRY", answer="GIVEN", **said)
        post("consents", kind="RECORDING_INDOORS", answer="GIVEN", **said)
        indoors = post.get()["recording"]

        assert [(one["announced"], one["indoors_allowed"]) for one in (before, outdoors, indoors)] == [
            (False, False),
            (True, False),
            (True, True),
        ]

    def test_a_home_entered_without_one_is_a_conflict(self, post):
        found = {"party": "FAMILY", "address_state": "VALID", "result": "MESSAGE_LEFT", "entered_home": True}

        answer = post("record", **found)

        assert answer.status_code == 409
        assert not Record.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"answer": "ANNOUNCED"}, "answer"),
            ({"given_at": (TEN + MINUTE).isoformat()}, "given_at"),
            ({"name": ""}, "name"),
            ({"party": "NOBODY"}, "party"),
            ({"how": "GUESSED"}, "how"),
        ],
    )
    def test_what_is_wrong_is_named(self, post, wrong, field):
        said = {
            "kind": "ENTRY",
            "answer": "GIVEN",
            "party": "DEBTOR",
            "name": "户主",
            "how": "SPOKEN",
            "given_at": TEN.isoformat(),
        }

        answer = post("consents", **{**said, **wrong})

        assert (answer.status_code, list(answer.data["errors"])) == (400, [field])


def test_a_record_without_entry_needs_none():
    visit = confirmed_visit()

    assert record(visit, party=Party.FAMILY, result=Result.MESSAGE_LEFT).entry_consent is None
    assert Visit.objects.get(pk=visit.pk).record.entered_home is False

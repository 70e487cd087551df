"""How far a phone's clock is trusted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from compliance.gate import Refused
from compliance.models import Contact, Refusal
from tests.visits.factories import TEN, DeviceFactory, members, notified_visit, sent_by, visit_under_way
from visits import life
from visits.clocks import ClockNotTrusted, Reading, read
from visits.models import CheckIn, CheckOut, Device, Visit
from visits.models.reports import ClockDoubt
from visits.models.visits import Status

MICROSECOND = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
SKEW, BACK = ClockDoubt.SKEW, ClockDoubt.SET_BACK


@pytest.mark.parametrize(
    ("offset", "before", "doubt"),
    [
        (timedelta(0), None, None),
        (30 * SECOND, None, None),
        (-30 * SECOND, None, None),
        (30 * SECOND + MICROSECOND, None, SKEW),
        (-30 * SECOND - MICROSECOND, None, SKEW),
        (5 * SECOND, 10 * SECOND, None),
        (5 * SECOND - MICROSECOND, 10 * SECOND, BACK),
        (timedelta(0), -20 * SECOND, None),
        (-40 * SECOND, timedelta(0), SKEW),
    ],
)
def test_thirty_seconds_off_are_trusted_and_five_back(offset, before, doubt):
    assert read(TEN + offset, now=TEN, before=before) == Reading(offset, doubt)


@given(
    offset=st.timedeltas(timedelta(days=-1), timedelta(days=1)),
    before=st.none() | st.timedeltas(timedelta(days=-1), timedelta(days=1)),
)
def test_what_is_trusted_is_near_the_servers_clock_and_did_not_go_back(offset, before):
    reading = read(TEN + offset, now=TEN, before=before)

    near = abs(offset) <= 30 * SECOND
    steady = before is None or offset >= before - 5 * SECOND
    assert (reading.doubt is None) == (near and steady)


@pytest.fixture
def ten_o_clock(db, database_clock):
    database_clock(TEN)


def check_in(visit, *, device_at=None, client_at=TEN, now=TEN, reference=None):
    by = members(visit)[0]
    sent = sent_by(by, at=client_at, device_at=device_at, reference=reference)
    return life.check_in(
        visit, sent=sent, fix=None, present=[one.pk for one in members(visit)], by=by, now=now
    )


@pytest.mark.usefixtures("ten_o_clock")
class TestCheckIn:
    @pytest.mark.parametrize("offset", [30 * SECOND, -30 * SECOND])
    def test_at_thirty_seconds_it_begins(self, offset):
        arrived = check_in(notified_visit(), device_at=TEN + offset)

        assert (arrived.clock_offset, arrived.clock_doubt) == (offset, "")
        assert Device.objects.get().clock_offset == offset

    @pytest.mark.parametrize("offset", [30 * SECOND + MICROSECOND, -30 * SECOND - MICROSECOND])
    def test_beyond_it_does_not(self, offset):
        visit = notified_visit()

        with pytest.raises(Refused):
            check_in(visit, device_at=TEN + offset)

        assert Refusal.objects.get().rule_ids == ["CLOCK"]
        assert Device.objects.get().clock_offset == offset
        assert Visit.objects.get().status == Status.NOTIFIED
        assert not Contact.objects.exists()

    def test_without_device_time_the_time_on_the_phone_is_measured(self):
        with pytest.raises(Refused):
            check_in(notified_visit(), client_at=TEN + timedelta(minutes=1))

        assert Refusal.objects.get().rule_ids == ["CLOCK"]

    def test_a_clock_that_was_set_back_is_refused_once_and_passes_when_it_is_steady(self):
        visit, reference = notified_visit(), uuid4()
        DeviceFactory(user=members(visit)[0], clock_offset=20 * SECOND)

        with pytest.raises(ClockNotTrusted, match="set back"):
            check_in(visit, device_at=TEN, reference=reference)
        arrived = check_in(visit, device_at=TEN, reference=reference)

        assert arrived.clock_doubt == ""
        assert Device.objects.get().clock_read_at == TEN

    def test_at_night_the_gate_speaks_first_and_remembers(self, database_clock):
        visit, night = notified_visit(), TEN.replace(hour=22)
        database_clock(night)

        with pytest.raises(Refused):
            check_in(visit, device_at=TEN, now=night)

        assert "WIN-BANK" in Refusal.objects.get().rule_ids

    def test_sent_again_by_a_clock_that_went_wrong_meanwhile_it_is_the_same_check_in(self):
        visit, reference = notified_visit(), uuid4()

        first = check_in(visit, device_at=TEN, reference=reference)
        again = check_in(visit, device_at=TEN + timedelta(hours=5), reference=reference)

        assert again == first
        assert CheckIn.objects.count() == 1


@pytest.mark.usefixtures("ten_o_clock")
class TestOtherReports:
    @pytest.mark.parametrize(
        ("device_at", "offset", "doubt"),
        [
            (None, None, ""),
            (TEN + 2 * SECOND, 2 * SECOND, ""),
            (TEN - 10 * SECOND, -10 * SECOND, "SET_BACK"),
            (TEN + timedelta(days=1), timedelta(days=1), "SKEW"),
        ],
    )
    def test_are_taken_and_flagged(self, device_at, offset, doubt):
        visit = visit_under_way()
        by = members(visit)[0]

        life.check_out(visit, sent=sent_by(by, device_at=device_at), fix=None, by=by, now=TEN)

        left = CheckOut.objects.get()
        assert (left.clock_offset, left.clock_doubt, left.client_at) == (offset, doubt, TEN)

    def test_the_database_knows_which_doubt_belongs_to_which_offset(self):
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
        }
        for wrong in (
            {"clock_offset": 31 * SECOND},
            {"clock_offset": SECOND, "clock_doubt": "SKEW"},
            {"clock_offset": 31 * SECOND, "clock_doubt": "SET_BACK"},
            {"clock_doubt": "SET_BACK"},
            {"clock_doubt": "SKEW"},
            {"clock_offset": SECOND, "clock_doubt": "OTHER"},
        ):
            with pytest.raises(IntegrityError, match="clock_doubt"), transaction.atomic():
                CheckOut.objects.create(**row, **wrong)


@pytest.mark.usefixtures("ten_o_clock")
class TestTheHeader:
    @pytest.fixture
    def post(self, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
        visit = visit_under_way()
        DeviceFactory(user=members(visit)[1], token="here")
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION="Device here")

        def send(header):
            body = {"reference": str(uuid4()), "client_at": TEN.isoformat()}
            url = reverse("check-out", args=[visit.pk])
            return client.post(url, body, format="json", headers={"Device-Time": header})

        return send

    @pytest.mark.parametrize(
        "header", ["2026-11-20T10:00:02+08:00", "2026-11-20T02:00:02Z", "2026-11-20T02:00:02.000000+00:00"]
    )
    def test_is_an_instant_with_its_offset(self, post, header):
        assert post(header).status_code == 201
        assert CheckOut.objects.get().clock_offset == 2 * SECOND

    @pytest.mark.parametrize(
        "header",
        [
            "ten",
            "2026-11-20T10:00:00",
            "2026-11-20",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
        ],
    )
    def test_what_is_none_is_named(self, post, header):
        answer = post(header)

        assert answer.status_code == 400
        assert list(answer.data["errors"]) == ["Device-Time"]
        assert not CheckOut.objects.exists()

"""Visits near and past the end of the hours: alerted once, recorded once, whatever the ticks do."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import Customer
from compliance.terms import RestrictionKind
from config.models import JobRun
from tests.accounts.factories import BranchFactory
from tests.visits.factories import (
    TEN,
    DeviceFactory,
    abort,
    case_to_visit,
    check_out,
    members,
    record,
    sent_by,
    team,
    visit_under_way,
)
from tests.visits.racing import at_once
from visits import life, tasks
from visits.briefs import ALERT_NOW
from visits.models import CheckOut, EndOfOverrun, Overrun, OverrunAlert, Visit
from visits.models.on_site import AbortReason, Party, Result
from visits.models.visits import Status
from visits.overruns import watch_overruns

MICROSECOND = timedelta(microseconds=1)
SEVEN_PM = TEN.replace(hour=19)
SOON, NOW, NINE = (TEN.replace(hour=hour, minute=minute) for hour, minute in ((20, 30), (20, 50), (21, 0)))


@pytest.fixture(autouse=True)
def evening(request):
    if "committed_db" not in request.fixturenames:
        request.getfixturevalue("db")
        request.getfixturevalue("database_clock")(SEVEN_PM)


def late_visit(**fields):
    return visit_under_way(start=SEVEN_PM, **fields)


def alerts():
    return list(OverrunAlert.objects.order_by("pk").values_list("level", "due_at", "noticed_at"))


class TestTheWatch:
    def test_before_half_past_eight_there_is_nothing_to_say(self):
        late_visit()

        assert str(watch_overruns(now=SOON - MICROSECOND)) == "0 alerts, 0 overruns"

    def test_at_half_past_eight_and_ten_to_nine_it_is_alerted_and_at_nine_recorded(self):
        visit = late_visit()

        seen = [
            (watched.alerts, watched.overruns)
            for now in (SOON, NOW - MICROSECOND, NOW, NINE - MICROSECOND, NINE, NINE + timedelta(hours=1))
            for watched in [watch_overruns(now=now)]
        ]

        assert seen == [(1, 0), (0, 0), (1, 0), (0, 0), (0, 1), (0, 0)]
        assert alerts() == [("SOON", SOON, SOON), ("NOW", NOW, NOW)]
        overrun = Overrun.objects.get()
        assert (overrun.visit, overrun.at, overrun.noticed_at) == (visit, NINE, NINE)

    def test_after_a_downtime_the_instants_are_the_ones_it_was_due_at(self):
        late_visit()
        noticed = TEN.replace(hour=21, minute=40)

        watch_overruns(now=noticed)

        assert alerts() == [("SOON", SOON, noticed), ("NOW", NOW, noticed)]
        overrun = Overrun.objects.get()
        assert (overrun.at, overrun.noticed_at) == (NINE, noticed)

    def test_by_the_clock_of_the_customer_that_is_first(self, database_clock):
        branch = BranchFactory(time_zone="America/New_York")
        start = TEN.replace(hour=8, minute=30)  # 19:30 of the day before in New York
        zones = ["America/New_York", "Asia/Shanghai"]
        database_clock(start)
        visit_under_way(start=start, case=case_to_visit(branch=branch, time_zones=zones, now=start))

        watch_overruns(now=start + timedelta(hours=1) - MICROSECOND)
        assert alerts() == []
        watch_overruns(now=start + timedelta(hours=1, minutes=30))

        assert Overrun.objects.get().at == start + timedelta(hours=1, minutes=30)

    def test_a_customer_of_no_known_zone_is_watched_by_the_branchs_clock(self):
        late_visit()
        Customer.objects.update(time_zones=[])

        watch_overruns(now=NINE)

        assert Overrun.objects.get().at == NINE

    def test_what_is_over_is_not_alerted(self):
        visit = late_visit()
        record(visit, party=Party.NOBODY, result=Result.NO_CONTACT, now=SEVEN_PM)
        check_out(visit, now=SOON)

        watch_overruns(now=NINE)

        assert not OverrunAlert.objects.exists()
        assert not Overrun.objects.exists()

    def test_fifty_visits_cost_as_many_queries_as_one(self):
        branch = BranchFactory()
        crew = team(branch)
        for _ in range(2):
            late_visit(case=case_to_visit(branch=branch, now=SEVEN_PM), crew=crew)
        with CaptureQueriesContext(connection) as two:
            watch_overruns(now=NINE)
        for _ in range(10):
            late_visit(case=case_to_visit(branch=branch, now=SEVEN_PM), crew=crew)

        with CaptureQueriesContext(connection) as twelve:
            watch_overruns(now=NINE)

        assert len(twelve) == len(two)
        assert Overrun.objects.count() == 12

    def test_the_tick_runs_it_once_a_slot(self, monkeypatch):
        late_visit()
        monkeypatch.setattr("django.utils.timezone.now", lambda: NINE)

        tasks.watch_overruns.apply(throw=True)
        tasks.watch_overruns.apply(throw=True)

        assert JobRun.objects.get(name="watch overruns").result == "2 alerts, 1 overruns"

    def test_two_watches_at_once_write_everything_once(self, committed_db):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('zoufang.now', %s, false)", [SEVEN_PM.isoformat()])
        for _ in range(3):
            late_visit()

        answers = at_once(range(4), lambda _: watch_overruns(now=NINE))

        assert sum(isinstance(answer, Exception) for answer in answers) == 0
        assert (Overrun.objects.count(), OverrunAlert.objects.count()) == (3, 6)


class TestTheEnd:
    def test_at_nine_a_check_out_is_too_late_whether_a_tick_saw_it_or_not(self):
        visit = late_visit()

        check_out(visit, now=NINE)

        overrun = Overrun.objects.get(visit=visit)
        assert (overrun.at, overrun.noticed_at) == (NINE, NINE)
        assert (overrun.end.how, overrun.end.ended_at) == ("CHECKED_OUT", NINE)
        assert Visit.objects.get().status == Status.DONE

    def test_a_microsecond_before_it_is_in_time(self):
        check_out(late_visit(), now=NINE - MICROSECOND)

        assert not Overrun.objects.exists()

    def test_breaking_off_ends_it_too(self):
        abort(late_visit(), kind=AbortReason.ASKED_TO_LEAVE, now=NINE + timedelta(minutes=5))

        assert EndOfOverrun.objects.get().how == "ABORTED"

    def test_a_phone_that_was_off_line_keeps_its_word_and_the_overrun_stays(self):
        """Left at five to nine by a clock ten seconds fast; told at twenty to ten."""
        visit = late_visit()
        watch_overruns(now=NINE)
        by, told = members(visit)[0], NINE + timedelta(minutes=40)
        left = NINE - timedelta(minutes=5)
        ten_fast = timedelta(seconds=10)
        sent = sent_by(by, at=left, device_at=told + ten_fast)

        life.check_out(visit, sent=sent, fix=None, by=by, now=told)

        report, end = CheckOut.objects.get(), EndOfOverrun.objects.get()
        assert (report.received_at, report.client_at, report.clock_offset) == (told, left, ten_fast)
        assert (end.ended_at, end.told_at, end.effective_at) == (told, left, left - ten_fast)
        assert end.in_time_by_the_phone
        assert Overrun.objects.get().at == NINE

    def test_a_phone_that_says_itself_that_it_was_late_is_not_in_time(self):
        check_out(late_visit(), now=NINE + timedelta(minutes=1))

        assert not EndOfOverrun.objects.get().in_time_by_the_phone

    def test_telling_is_no_contact_it_is_taken_at_any_hour(self, database_clock):
        visit = late_visit()
        night = NINE + timedelta(hours=3)
        database_clock(night)

        check_out(visit, now=night)
        record(visit, result=Result.HARDSHIP, now=night)

        assert Visit.objects.get().status == Status.DONE

    def test_sent_again_it_is_one_end(self):
        visit, reference = late_visit(), uuid4()

        check_out(visit, reference=reference, now=NINE + timedelta(minutes=1))
        again = life.check_out(
            visit,
            sent=sent_by(members(visit)[0], at=NINE + timedelta(minutes=1), reference=reference),
            fix=None,
            by=members(visit)[0],
            now=NINE + timedelta(minutes=9),
        )

        assert again == CheckOut.objects.get()
        assert EndOfOverrun.objects.get().ended_at == NINE + timedelta(minutes=1)

    def test_a_visit_checked_out_while_the_tick_counted_says_so(self):
        """The tick saw it under way at nine; the check-out had reached the server before."""
        visit = late_visit()
        watch_overruns(now=NINE)

        check_out(visit, now=NINE - MICROSECOND)

        end = EndOfOverrun.objects.get()
        assert end.ended_at < end.overrun.at


class TestTheWalls:
    def test_nothing_is_noticed_before_it_is_due(self):
        visit, early = late_visit(), {"noticed_at": NINE - MICROSECOND}

        with pytest.raises(IntegrityError, match="overrun_is_not_early"), transaction.atomic():
            Overrun.objects.create(visit=visit, at=NINE, **early)
        with pytest.raises(IntegrityError, match="alert_is_not_early"), transaction.atomic():
            OverrunAlert.objects.create(visit=visit, level="NOW", due_at=NINE, **early)

    def test_there_is_one_alert_of_a_level_and_one_overrun(self):
        visit = late_visit()
        watch_overruns(now=NINE)

        with pytest.raises(IntegrityError), transaction.atomic():
            OverrunAlert.objects.create(visit=visit, level="SOON", due_at=SOON, noticed_at=NINE)
        with pytest.raises(IntegrityError), transaction.atomic():
            Overrun.objects.create(visit=visit, at=NINE, noticed_at=NINE)


class TestOnThePhone:
    @pytest.fixture
    def phone(self, monkeypatch):
        """`phone(visit, now)`: the visit as its team's phone is shown it."""
        visit = late_visit()
        DeviceFactory(user=members(visit)[0], token="here", enrolled_at=SEVEN_PM)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION="Device here")

        def show(now):
            monkeypatch.setattr("django.utils.timezone.now", lambda: now)
            return client.get(reverse("visit", args=[visit.pk])).data

        return show

    @pytest.mark.parametrize(
        ("now", "level"),
        [
            (SOON - MICROSECOND, None),
            (SOON, "SOON"),
            (NOW - MICROSECOND, "SOON"),
            (NOW, "NOW"),
            (NINE - MICROSECOND, "NOW"),
            (NINE, "OVER"),
            (NINE + timedelta(hours=1), "OVER"),
        ],
    )
    def test_it_is_told_without_any_tick(self, phone, now, level):
        shown = phone(now)

        assert shown["must_end_by"] == "2026-11-20T21:00:00+08:00"
        assert (shown["alert"] and shown["alert"]["level"]) == level

    def test_in_words(self, phone):
        with translation.override("zh-hans"):
            assert phone(NOW)["alert"]["text"] == str(ALERT_NOW)

    def test_a_visit_that_is_over_is_silent(self, phone):
        check_out(Visit.objects.get(), now=SOON)

        assert phone(NINE)["alert"] is None


def test_a_dispute_told_after_nine_still_stops_contact():
    visit = late_visit()
    check_out(visit, now=NINE - MICROSECOND)

    record(visit, result=Result.DISPUTE, now=NINE + timedelta(hours=1))

    assert visit.customer.restrictions.get().kind == RestrictionKind.DISPUTE

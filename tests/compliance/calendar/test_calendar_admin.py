from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models.staff import Role
from accounts.roles import apply_role, make_role_groups
from compliance.calendar.loading import load_holidays
from compliance.models import Holiday, HolidayYear
from tests.accounts.factories import UserFactory

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
ADD = "admin:compliance_holiday_add"
CHANGE = "admin:compliance_holiday_change"
LIST = "admin:compliance_holiday_changelist"
YEARS = "admin:compliance_holidayyear_changelist"

FESTIVAL = {
    "country": "CN",
    "subdivision": "NM",
    "date": "2026-07-22",
    "kind": "HOLIDAY",
    "name_zh": "那达慕大会",
    "name_en": "Nadam",
}
STRUCK = {"kind": "ORDINARY", "name_zh": "不放假", "name_en": "No holiday"}


@pytest.fixture
def loaded(db):
    make_role_groups()
    by = UserFactory(role=Role.ADMINISTRATOR)
    load_holidays(countries=["CN"], years=[2026, 2027], by=by, now=NOW)


def browser_of(role):
    user = UserFactory(role=role)
    apply_role(user)
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def officer(loaded):
    return browser_of(Role.COMPLIANCE_OFFICER)


def labour_day():
    return Holiday.objects.get(date=date(2026, 5, 1))


def test_an_officer_enters_a_local_festival(officer):
    answer = officer.post(reverse(ADD), FESTIVAL)

    row = Holiday.objects.get(subdivision="NM")
    assert answer.status_code == 302
    assert (row.source, row.entered_by, row.name_zh) == ("ENTERED", officer.user, "那达慕大会")
    assert row.entered_at is not None


def test_an_officer_corrects_a_day_and_is_remembered(officer):
    row = labour_day()

    # Neither where and when it is nor where it comes from can be posted.
    answer = officer.post(
        reverse(CHANGE, args=[row.pk]),
        {**STRUCK, "date": "2026-05-20", "country": "US", "source": "OFFICIAL", "entered_by": "1"},
    )

    row = labour_day()
    assert answer.status_code == 302
    assert (row.kind, row.country, row.source, row.entered_by) == ("ORDINARY", "CN", "ENTERED", officer.user)
    assert row.package_version == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"date": "2026-05-01", "subdivision": ""},  # is in the calendar already
        {"subdivision": "n m"},
        {"country": "FR"},
        {"kind": "SOMETHING"},
        {"kind": "WORKDAY", "is_spring_festival_core": "on"},
        {"name_zh": ""},
    ],
)
def test_a_mistake_is_told_in_the_form(officer, changes):
    before = Holiday.objects.count()

    answer = officer.post(reverse(ADD), {**FESTIVAL, **changes})

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert Holiday.objects.count() == before


def test_an_officer_vouches_for_a_year(officer):
    year = HolidayYear.objects.get(year=2027)

    officer.post(reverse(YEARS), {"action": "confirm", "_selected_action": [year.pk]})

    year.refresh_from_db()
    assert (year.status, year.confirmed_by) == ("OFFICIAL", officer.user)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_others_look_and_change_nothing(loaded, role):
    browser, row, year = browser_of(role), labour_day(), HolidayYear.objects.get(year=2027)
    before = [*Holiday.objects.order_by("pk").values(), *HolidayYear.objects.order_by("pk").values()]

    answers = [
        browser.get(reverse(LIST)).status_code,
        browser.get(reverse(CHANGE, args=[row.pk])).status_code,
        browser.get(reverse(YEARS)).status_code,
        browser.post(reverse(ADD), FESTIVAL).status_code,
        browser.post(reverse(CHANGE, args=[row.pk]), STRUCK).status_code,
    ]
    browser.post(reverse(YEARS), {"action": "confirm", "_selected_action": [year.pk]})

    assert answers == [200, 200, 200, 403, 403]
    assert [*Holiday.objects.order_by("pk").values(), *HolidayYear.objects.order_by("pk").values()] == before


@pytest.mark.parametrize("role", [Role.COMPLIANCE_OFFICER, Role.ADMINISTRATOR])
def test_nobody_deletes_a_day(loaded, role):
    row = labour_day()

    answer = browser_of(role).post(reverse("admin:compliance_holiday_delete", args=[row.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert Holiday.objects.filter(pk=row.pk).exists()


def test_the_list_takes_few_queries(officer, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        page = officer.get(reverse(LIST), {"country__exact": "CN", "date__year": "2026"})

    assert "劳动节" in page.content.decode()


# The desk


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def test_the_desk_says_that_next_year_is_a_guess(officer, today):
    page = officer.get(reverse("desk")).content.decode()

    assert "calendar-notices" in page
    assert "is-missing" not in page
    assert reverse(YEARS) in page


def test_the_desk_is_silent_when_all_is_certain(officer, today):
    year = HolidayYear.objects.get(year=2027)
    officer.post(reverse(YEARS), {"action": "confirm", "_selected_action": [year.pk]})

    assert "calendar-notices" not in officer.get(reverse("desk")).content.decode()


def test_the_desk_says_louder_that_a_year_is_missing(officer, today):
    HolidayYear.objects.all().delete()

    assert officer.get(reverse("desk")).content.decode().count("is-missing") == 2

import pytest

from compliance.models import HolidayYear


@pytest.fixture(autouse=True)
def nothing_loaded(request):
    """These tests begin with an empty calendar, as a new installation does."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        HolidayYear.objects.all().delete()
